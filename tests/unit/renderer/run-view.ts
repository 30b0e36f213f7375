// A run as a view opens it, for the tests of stores and components: two models, so many epochs.
import type { EpochEnded } from '@shared/contract'
import { presets } from '@shared/experiment'
import type { RunSummary, RunView } from '@shared/run'

export const bounds = { perfectCopy: 0.05, meanDigit: 0.25, pcaMse: null }

export function runView(epochs: number, changes: Partial<RunView> = {}, id = 'one'): RunView {
  const losses = (start: number) => Array.from({ length: epochs }, (_, index) => start - 0.01 * index)
  const model = (latentDim: number, start: number) => ({
    name: `d=${latentDim}`,
    latentDim,
    parameters: 1,
    history: { trainLoss: losses(start), valLoss: losses(start), valMse: losses(start / 4) },
    metrics: null
  })
  const experiment = {
    ...presets.article,
    name: 'A run',
    varied: { hyperparameter: 'latentDim' as const, values: [2, 32] }
  }
  return {
    state: 'running',
    progress: null,
    file: {
      format: 1,
      id,
      experiment,
      engine: 'onnxruntime',
      device: 'cpu',
      hardware: 'CPU · 2 threads, a processor',
      status: 'running',
      models: [model(2, 0.25), model(32, 0.2)],
      seconds: 62,
      createdAt: '2026-01-02T03:04:05.000Z',
      endedAt: null,
      error: null,
      dataset: {
        name: 'mnist',
        title: 'MNIST',
        licence: '',
        citation: '',
        sha256: '',
        trainCount: 60_000,
        testCount: 10_000,
        rows: 28,
        columns: 28
      },
      bounds,
      versions: {}
    },
    ...changes
  }
}

export function summaryOf({ file, state }: RunView, changes: Partial<RunSummary> = {}): RunSummary {
  return {
    id: file.id,
    name: file.experiment.name,
    state,
    createdAt: file.createdAt,
    epochsDone: file.models[0]?.history.valLoss.length ?? 0,
    epochs: file.experiment.epochs,
    engine: file.engine,
    device: file.device,
    latentDims: [2, 32],
    gapClosed: [],
    error: file.error,
    ...changes
  }
}

export function epochEnded(epoch: number, id = 'one'): EpochEnded {
  const digits = new Uint8Array(2 * 20 * 784).fill(epoch)
  return { id, epoch, trainLoss: [0.2, 0.1], valLoss: [0.21, 0.11], valMse: [0.05, 0.02], digits }
}
