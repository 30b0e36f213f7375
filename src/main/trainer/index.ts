// Entry of the trainer process, built to out/main/trainer.js: started by the lab, as a utilityProcess or by fork.
import { join } from 'node:path'
import { pcaBaseline } from './analysis'
import { createEngines } from './engines'
import { parentPort } from './parent-port'
import { runTrainer } from './run-trainer'

const workerPath = (name: string) => join(__dirname, name)

// Ctrl-C and the end of a terminal reach every process in it. The lab hears them too and decides when the trainer ends.
for (const signal of ['SIGINT', 'SIGHUP'] as const) process.on(signal, () => undefined)

runTrainer({
  port: parentPort(),
  engines: createEngines({ onnxruntimeWorker: workerPath('onnxruntime-worker.js') }),
  pcaBaseline: (request) => pcaBaseline({ ...request, workerPath: workerPath('analysis-worker.js') })
})
