// What a careful reader has to know before believing the figures; each only where it is true of the run.
import { divergedSeries } from '@shared/divergence'
import { trainImages } from '@shared/experiment'
import { formatCount, formatPlural } from '@shared/format'
import { areAllTrained, epochsDone, type RunFile } from '@shared/run'
import { seedsNote, seriesOf } from '@shared/series'
import { isAnyWorseThanPca, pcaComparison } from './pca'

export function caveats(file: RunFile): string[] {
  const { dataset, experiment } = file
  const isTrained = epochsDone(file) > 0
  const pixels = dataset.rows * dataset.columns
  const wide = seriesOf(file).filter(({ codeUnits }) => codeUnits >= pixels)
  const diverged = divergedSeries(file)
  return [
    ...(isTrained && experiment.seeds.length === 1 ? [seedsNote(1)] : []),
    ...(isTrained
      ? [
          'The losses after each epoch are measured on the test images, so they are no independent estimate for whoever chooses an epoch or a width by them.'
        ]
      : []),
    ...(isTrained && !areAllTrained(file) ? ['Not all epochs of the recipe are trained.'] : []),
    ...(trainImages(experiment) < dataset.trainCount
      ? [`Trained on ${formatCount(trainImages(experiment))} of ${formatCount(dataset.trainCount)} training images.`]
      : []),
    ...(diverged.length > 0 ? [`${formatPlural(diverged.length, 'model')} diverged.`] : []),
    ...(wide.length > 0
      ? [
          `${wide.map(({ label }) => label).join(', ')}: the code has as many numbers as an image has pixels or more, so that nothing has to be left out.`
        ]
      : []),
    ...(isAnyWorseThanPca(file) ? [`Against PCA: ${pcaComparison(file)}`] : []),
    ...(file.segments.length > 1
      ? ['The run was trained in several parts; between devices figures agree to rounding.']
      : [])
  ]
}
