// A run as it was after the epoch of an analysis, for charts that take their figures from run.json, which has those of the last.
import type { Codes } from '@shared/analysis'
import { lossOf } from '@shared/experiment'
import { gapShare } from '@shared/metrics'
import { epochsDone, type RunFile, type RunModel } from '@shared/run'

/** The run with the quality of that epoch, of the seeds that are analysed; as it stands where that is the last one's, which is measured. */
export function qualityAt(file: RunFile, codes: Codes): RunFile {
  const isMeasured = file.models.every(({ metrics }) => metrics?.psnr != null)
  if (codes.epoch === epochsDone(file) && isMeasured) return file
  return { ...file, models: file.models.flatMap((model) => modelAt(model, file, codes) ?? []) }
}

/** Losses that training measured are taken as it did: the weights of earlier epochs are rounded. */
function modelAt(model: RunModel, { experiment, bounds }: RunFile, { epoch, series }: Codes): RunModel | null {
  const own = series[model.rank]?.models.find(({ seed }) => seed === model.seed)
  if (!own) return null
  const loss = lossOf(experiment)
  const valLoss = model.history.valLoss[epoch - 1] ?? own.test[loss]
  const mse = model.history.valMse[epoch - 1] ?? own.test.mse
  const bce = loss === 'bce' ? valLoss : own.test.bce
  const { psnr, ssim } = own
  return {
    ...model,
    history: { trainLoss: [], valLoss: [valLoss], valMse: [mse] },
    metrics: { bce, mse, psnr, ssim, gapClosed: gapShare(valLoss, bounds) }
  }
}
