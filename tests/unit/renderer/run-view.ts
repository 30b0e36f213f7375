// A run as a view opens it, for the tests of stores and components: two models, so many epochs.
import type { EpochEnded } from '@shared/contract'
import { epochsOf, modelsOf, presets, type Experiment } from '@shared/experiment'
import { codeUnits } from '@shared/model'
import { epochsDone, isUnmeasured, RUN_FORMAT, type RunFile, type RunSummary, type RunView } from '@shared/run'
import { seriesOf } from '@shared/series'

export const bounds = { perfectCopy: 0.05, meanDigit: 0.25, pcaMse: null }
const dataset = {
  name: 'mnist',
  title: 'MNIST',
  licence: '',
  citation: '',
  sha256: '',
  trainCount: 60_000,
  testCount: 10_000
}
const cpu = { device: 'cpu', title: 'CPU', hardware: 'CPU · 2 threads', firstEpoch: 1, why: '', error: null }
const two: Experiment = { ...presets.article, name: 'A run', varied: { key: 'latentDim', values: [2, 32] } }

export function runView(
  epochs: number,
  changes: Partial<RunView> = {},
  id = 'one',
  experiment: Experiment = two
): RunView {
  const losses = (start: number) => Array.from({ length: epochs }, (_, index) => start - 0.01 * index)
  const file: RunFile = {
    format: RUN_FORMAT,
    id,
    experiment,
    device: 'cpu',
    segments: [cpu],
    status: 'running',
    models: modelsOf(experiment, 28 * 28).map(({ id, rank, seed, layers }, index) => {
      const start = 0.25 - 0.05 * index
      const history = { trainLoss: losses(start), valLoss: losses(start), valMse: losses(start / 4) }
      return { id, name: id, rank, seed, latentDim: codeUnits(layers), parameters: 1, history, metrics: null }
    }),
    seconds: 62,
    createdAt: '2026-01-02T03:04:05.000Z',
    endedAt: null,
    error: null,
    dataset: { ...dataset, rows: 28, columns: 28 },
    bounds,
    versions: {}
  }
  return { state: 'running', progress: null, owner: null, file, ...changes }
}

export function summaryOf({ file, state }: RunView, changes: Partial<RunSummary> = {}): RunSummary {
  return {
    id: file.id,
    name: file.experiment.name,
    state,
    createdAt: file.createdAt,
    epochsDone: epochsDone(file),
    epochs: epochsOf(file.experiment),
    device: file.device,
    dataset: file.experiment.dataset,
    measured: !isUnmeasured(file),
    varied: file.experiment.varied.key,
    series: seriesOf(file).map(({ short }) => short),
    gapClosed: [],
    diverged: [],
    error: file.error,
    tags: [],
    note: '',
    terms: [],
    ...changes
  }
}

export function epochEnded(epoch: number, id = 'one'): EpochEnded {
  const digits = new Uint8Array(2 * 20 * 784).fill(epoch)
  return { id, epoch, trainLoss: [0.2, 0.1], valLoss: [0.21, 0.11], valMse: [0.05, 0.02], digits, seconds: 2 * epoch }
}
