// Entry of the thread that trains with TensorFlow, built to out/main/tensorflow-worker.js.
import { serveTraining } from '../training-thread'
import { asLabError } from './tensorflow'
import { openTraining } from './training'

serveTraining(openTraining, asLabError)
