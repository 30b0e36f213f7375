// Entry of a thread, built to out/main/onnxruntime-worker.js, that trains one group on the CPU or does all GPU work.
import { parentPort, workerData } from 'node:worker_threads'
import { serveTraining } from '../training-thread'
import { serveGpu } from './gpu/gpu-worker'
import { openGroups } from './group'
import { asLabError } from './session'

if (parentPort && workerData === 'gpu') serveGpu(parentPort)
else serveTraining(openGroups, asLabError)
