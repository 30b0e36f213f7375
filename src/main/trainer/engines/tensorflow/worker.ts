// Entry of the thread that trains with TensorFlow, built to out/main/tensorflow-worker.js.
import { openSession } from './session'
import { serveSession } from './session-thread'

serveSession(openSession)
