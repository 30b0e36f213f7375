// How a run that has ended is printed: a table of its models, and where its files are.
import { parameterCount } from '@shared/experiment'
import { formatCount, formatDecimals, formatLoss } from '@shared/format'
import type { RunFile, RunModel } from '@shared/run'
import { formatTable, type Column } from './table'

const columns: Column<RunModel>[] = [
  { title: 'd', align: 'right', text: (model) => String(model.latentDim) },
  { title: 'parameters', align: 'right', text: (model) => formatCount(parameterCount(model.latentDim)) },
  { title: 'BCE', align: 'right', text: (model) => formatLoss(model.metrics?.bce) },
  { title: 'MSE', align: 'right', text: (model) => formatDecimals(model.metrics?.mse, 5) },
  { title: 'PSNR (dB)', align: 'right', text: (model) => formatDecimals(model.metrics?.psnr, 2) },
  { title: 'SSIM', align: 'right', text: (model) => formatDecimals(model.metrics?.ssim, 4) },
  { title: 'gap closed', align: 'right', text: (model) => share(model.metrics?.gapClosed) }
]

/** A share from 0 to 1 in per cent. */
export function share(value: number | undefined): string {
  return value === undefined ? formatDecimals(value, 1) : `${formatDecimals(100 * value, 1)} %`
}

/** The figures over all test images, one line a model. */
export function resultTable(file: RunFile): string {
  return formatTable(columns, file.models)
}

/** The last line of `--json`. */
export function finishedLine(file: RunFile, folder: string): object {
  const models = file.models.map(({ name, latentDim, parameters, metrics }) => ({
    name,
    latentDim,
    parameters,
    metrics
  }))
  return { event: 'finished', status: file.status, id: file.id, folder, seconds: file.seconds, models }
}
