// What charts show, in words, for those who do not see them, and what stands below them.
import { factorName, factorTitles, factorValues, type FactorMetric } from '@shared/charts/factor'
import { lossOf } from '@shared/experiment'
import { formatCount, formatDecimals, formatLoss, formatPlural, NO_VALUE } from '@shared/format'
import { hyperparameters } from '@shared/hyperparameters'
import { epochsDone, type RunFile } from '@shared/run'
import { differInWidth, seriesOf, type Series } from '@shared/series'

/** `Validation BCE by epoch. d = 2: 0.2611 after epoch 1, 0.2402 after epoch 50.` */
export function lossAlt(file: RunFile, series: readonly Series[]): string {
  const epochs = epochsDone(file)
  const ends = series.map(({ label, val }) => {
    const last = `${formatLoss(val[epochs - 1])} after epoch ${formatCount(epochs)}`
    return epochs > 1 ? `${label}: ${formatLoss(val[0])} after epoch 1, ${last}` : `${label}: ${last}`
  })
  return `Validation ${lossOf(file.experiment).toUpperCase()} by epoch. ${ends.join('; ')}.`
}

/** `BCE by latent dimension. 2: 0.2402; 8: 0.1705.` */
export function qualityAlt(file: RunFile, metric: FactorMetric): string {
  const values = factorValues(file, metric)
  const decimals = { bce: 4, mse: 4, ssim: 4, psnr: 2, gapClosed: 0 }[metric]
  const text = (value: number | null | undefined) =>
    decimals === 4 ? formatLoss(value) : formatDecimals(value, decimals)
  const pairs = seriesOf(file).map(({ short }, rank) => `${short}: ${text(values[rank] ?? null)}`)
  const { label } = hyperparameters[file.experiment.varied.key]
  return `${factorTitles[metric].title} by ${label.toLowerCase()}. ${pairs.join('; ')}.`.replaceAll(
    NO_VALUE,
    'not measured'
  )
}

/** `endLabels`: whether values stand at the lines' ends. */
export function lossCaption(file: RunFile, endLabels: boolean): string {
  const loss = lossOf(file.experiment).toUpperCase()
  const ends = endLabels
    ? '; the values at the lines’ ends are validation losses'
    : '; which line is whose is told by the next figure'
  return `Loss (${loss}, mean over pixels and images) by epoch, ${formatPlural(epochsDone(file), 'epoch')}${ends}.`
}

export function qualityCaption({ experiment }: RunFile): string {
  return `Quality on the test images by ${factorName(experiment)}, after the last epoch.`
}

/** What stands below the charts of quality. */
export function qualityNote({ bounds, experiment }: RunFile): string {
  const { axis } = hyperparameters[experiment.varied.key]
  const loss = lossOf(experiment).toUpperCase()
  return [
    ...(axis === 'log' ? ['Equal steps across are equal ratios.'] : []),
    ...(experiment.seeds.length > 1
      ? ['Points are means over the seeds; the lines through them go from the least to the greatest.']
      : []),
    ...(bounds.perfectCopy > 0
      ? [
          `No ${loss} falls below ${formatLoss(bounds.perfectCopy)}, that of a perfect copy, since grey pixels cost some however well they are drawn.`
        ]
      : []),
    ...(differInWidth(experiment) && bounds.pcaMse
      ? ['PCA is the MSE that d principal components leave: models below its line do better, those above it worse.']
      : [])
  ].join(' ')
}
