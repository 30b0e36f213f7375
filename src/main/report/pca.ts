// What the report says of PCA: on which images it was fitted, and which models end above or below it.
import { trainImages } from '@shared/experiment'
import { capital, formatCount, formatCountInWords, formatLoss } from '@shared/format'
import { hyperparameters } from '@shared/hyperparameters'
import type { RunFile } from '@shared/run'
import { differInWidth, seriesMetrics, seriesOf } from '@shared/series'

const MOST_NAMES = 8

/** `all 60,000 training images`, or `the first 2,000 of 60,000`: what models are trained on, bounds and PCA are computed of. */
export function imagesUsed({ experiment, dataset }: Pick<RunFile, 'experiment' | 'dataset'>): string {
  const used = trainImages(experiment)
  const all = formatCount(dataset.trainCount)
  return used < dataset.trainCount
    ? `the first ${formatCount(used)} of ${all} training images`
    : `all ${all} training images`
}

/** What PCA is, in a table's caption or a definition. */
export function pcaDefinition(file: RunFile): string {
  return `test MSE of d principal components fitted on ${imagesUsed(file)}`
}

/** Each model's value, and whether its MSE ends above PCA's (1), below (-1) or level (0), as printed; none where either was not measured. */
function comparedWithPca(file: RunFile): { name: string; sign: number }[] {
  if (!differInWidth(file.experiment)) return []
  return seriesOf(file).flatMap((series) => {
    const mse = seriesMetrics(file, series)?.mse ?? NaN
    const pca = file.bounds.pcaMse?.[series.rank] ?? NaN
    if (!Number.isFinite(mse) || !Number.isFinite(pca)) return []
    return [{ name: series.short, sign: formatLoss(mse) === formatLoss(pca) ? 0 : Math.sign(mse - pca) }]
  })
}

/** Whether any model ends worse than PCA with as many components. */
export const isAnyWorseThanPca = (file: RunFile) => comparedWithPca(file).some(({ sign }) => sign > 0)

/** Which models end below PCA in MSE and which above, as their printed figures compare; empty where either was not measured. */
export function pcaComparison(file: RunFile): string {
  const compared = comparedWithPca(file)
  const { symbol } = hyperparameters[file.experiment.varied.key]
  const clauses = [
    [-1, 'below it: better'],
    [0, 'level with it'],
    [1, 'above it: worse']
  ].flatMap(([sign, where]) => {
    const names = compared.filter((one) => one.sign === sign).map(({ name }) => name)
    if (names.length === 0) return []
    return [`${listed(names, symbol, compared.length)} end${names.length === 1 ? 's' : ''} ${where}`]
  })
  return clauses.length === 0 ? '' : `${beginning(clauses.join('; '))}.`
}

function listed(names: string[], symbol: string, count: number): string {
  if (names.length === count && count > 1)
    return count === 2 ? 'both models' : `all ${formatCountInWords(count)} models`
  if (names.length > MOST_NAMES) return `${names.length} of the models`
  const [last] = names.slice(-1)
  const before = names.slice(0, -1)
  return `${symbol} = ${before.length > 0 ? `${before.join(', ')} and ${last}` : last}`
}

/** A sentence may begin with a symbol, which has no capital. */
const beginning = (text: string) => (/^\w =/.test(text) ? text : capital(text))
