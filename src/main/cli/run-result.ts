// How a run that has ended is printed: a table of its models, and where its files are.
import { DIVERGED_REMEDY, gapText, hasDiverged } from '@shared/divergence'
import type { LabErrorData } from '@shared/errors'
import { formatCount, formatDecimals, formatLoss } from '@shared/format'
import type { RunFile, RunModel } from '@shared/run'
import { formatTable, type Column } from './table'

type Row = RunModel & { diverged: boolean }

const columns: Column<Row>[] = [
  { title: 'model', align: 'left', text: (model) => model.id },
  { title: 'parameters', align: 'right', text: (model) => formatCount(model.parameters) },
  { title: 'BCE', align: 'right', text: (model) => formatLoss(model.metrics?.bce) },
  { title: 'MSE', align: 'right', text: (model) => formatDecimals(model.metrics?.mse, 5) },
  { title: 'PSNR (dB)', align: 'right', text: (model) => formatDecimals(model.metrics?.psnr, 2) },
  { title: 'SSIM', align: 'right', text: (model) => formatDecimals(model.metrics?.ssim, 4) },
  { title: 'gap closed', align: 'right', text: (model) => gapText(model.metrics?.gapClosed, model.diverged) }
]

/** The figures over all test images, one line a model; below them what may help where one has diverged. */
export function resultTable(file: RunFile): string {
  const rows = file.models.map((model): Row => {
    const last = model.history.valLoss.slice(-1)
    return { ...model, diverged: last.some((loss) => hasDiverged(loss, file.bounds)) }
  })
  const hint = rows.some(({ diverged }) => diverged) ? `Where a model has diverged, ${DIVERGED_REMEDY}.\n` : ''
  return `${formatTable(columns, rows)}${hint}`
}

/** The last line of `--json`, with why the run or its report failed if one did. */
export function finishedLine(file: RunFile, folder: string, error: LabErrorData | null): object {
  const models = file.models.map(({ history: _, ...model }) => model)
  const { status, id, seconds, device } = file
  return { event: 'finished', status, id, folder, device, seconds, models, ...(error && { error }) }
}
