// The figures behind the article's claims: errors of all models on the same test images, compared pair by pair.
import type { Claims, Interval } from '@shared/analysis'
import { codeSizes, lossOf, trainImages, valuesOf, type Experiment } from '@shared/experiment'
import { gapShare, mean } from '@shared/metrics'
import type { Dataset } from '../data/dataset'
import { meanImage } from '../data/bounds'
import type { ModelsAtWork, WeightedModels } from './analysed-models'
import { bootstrap, intervalOf, RESAMPLES } from './bootstrap'
import { errorsToClean, fixedAnswerErrors, noiseErrors } from './image-errors'
import { noises, noisy } from './noise'
import { principalComponents, project, projectionErrors } from './pca'

export type OnStep = (step: string, share: number) => void

/** Errors by image, [seeds][images] of each row; rows of one seed are the same with every seed. */
type Rows = ArrayLike<number>[][]

export async function claimsOf(
  experiment: Experiment,
  { models: configs, epoch }: WeightedModels,
  models: ModelsAtWork,
  dataset: Dataset,
  onStep: OnStep
): Promise<Claims> {
  const { test, train } = dataset
  const values = valuesOf(experiment).length
  const seeds = experiment.seeds.length
  const bySeries = (ofModel: ArrayLike<number>[]): Rows =>
    Array.from({ length: values }, (_, rank) => ofModel.filter((_, index) => configs[index]?.rank === rank))

  onStep('errors of every test image', 0)
  const errors = await models.forward(test, ['bce', 'mse'])
  onStep('principal components', 0.05)
  const pca = pcaErrors(experiment, dataset)
  const loss = lossOf(experiment)
  const bounds = [meanImage(train, trainImages(experiment)), null].map((answer) => [
    fixedAnswerErrors(test, loss, answer)
  ])
  const noiseRows: Rows[] = []
  for (const [index, noise] of noises.entries()) {
    onStep(`noise ${index + 1} of ${noises.length}`, 0.4 + (0.4 * index) / noises.length)
    const images = noisy(test, noise)
    noiseRows.push([[noiseErrors(images, test)], ...bySeries(await errorsToClean(models, images, test))])
  }
  onStep('resampling', 0.8)
  const parts = { bce: bySeries(errors.bce), mse: bySeries(errors.mse), pca: pca.map((one) => [one]), bounds }
  return { kind: 'claims', epoch, images: test.count, seeds, resamples: RESAMPLES, ...figures(parts, noiseRows, loss) }
}

type Parts = Record<'bce' | 'mse' | 'pca' | 'bounds', Rows>

/** All from the same resamples, so that each comparison is paired. */
function figures({ bce, mse, pca, bounds }: Parts, noiseRows: readonly Rows[], loss: 'bce' | 'mse') {
  const count = bce.length
  const rows = [...bce, ...mse, ...pca, ...bounds, ...noiseRows.flat()]
  const resamples = bootstrap(rows)
  const at = { bce: 0, mse: count, pca: 2 * count, bounds: 3 * count, noise: 3 * count + 2 }
  const of = (row: number): Interval => intervalOf(resamples, (means) => means[row] as number)
  const over = (row: number, than: number): Interval =>
    intervalOf(resamples, (means) => (means[row] as number) / (means[than] as number) - 1)
  const fall = (row: number): Interval =>
    intervalOf(resamples, (means) => (means[row] as number) - (means[row + 1] as number))
  const gap = (rank: number): Interval =>
    intervalOf(resamples, (means) => {
      const [meanDigit, perfectCopy] = means.slice(at.bounds) as [number, number]
      return gapShare(means[at[loss] + rank] as number, { meanDigit, perfectCopy })
    })
  const ranks = Array.from({ length: count }, (_, rank) => rank)
  return {
    series: ranks.map((rank) => ({
      bce: of(at.bce + rank),
      mse: of(at.mse + rank),
      gapClosed: gap(rank),
      pcaMse: mean(pca[rank]?.[0] ?? []),
      mseOverPca: over(at.mse + rank, at.pca + rank),
      overLast: { bce: over(at.bce + rank, at.bce + count - 1), mse: over(at.mse + rank, at.mse + count - 1) }
    })),
    steps: ranks.slice(1).map((_, rank) => ({ bce: fall(at.bce + rank), mse: fall(at.mse + rank) })),
    noise: noises.map((noise, index) => {
      const first = at.noise + index * (count + 1)
      const series = ranks.map((rank) => ({ mse: of(first + 1 + rank), overNoisy: over(first + 1 + rank, first) }))
      return { ...noise, noisyMse: resamples.means[first] as number, series }
    })
  }
}

/** Of each series: squared error by test image of PCA with as many components as its code has units. */
function pcaErrors(experiment: Experiment, { train, test }: Dataset): Float64Array[] {
  const sizes = codeSizes(experiment)
  const components = principalComponents(train, trainImages(experiment), Math.min(test.size, Math.max(...sizes)))
  const codes = project(components, test)
  return sizes.map((size) => projectionErrors(components, test, codes, Math.min(size, components.kept)))
}
