// Entry of the analysis process, built to out/main/analysis-process.js: one job at low priority, then it ends.
import { analysedSeeds, type Analysis } from '@shared/analysis'
import { toLabErrorData } from '@shared/errors'
import { loadDataset } from '../data/datasets'
import { availableThreads } from '../system/processor'
import { parentPort } from '../system/parent-port'
import { niceness, yieldToOthers } from '../system/yield-to-others'
import { ofSeeds, openModels, readModels } from './analysed-models'
import { claimsOf, type OnStep } from './claims'
import { codesOf } from './codes'
import { layoutOf } from './code-layout'
import type { AnalysisCommand, AnalysisEvent, AnalysisJob } from './messages'

const PROGRESS_MILLISECONDS = 250

const port = parentPort<AnalysisCommand, AnalysisEvent>()
port.onClose(() => process.exit(0)) // nobody is left to analyse for
port.onCommand(({ job }) => void answer(job))
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined) // the lab ends it

async function answer(job: AnalysisJob): Promise<void> {
  try {
    yieldToOthers(niceness.analysis)
    port.send({ type: 'analysed', analysis: await analyse(job) })
  } catch (error) {
    port.send({ type: 'failed', error: toLabErrorData(error) })
  }
  await port.flush()
  process.exit(0)
}

async function analyse(job: AnalysisJob): Promise<Analysis> {
  const { experiment } = job
  let said = -Infinity
  const onStep: OnStep = (step, share) => {
    if (performance.now() - said < PROGRESS_MILLISECONDS) return
    said = performance.now()
    port.send({ type: 'progress', step, share })
  }
  onStep('images and weights', 0)
  const dataset = await loadDataset(experiment.dataset, job.dataFolder)
  const models = await readModels(job, dataset)
  const threads = availableThreads()
  if (job.kind === 'umap') return layoutOf(models, job.model, dataset, threads, onStep)
  if (job.kind === 'codes')
    return codesOf(experiment, ofSeeds(models, analysedSeeds(experiment)), dataset, threads, onStep)
  const atWork = await openModels(models, dataset.train, threads)
  return claimsOf(experiment, models, atWork, dataset, onStep)
}
