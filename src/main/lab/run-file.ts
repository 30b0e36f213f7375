// How a run.json begins and what each event of the training makes of it. Pure: every function answers a new file.
import { latentDimsOf, parameterCount, type EngineName, type Experiment } from '@shared/experiment'
import { gapClosed } from '@shared/metrics'
import { epochsDone, type DatasetInfo, type RunFile, type RunModel, type RunState, type RunSummary } from '@shared/run'
import type { LabErrorData } from '@shared/errors'
import { modelSpecs } from '../trainer/model-specs'
import type { EpochLosses, TrainerEvent } from '../trainer/messages'

type Started = Extract<TrainerEvent, { type: 'started' }>
type Ended = Extract<TrainerEvent, { type: 'ended' }>

export interface NewRun {
  id: string
  experiment: Experiment
  engine: EngineName
  device: string
  dataset: DatasetInfo
  versions: Record<string, string>
}

/** A run before its first epoch. Its bounds are no numbers until the trainer has computed them, a moment after it begins. */
export function newRunFile({ id, experiment, engine, device, dataset, versions }: NewRun): RunFile {
  return {
    format: 1,
    id,
    experiment,
    engine,
    device,
    hardware: '',
    status: 'running',
    models: modelSpecs(experiment).map(({ name, latentDim }) => ({
      name,
      latentDim,
      parameters: parameterCount(latentDim),
      history: { trainLoss: [], valLoss: [], valMse: [] },
      metrics: null
    })),
    seconds: 0,
    createdAt: new Date().toISOString(),
    endedAt: null,
    error: null,
    dataset,
    bounds: { perfectCopy: NaN, meanDigit: NaN, pcaMse: null },
    versions
  }
}

/** The run as it trains on, with what the trainer knows of the data and the epochs that its checkpoint holds. */
export function withStart(file: RunFile, { dataset, bounds, history, seconds, device }: Started): RunFile {
  const hardware = [device.title, device.detail].filter(Boolean).join(', ')
  const versions = { ...file.versions, [file.engine]: device.runtimeVersion }
  const facts = { dataset, bounds: { ...bounds, pcaMse: file.bounds.pcaMse }, hardware, versions }
  const begun: RunFile = { ...file, ...facts, status: 'running', endedAt: null, error: null, seconds }
  const empty = { trainLoss: [], valLoss: [], valMse: [] }
  const models = file.models.map((model) => ({ ...model, history: empty, metrics: null }))
  return history.reduce<RunFile>((so, losses, index) => withEpoch(so, index + 1, losses, seconds), { ...begun, models })
}

/** The run after `epoch`, counted from 1; one that is there already is replaced. */
export function withEpoch(file: RunFile, epoch: number, losses: EpochLosses, seconds: number): RunFile {
  const models = file.models.map((model, index): RunModel => {
    const set = (values: (number | null)[], added: number[]) => [...values.slice(0, epoch - 1), added[index] ?? null]
    const { trainLoss, valLoss, valMse } = model.history
    const [bce, mse] = [losses.valLoss[index] ?? NaN, losses.valMse[index] ?? NaN]
    return {
      ...model,
      history: {
        trainLoss: set(trainLoss, losses.trainLoss),
        valLoss: set(valLoss, losses.valLoss),
        valMse: set(valMse, losses.valMse)
      },
      metrics: { bce, mse, psnr: null, ssim: null, gapClosed: gapClosed(bce, file.bounds) }
    }
  })
  return { ...file, models, seconds }
}

/** The run at its end, with the quality of its last complete epoch. */
export function withEnd(file: RunFile, { status, quality, pcaMse, seconds }: Ended): RunFile {
  const models = file.models.map((model, index) => {
    if (!model.metrics || !quality) return model
    const [psnr, ssim] = [quality.psnr[index] ?? null, quality.ssim[index] ?? null]
    return { ...model, metrics: { ...model.metrics, psnr, ssim } }
  })
  const ended = { ...file, status, models, seconds, endedAt: new Date().toISOString() }
  return pcaMse ? withBaseline(ended, pcaMse) : ended
}

export function withBaseline(file: RunFile, pcaMse: number[]): RunFile {
  return { ...file, bounds: { ...file.bounds, pcaMse } }
}

export function withName(file: RunFile, name: string): RunFile {
  return { ...file, experiment: { ...file.experiment, name } }
}

export function withFailure(file: RunFile, error: LabErrorData): RunFile {
  return { ...file, status: 'failed', error, endedAt: new Date().toISOString() }
}

/** The run's line in the list. */
export function summaryOf(file: RunFile, state: RunState): RunSummary {
  return {
    id: file.id,
    name: file.experiment.name,
    state,
    createdAt: file.createdAt,
    epochsDone: epochsDone(file),
    epochs: file.experiment.epochs,
    device: file.device,
    latentDims: latentDimsOf(file.experiment),
    gapClosed: file.models.flatMap((model) => (model.metrics ? [model.metrics.gapClosed] : [])),
    error: file.error
  }
}
