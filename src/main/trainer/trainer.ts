// Entry of the trainer process, built to out/main/trainer.js: started by the lab, as a utilityProcess or by fork.
import { join } from 'node:path'
import { isCurrent, loadDataset } from '../data/datasets'
import { pcaBaseline } from './pca-baseline'
import { createEngines } from './engines'
import { parentPort } from '../system/parent-port'
import { keepYoungSpaceSmall } from '../system/flat-memory'
import { niceness, yieldToOthers } from '../system/yield-to-others'
import { runTrainer } from './run-trainer'

const workerPath = (name: string) => join(__dirname, name)

// Ctrl-C, `kill -- -group` and the end of a terminal reach every process of a group. The lab hears them too and decides when
// the trainer ends: it kills by SIGKILL, and a trainer whose parent has gone ends by itself.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined)

keepYoungSpaceSmall()
yieldToOthers(niceness.training)
runTrainer({
  port: parentPort(),
  ...createEngines({ tensorflowWorker: workerPath('tensorflow-worker.js') }),
  loadDataset,
  isCurrent,
  pcaBaseline: (request) => pcaBaseline({ ...request, workerPath: workerPath('pca-worker.js') })
})
