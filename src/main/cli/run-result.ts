// How a run that has ended is printed: a table of its models, and where its files are.
import type { LabErrorData } from '@shared/errors'
import { formatCount, formatDecimals, formatLoss, formatPercent } from '@shared/format'
import type { RunFile, RunModel } from '@shared/run'
import { formatTable, type Column } from './table'

const columns: Column<RunModel>[] = [
  { title: 'model', align: 'left', text: (model) => model.id },
  { title: 'parameters', align: 'right', text: (model) => formatCount(model.parameters) },
  { title: 'BCE', align: 'right', text: (model) => formatLoss(model.metrics?.bce) },
  { title: 'MSE', align: 'right', text: (model) => formatDecimals(model.metrics?.mse, 5) },
  { title: 'PSNR (dB)', align: 'right', text: (model) => formatDecimals(model.metrics?.psnr, 2) },
  { title: 'SSIM', align: 'right', text: (model) => formatDecimals(model.metrics?.ssim, 4) },
  { title: 'gap closed', align: 'right', text: (model) => formatPercent(model.metrics?.gapClosed) }
]

/** The figures over all test images, one line a model. */
export function resultTable(file: RunFile): string {
  return formatTable(columns, file.models)
}

/** The last line of `--json`, with why the run or its report failed if one did. */
export function finishedLine(file: RunFile, folder: string, error: LabErrorData | null): object {
  const models = file.models.map(({ history: _, ...model }) => model)
  const { status, id, seconds, device } = file
  return { event: 'finished', status, id, folder, device, seconds, models, ...(error && { error }) }
}
