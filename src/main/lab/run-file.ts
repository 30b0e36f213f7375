// How a run.json begins and what each event of the training makes of it. Pure: every function answers a new file.
import { devicesOf, hardwareOf, isSamePlace } from '@shared/devices'
import { latentDimsOf, parameterCount, type Experiment } from '@shared/experiment'
import { gapClosed } from '@shared/metrics'
import {
  epochsDone,
  type DatasetInfo,
  type DevicePart,
  type RunFile,
  type RunModel,
  type RunState,
  type RunSummary,
  type Turns
} from '@shared/run'
import type { LabErrorData } from '@shared/errors'
import type { ChosenDevice } from './device-list'
import { modelSpecs } from '../trainer/model-specs'
import type { EpochLosses, TrainerEvent } from '../trainer/messages'

type Started = Extract<TrainerEvent, { type: 'started' }>
type Ended = Extract<TrainerEvent, { type: 'ended' }>

export interface NewRun {
  id: string
  experiment: Experiment
  place: ChosenDevice
  dataset: DatasetInfo
  versions: Record<string, string>
}

/** A run before its first epoch. Its bounds are no numbers until the trainer has computed them, a moment after it begins. */
export function newRunFile({ id, experiment, place, dataset, versions }: NewRun): RunFile {
  return {
    format: 1,
    id,
    experiment,
    engine: place.engine,
    device: place.device,
    hardware: '',
    devices: [{ ...place, firstEpoch: 1, error: null }],
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
export function withStart(file: RunFile, { dataset, bounds, history, seconds, device, turns }: Started): RunFile {
  const hardware = hardwareOf(device)
  const versions = { ...file.versions, [file.engine]: device.runtimeVersion }
  const devices = withTurns(withFirstEpoch(file, history.length + 1), turns, history.length + 1)
  const facts = { dataset, bounds: { ...bounds, pcaMse: file.bounds.pcaMse }, hardware, devices, versions }
  const begun: RunFile = { ...file, ...facts, status: 'running', endedAt: null, error: null, seconds }
  const empty = { trainLoss: [], valLoss: [], valMse: [] }
  const models = file.models.map((model) => ({ ...model, history: empty, metrics: null }))
  return history.reduce<RunFile>((so, losses, index) => withEpoch(so, index + 1, losses, seconds), { ...begun, models })
}

/** A device to which the run has just gone begins where the checkpoint ends, which may be an epoch further than run.json. */
function withFirstEpoch(file: RunFile, firstEpoch: number): DevicePart[] {
  const begun = epochsDone(file)
  return devicesOf(file).map((part, index) => (index > 0 && part.firstEpoch > begun ? { ...part, firstEpoch } : part))
}

/** A part that has trained epochs in other turns ends with them: products of other shapes are rounded otherwise. */
function withTurns(parts: DevicePart[], turns: Turns | null, firstEpoch: number): DevicePart[] {
  const last = parts[parts.length - 1]
  if (!last) return parts
  const isSame = (part: DevicePart) => JSON.stringify(part.turns) === JSON.stringify(turns)
  if (last.turns !== undefined && last.firstEpoch < firstEpoch) {
    return isSame(last) ? parts : [...parts, { ...last, turns, firstEpoch, error: null }]
  }
  const before = parts[parts.length - 2] // no epoch was trained since: it may go on as it was
  const goesOn = before !== undefined && isSamePlace(before, last) && isSame(before)
  return goesOn ? parts.slice(0, -1) : [...parts.slice(0, -1), { ...last, turns }]
}

/** The run as it goes on at `place`: a further part, unless it is there already. */
export function withPlace(file: RunFile, place: ChosenDevice): RunFile {
  const { engine, device } = place
  if (isSamePlace(place, file)) return file
  const devices = [...devicesOf(file), { ...place, firstEpoch: epochsDone(file) + 1, error: null }]
  return { ...file, engine, device, hardware: place.hardware, devices }
}

/** The run whose device has failed with `error`, and which goes on elsewhere. */
export function withLostDevice(file: RunFile, error: LabErrorData): RunFile {
  const parts = devicesOf(file)
  return { ...file, devices: parts.map((part, index) => (index === parts.length - 1 ? { ...part, error } : part)) }
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
    engine: file.engine,
    device: file.device,
    latentDims: latentDimsOf(file.experiment),
    gapClosed: file.models.flatMap((model) => (model.metrics ? [model.metrics.gapClosed] : [])),
    error: file.error
  }
}
