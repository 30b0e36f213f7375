// How a run.json begins and what each event of the training makes of it. Pure: every function answers a new file.
import { hardwareOf, lastSegment } from '@shared/devices'
import { epochsOf, lossOf, modelsOf, nameOfModel, type Experiment } from '@shared/experiment'
import { seriesHasDiverged } from '@shared/divergence'
import { gapShare } from '@shared/metrics'
import { codeUnits, parameterCount } from '@shared/model'
import {
  areAllTrained,
  epochsDone,
  isUnmeasured,
  RUN_FORMAT,
  type DatasetInfo,
  type KeptWeights,
  type RunFile,
  type RunModel,
  type RunState,
  type RunSummary,
  type TrainingSegment
} from '@shared/run'
import { noNotes } from '@shared/run-notes'
import { searchTerms } from '@shared/run-search'
import { seriesGapClosed, seriesOf } from '@shared/series'
import type { LabErrorData } from '@shared/errors'
import type { ChosenDevice } from './device-list'
import type { EpochLosses, TrainerEvent, WrittenWeights } from '../trainer/messages'

type Started = Extract<TrainerEvent, { type: 'started' }>
type Ended = Extract<TrainerEvent, { type: 'ended' }>
/** What a training comes to that does not fail. */
export type Outcome = Ended['status']

export interface NewRun {
  id: string
  experiment: Experiment
  device: ChosenDevice
  dataset: DatasetInfo
  versions: Record<string, string>
  /** Which epochs' weights it keeps; absent: none, by the settings. */
  weights?: KeptWeights | undefined
}

/** A run before its first epoch. Its bounds are no numbers until the trainer has computed them, a moment after it begins. */
export function newRunFile({ id, experiment, device, dataset, versions, weights }: NewRun): RunFile {
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
    epochSeconds: [],
    createdAt: new Date().toISOString(),
    endedAt: null,
    error: null,
    dataset,
    bounds: { perfectCopy: NaN, meanDigit: NaN, pcaMse: null },
    ...(weights && { weights }),
    versions
  }
}

/** The run as it trains on, with what the trainer knows of the data and the epochs that its checkpoint holds. A device that only measures is not named. */
export function withStart(file: RunFile, event: Started): RunFile {
  const { dataset, bounds, history, seconds, device } = event
  const trains = history.length < epochsOf(file.experiment)
  const segments = withFirstEpoch(file, history.length + 1).filter(
    (one, index) => trains || index === 0 || one.firstEpoch <= history.length
  )
  const before = lastSegment({ segments })
  const why = [before.why, trainedAgain(file, event)].filter(Boolean).join('; ')
  const last = trains ? { ...before, title: device.title, hardware: hardwareOf(device), why } : before
  const runtime = trains && device.runtimeVersion && { [engineOf(file.device)]: device.runtimeVersion }
  const versions = { ...file.versions, ...runtime }
  const facts = { dataset, bounds: { ...bounds, pcaMse: file.bounds.pcaMse }, versions }
  const where = { device: last.device, segments: [...segments.slice(0, -1), last] }
  const started = { ...file, ...facts, ...where, endedAt: null, error: null, seconds }
  const empty = { trainLoss: [], valLoss: [], valMse: [] }
  const models = file.models.map((model) => ({ ...model, history: empty, metrics: null }))
  const proved = Math.max(0, history.length - 1) // digits and weights of the last epoch come again
  const digitsSha256 = file.digitsSha256?.slice(0, proved)
  const weights = file.weights && { ...file.weights, sha256: file.weights.sha256.slice(0, proved) }
  const times = file.epochSeconds && { epochSeconds: file.epochSeconds.slice(0, history.length) }
  const parts = { digitsSha256, ...(weights && { weights }), ...times }
  const beforeFirst: RunFile = { ...started, status: 'running', models, ...parts }
  return history.reduce<RunFile>((so, losses, index) => withLosses(so, index + 1, losses), beforeFirst)
}

