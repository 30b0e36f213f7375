// How a run.json begins and what each event of the training makes of it. Pure: every function answers a new file.
import { hardwareOf, lastSegment } from '@shared/devices'
import { epochsOf, lossOf, modelsOf, nameOfModel, type Experiment } from '@shared/experiment'
import { gapClosed } from '@shared/metrics'
import { codeUnits, parameterCount } from '@shared/model'
import {
  epochsDone,
  RUN_FORMAT,
  type DatasetInfo,
  type RunFile,
  type RunModel,
  type RunState,
  type RunSummary,
  type TrainingSegment
} from '@shared/run'
import { seriesMetrics, seriesOf } from '@shared/series'
import type { LabErrorData } from '@shared/errors'
import type { ChosenDevice } from './device-list'
import type { EpochLosses, TrainerEvent } from '../trainer/messages'

type Started = Extract<TrainerEvent, { type: 'started' }>
type Ended = Extract<TrainerEvent, { type: 'ended' }>

export interface NewRun {
  id: string
  experiment: Experiment
  device: ChosenDevice
  dataset: DatasetInfo
  versions: Record<string, string>
}

/** A run before its first epoch. Its bounds are no numbers until the trainer has computed them, a moment after it begins. */
export function newRunFile({ id, experiment, device, dataset, versions }: NewRun): RunFile {
  return {
    format: RUN_FORMAT,
    id,
    experiment,
    device: device.device,
    segments: [{ ...device, firstEpoch: 1, error: null }],
    status: 'running',
    models: modelsOf(experiment, dataset.rows * dataset.columns).map(({ id, rank, seed, layers }) => ({
      id,
      name: nameOfModel(id),
      rank,
      seed,
      latentDim: codeUnits(layers),
      parameters: parameterCount(layers),
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
  const segments = withFirstEpoch(file, history.length + 1)
  const last = { ...lastSegment({ segments }), title: device.title, hardware: hardwareOf(device) }
  const runtime = device.runtimeVersion && { [engineOf(file.device)]: device.runtimeVersion }
  const versions = { ...file.versions, ...runtime }
  const facts = { dataset, bounds: { ...bounds, pcaMse: file.bounds.pcaMse }, versions }
  const started = { ...file, ...facts, segments: [...segments.slice(0, -1), last], endedAt: null, error: null, seconds }
  const empty = { trainLoss: [], valLoss: [], valMse: [] }
  const models = file.models.map((model) => ({ ...model, history: empty, metrics: null }))
  const beforeFirst: RunFile = { ...started, status: 'running', models }
  return history.reduce<RunFile>((so, losses, index) => withEpoch(so, index + 1, losses, seconds), beforeFirst)
}

/** `tensorflow` of `tensorflow-cpu`, whose version is noted; our own kernels have the application's. */
const engineOf = (device: string) => /^[a-z]*/.exec(device)?.[0] ?? device

/** A device to which the run has just gone begins where the checkpoint ends, which may be an epoch further than run.json. */
function withFirstEpoch(file: RunFile, firstEpoch: number): TrainingSegment[] {
  const done = epochsDone(file)
  return file.segments.map((segment, index) =>
    index > 0 && segment.firstEpoch > done ? { ...segment, firstEpoch } : segment
  )
}

/** The run as it continues on a device: a further segment, unless it is there already. */
export function withDevice(file: RunFile, chosen: ChosenDevice): RunFile {
  if (chosen.device === file.device) return file
  const segments = [...file.segments, { ...chosen, firstEpoch: epochsDone(file) + 1, error: null }]
  return { ...file, device: chosen.device, segments }
}

/** The run whose device has failed with `error`, and which goes on elsewhere. */
export function withLostDevice(file: RunFile, error: LabErrorData): RunFile {
  return { ...file, segments: [...file.segments.slice(0, -1), { ...lastSegment(file), error }] }
}

/** The run after `epoch`, counted from 1; one that is there already is replaced. */
export function withEpoch(file: RunFile, epoch: number, losses: EpochLosses, seconds: number): RunFile {
  const models = file.models.map((model, index): RunModel => {
    const set = (values: (number | null)[], added: number[]) => [...values.slice(0, epoch - 1), added[index] ?? null]
    const { trainLoss, valLoss, valMse } = model.history
    const [loss, mse] = [losses.valLoss[index] ?? NaN, losses.valMse[index] ?? NaN]
    return {
      ...model,
      history: {
        trainLoss: set(trainLoss, losses.trainLoss),
        valLoss: set(valLoss, losses.valLoss),
        valMse: set(valMse, losses.valMse)
      },
      metrics: {
        bce: lossOf(file.experiment) === 'bce' ? loss : null,
        mse,
        psnr: null,
        ssim: null,
        gapClosed: gapClosed(loss, file.bounds)
      }
    }
  })
  return { ...file, models, seconds }
}

/** The run at its end, with the quality of its last complete epoch. */
export function withEnd(file: RunFile, { status, quality, pcaMse, seconds }: Ended): RunFile {
  const models = file.models.map((model, index) => {
    if (!model.metrics || !quality) return model
    const at = (values: number[]) => values[index] ?? null
    const { bce, psnr, ssim } = quality
    return { ...model, metrics: { ...model.metrics, bce: at(bce), psnr: at(psnr), ssim: at(ssim) } }
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
  const { id, experiment, createdAt, device, error } = file
  const series = seriesOf(file)
  return {
    id,
    name: experiment.name,
    state,
    createdAt,
    epochsDone: epochsDone(file),
    epochs: epochsOf(experiment),
    device,
    series: series.map(({ short }) => short),
    gapClosed: series.flatMap((one) => seriesMetrics(file, one)?.gapClosed ?? []),
    error
  }
}
