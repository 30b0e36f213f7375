// Entry of a thread that trains one group, built to out/main/onnxruntime-worker.js.
import { serveTraining } from '../training-thread'
import { openGroup } from './group'
import { asLabError } from './session'

serveTraining(openGroup, asLabError)