/** That the last checkpoint has cost an epoch, in words; empty where it was whole, or a crash came between it and the one before. */
function trainedAgain(file: RunFile, { lost, history }: Started): string {
  const isCutOff = lost?.kind === 'not-found' && history.length >= epochsDone(file)
  if (!lost || isCutOff) return ''
  return `epoch ${history.length + 1} was trained again, since its checkpoint could not be read`
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

/** The run as it continues on a device: a further segment, unless it is there already, or is only to be measured. */
export function withDevice(file: RunFile, chosen: ChosenDevice): RunFile {
  if (chosen.device === file.device || areAllTrained(file)) return file
  const segments = [...file.segments, { ...chosen, firstEpoch: epochsDone(file) + 1, error: null }]
  return { ...file, device: chosen.device, segments }
}

/** The run whose device has failed with `error`, and which goes on elsewhere; one that failed at measuring has trained all the same. */
export function withLostDevice(file: RunFile, error: LabErrorData): RunFile {
  if (areAllTrained(file)) return file
  return { ...file, segments: [...file.segments.slice(0, -1), { ...lastSegment(file), error }] }
}

/** The run after `epoch`, counted from 1, at whose end it had trained for so many seconds; one that is there already is replaced. */
export function withEpoch(file: RunFile, epoch: number, losses: EpochLosses, seconds: number): RunFile {
  const before = Array.from({ length: epoch - 1 }, (_, index) => file.epochSeconds?.[index] ?? null)
  return { ...withLosses(file, epoch, losses), seconds, epochSeconds: [...before, seconds] }
}

function withLosses(file: RunFile, epoch: number, losses: EpochLosses): RunFile {
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
        gapClosed: gapShare(loss, file.bounds)
      }
    }
  })
  return { ...file, models }
}

/** The run with the digits and weights that lie in its folder as `stored` knows them. */
export function withPartsOf({ digitsSha256, weights }: RunFile, file: RunFile): RunFile {
  return { ...file, digitsSha256, ...(weights && { weights }) }
}

/** The run whose digits of `epoch` are written, with their SHA-256. */
export function withDigits(file: RunFile, epoch: number, sha256: string): RunFile {
  const before = Array.from({ length: epoch - 1 }, (_, index) => file.digitsSha256?.[index] ?? null)
  return { ...file, digitsSha256: [...before, sha256] }
}

/** The run with what became of the weights of `epoch`, of which `written` says nothing where they are not kept. */
export function withWeights(file: RunFile, epoch: number, written: WrittenWeights | null | undefined): RunFile {
  const { weights } = file
  if (!weights || !written) return file
  const before = Array.from({ length: epoch - 1 }, (_, index) => weights.sha256[index] ?? null)
  const { sha256, problem } = written
  return { ...file, weights: { ...weights, sha256: [...before, sha256], problem: problem ?? weights.problem } }
}

/** The losses of each complete epoch, oldest first, as a trainer tells them. */
export function lossesOf(file: RunFile): EpochLosses[] {
  return Array.from({ length: epochsDone(file) }, (_, epoch) => {
    const at = (name: keyof EpochLosses) => file.models.map(({ history }) => history[name][epoch] ?? NaN)
    return { trainLoss: at('trainLoss'), valLoss: at('valLoss'), valMse: at('valMse') }
  })
}

/** The run at its end, with the quality of its last complete epoch. */
export function withEnd(file: RunFile, end: Ended, endedAt: string): RunFile {
  const { status, seconds } = end
  return { ...withQuality(file, end), status, seconds, endedAt }
}

/** The run with what its last complete epoch is worth, as far as it could be measured. */
export function withQuality(file: RunFile, { quality, pcaMse }: Pick<Ended, 'quality' | 'pcaMse'>): RunFile {
  const models = file.models.map((model, index) => {
    if (!model.metrics || !quality) return model
    const at = (values: (number | null)[]) => values[index] ?? null
    const { bce, psnr, ssim } = quality
    return { ...model, metrics: { ...model.metrics, bce: at(bce), psnr: at(psnr), ssim: at(ssim) } }
  })
  const measured = { ...file, models }
  return pcaMse ? withBaseline(measured, pcaMse) : measured
}

export function withBaseline(file: RunFile, pcaMse: number[]): RunFile {
  return { ...file, bounds: { ...file.bounds, pcaMse } }
}

export function withName(file: RunFile, name: string): RunFile {
  return { ...file, experiment: { ...file.experiment, name } }
}

export function withFailure(file: RunFile, error: LabErrorData, endedAt: string): RunFile {
  return { ...file, status: 'failed', error, endedAt }
}

/** The run that had come to its end when `error` kept what it is worth from being measured: that is null, and the run not failed. */
export function withoutQuality(file: RunFile, status: Outcome, error: LabErrorData, endedAt: string): RunFile {
  return { ...file, status, error, endedAt }
}

/** The run's line in the list, as far as run.json has it: what the user notes stands elsewhere. */
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
    dataset: experiment.dataset,
    measured: !isUnmeasured(file),
    varied: experiment.varied.key,
    series: series.map(({ short }) => short),
    gapClosed: series.flatMap((one) => seriesGapClosed(file, one) ?? []),
    diverged: series.filter((one) => seriesHasDiverged(one, file.bounds)).map(({ short }) => short),
    error,
    ...noNotes,
    terms: searchTerms(experiment)
  }
}
