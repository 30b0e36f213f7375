// losses.csv: the losses of one run, a row an epoch and model, as pandas and R want them for grouping.
import { csvText } from '@shared/csv'
import type { RunFile } from '@shared/run'
import { trainedModels } from './models-of-run'

const columns = ['epoch', 'model', 'seed', 'trainLoss', 'valLoss', 'seconds']

/**
 * CSV as csv.ts writes it, ASCII: models in the order of run.json, of each its own epochs from 1. `seconds`: training time of the run until
 * the epoch's end, empty where an older version trained it.
 */
export function lossesCsv(file: RunFile): string {
  const rows = trainedModels(file).flatMap(({ id, seed, history, epochsDone }) =>
    Array.from({ length: epochsDone }, (_, index) => {
      const at = (values: readonly (number | null)[] = []) => values[index] ?? null
      return [index + 1, id, seed, at(history.trainLoss), at(history.valLoss), at(file.epochSeconds)]
    })
  )
  return csvText(columns, rows)
}
