// Where the run's figures come from and what they mean: machine, data, definitions.
import { meanName } from '@shared/dataset'
import { moveSentences } from '@shared/devices'
import { DIVERGED_FACTOR, DIVERGED_REMEDY, divergedSeries } from '@shared/divergence'
import { epochsOf, lossOf } from '@shared/experiment'
import { capital, formatCount, formatDuration, formatLoss } from '@shared/format'
import { epochsDone, type RunFile, type RunState, type TrainingSegment } from '@shared/run'
import { differInWidth } from '@shared/series'
import type { Entry } from './document'
import { imagesUsed, pcaDefinition } from './pca'

export function provenance(file: RunFile, state: RunState): Entry[] {
  const { dataset, experiment } = file
  const done = `${formatCount(epochsDone(file))} of ${formatCount(epochsOf(experiment))} epochs`
  const open = state === 'interrupted' ? 'interrupted' : 'not ended yet'
  const ended = file.endedAt === null ? open : `ended ${timestamp(file.endedAt)}`
  const versions = Object.entries(file.versions).map(([name, version]) => `${name} ${version}`)
  return [
    ['Device', devicesText(file)],
    ['Time', `${formatDuration(file.seconds)} for ${done}; started ${timestamp(file.createdAt)}, ${ended}`],
    ['Versions', versions.length > 0 ? versions.join(', ') : 'not recorded'],
    [
      'Run',
      `${file.id}; run.json and losses.csv, with the losses of every epoch, are attached to this file, and lab verify says whether it is as it was written`
    ],
    [
      'Data',
      `${dataset.title}: ${formatCount(dataset.trainCount)} training and ${formatCount(dataset.testCount)} test images of ${dataset.rows} × ${dataset.columns} pixels`
    ],
    ['SHA-256', dataset.sha256],
    ['Licence', dataset.licence],
    ['Citation', dataset.citation]
  ]
}

/** Where the run trained and why there; segment by segment where it went from one device to another. */
function devicesText(file: RunFile): string {
  const text = ({ hardware, device, why }: TrainingSegment) =>
    [hardware, `device ${device}`, why].filter(Boolean).join('; ')
  if (file.segments.length === 1) return file.segments.map(text).join('')
  const segments = file.segments.map((segment) => `from epoch ${segment.firstEpoch} on: ${text(segment)}`)
  return `${segments.join('. Then ')}. ${moveSentences(file).join(' ')}`
}

export function definitions(file: RunFile): Entry[] {
  const { bounds, experiment, dataset } = file
  const mean = meanName(dataset)
  const { meanDigit, perfectCopy } = bounds
  const loss = lossOf(experiment).toUpperCase()
  const aboveZero =
    perfectCopy > 0 ? '; above 0, since a pixel between black and white has an entropy' : ', the least there is'
  const diverged: Entry = [
    'Diverged',
    `validation ${loss} above ${DIVERGED_FACTOR} times that of the ${mean}, or no number; ${DIVERGED_REMEDY}`
  ]
  const pca: Entry[] = [
    [
      'PCA',
      `${pcaDefinition(file)}: on these, no linear code with a linear decoder has a lower MSE. The models’ decoder ends in a sigmoid, so that even a linear code may do better`
    ]
  ]
  return [
    [
      'BCE',
      '−mean(x ln y + (1 − x) ln(1 − y)) over pixels and test images, x a pixel from 0 to 1, y the model’s answer to it'
    ],
    ['MSE', 'mean((x − y)²) over pixels and test images'],
    ['PSNR', 'mean over test images of −10 log10(the image’s MSE), in dB'],
    [
      'SSIM',
      'mean over test images of the structural similarity (Wang, Bovik, Sheikh & Simoncelli 2004, IEEE Trans. Image Processing 13): Gaussian window of 11 × 11 pixels, σ 1.5, data range 1'
    ],
    ['Gap closed', `(${mean} − ${loss}) / (${mean} − perfect copy)`],
    ...(divergedSeries(file).length > 0 ? [diverged] : []),
    [
      capital(mean),
      `${loss} ${formatLoss(meanDigit)}: every test image answered with the mean of ${imagesUsed(file)}, as a model does that has learned nothing else`
    ],
    ['Perfect copy', `${loss} ${formatLoss(perfectCopy)}: every test image answered with itself${aboveZero}`],
    ...(differInWidth(experiment) ? pca : []),
    [
      'Repeatability',
      'on cpu the same seed and instruction set give the same bits on any number of threads; between devices the figures agree to rounding'
    ]
  ]
}

function timestamp(iso: string): string {
  return `${iso.slice(0, 10)} ${iso.slice(11, 16)} UTC`
}
