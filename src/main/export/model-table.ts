// All runs as one table: a row a model, with what it was trained with and what came of it. Names are those of run.json.
import { BYTE_ORDER_MARK, csvText, type CsvCell } from '@shared/csv'
import { lastSegment } from '@shared/devices'
import { hyperparameterKeys } from '@shared/hyperparameters'
import type { RunFile, RunState } from '@shared/run'
import type { RunNotes } from '@shared/run-notes'
import { plainValue, trainedModels, type TrainedModel } from './models-of-run'

export interface TableRun extends RunNotes {
  file: RunFile
  state: RunState
}

interface Row {
  run: TableRun
  model: TrainedModel
}

/** Losses are those of the model's last complete epoch; `seconds`: training time of the whole run, all its models together. */
const columns: Readonly<Record<string, (row: Row) => CsvCell>> = {
  run: ({ run }) => run.file.id,
  name: ({ run }) => run.file.experiment.name,
  createdAt: ({ run }) => run.file.createdAt,
  endedAt: ({ run }) => run.file.endedAt,
  state: ({ run }) => run.state,
  preset: ({ run }) => run.file.experiment.preset,
  dataset: ({ run }) => run.file.dataset.name,
  varied: ({ run }) => run.file.experiment.varied.key,
  value: ({ run, model }) => plainValue(model, run.file.experiment.varied.key),
  model: ({ model }) => model.id,
  seed: ({ model }) => model.seed,
  ...Object.fromEntries(hyperparameterKeys.map((key) => [key, ({ model }: Row) => plainValue(model, key)])),
  epochsDone: ({ model }) => model.epochsDone,
  parameters: ({ model }) => model.parameters,
  trainLoss: ({ model }) => lastOf(model, 'trainLoss'),
  valLoss: ({ model }) => lastOf(model, 'valLoss'),
  bce: ({ model }) => model.metrics?.bce ?? null,
  mse: ({ model }) => model.metrics?.mse ?? null,
  psnr: ({ model }) => model.metrics?.psnr ?? null,
  ssim: ({ model }) => model.metrics?.ssim ?? null,
  gapClosed: ({ model }) => model.metrics?.gapClosed ?? null,
  device: ({ run }) => run.file.device,
  hardware: ({ run }) => lastSegment(run.file).hardware,
  seconds: ({ run }) => run.file.seconds,
  tags: ({ run }) => run.tags.join(' '),
  note: ({ run }) => run.note
}

/** One object a model, its keys in the order of the table's columns. */
export function modelRecords(run: TableRun): Record<string, CsvCell>[] {
  return trainedModels(run.file).map((model) =>
    Object.fromEntries(Object.entries(columns).map(([name, of]) => [name, of({ run, model })]))
  )
}

/** The same of all runs as CSV (csv.ts), in UTF-8 with a byte order mark: names of runs are in any script. */
export function modelsCsv(runs: readonly TableRun[]): string {
  const names = Object.keys(columns)
  return BYTE_ORDER_MARK + csvText(names, runs.flatMap(modelRecords).map((record) => names.map((name) => record[name] ?? null))) // prettier-ignore
}

function lastOf({ history, epochsDone }: TrainedModel, name: 'trainLoss' | 'valLoss'): number | null {
  return history[name][epochsDone - 1] ?? null
}
