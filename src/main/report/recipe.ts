// All that is needed to repeat the run and to read its figures: recipe, machine, data, definitions.
import { devicesOf, lastPartOf, moveSentences, turnsText } from '@shared/devices'
import { ADAM, latentDimsOf, stepsPerEpoch } from '@shared/experiment'
import { formatCount, formatDuration, formatLoss, formatPlural } from '@shared/format'
import { epochsDone, type DevicePart, type RunFile } from '@shared/run'
import { fullRunCommand } from '@shared/run-command'
import type { Block } from './layout'
import {
  CONTENT_WIDTH,
  HEADING,
  paragraphHeight,
  styles,
  writeHeading,
  writeParagraph,
  type Box,
  type Paper
} from './paper'

type Entry = readonly [name: string, text: string]
const NAME_WIDTH = 96
const TEXT_WIDTH = CONTENT_WIDTH - NAME_WIDTH
const ENTRY_GAP = 3

export function recipeBlock(measure: Paper, file: RunFile): Block {
  return entriesBlock(measure, 'Recipe', recipe(file))
}

export function provenanceBlock(measure: Paper, file: RunFile): Block {
  return entriesBlock(measure, 'Machine and data', provenance(file))
}

export function definitionsBlock(measure: Paper, file: RunFile): Block {
  return entriesBlock(measure, 'How it was measured', definitions(file))
}

function recipe(file: RunFile): Entry[] {
  const { experiment, dataset, engine, device } = file
  const memoryBudget = lastPartOf(file).turns?.memoryBudget ?? null
  const { activation, batchSize, epochs, learningRate, seed, trainLimit } = experiment
  const steps = stepsPerEpoch(experiment)
  const { beta1, beta2, epsilon } = ADAM
  return [
    ['Model', `784 pixels → Dense(d, ${activation}) → Dense(784, sigmoid), d = ${latentDimsOf(experiment).join(', ')}`],
    ['Loss', 'binary cross-entropy, mean over pixels and images'],
    [
      'Optimizer',
      `Adam (Kingma & Ba 2015), rate ${learningRate}, β1 ${beta1}, β2 ${beta2}, ε ${epsilon} outside the bias correction`
    ],
    [
      'Epochs',
      `${formatCount(epochs)} of ${formatPlural(steps, 'step')}; batches of ${formatCount(batchSize)} images, reshuffled each epoch, a smaller last one included`
    ],
    [
      'Seed',
      `${seed}: decides the images’ order and the first weights (uniform after Glorot & Bengio 2010, biases zero)`
    ],
    [
      'Images',
      `the first ${formatCount(trainLimit)} of ${formatCount(dataset.trainCount)} training images, pixels divided by 255; validation on all ${formatCount(dataset.testCount)} test images after every epoch`
    ],
    ['To repeat it', fullRunCommand({ experiment, engine, device, memoryBudget })],
    ...(devicesOf(file).length > 1 ? [inOnePart] : [])
  ]
}

/** What the command to repeat a run of several parts does. */
const inOnePart: Entry = ['', 'It trains in one part what this run trained in several: the figures agree to rounding.']

function provenance(file: RunFile): Entry[] {
  const { dataset, experiment } = file
  const done = `${formatCount(epochsDone(file))} of ${formatCount(experiment.epochs)} epochs`
  const ended = file.endedAt === null ? 'not ended' : `ended ${timestamp(file.endedAt)}`
  const versions = Object.entries(file.versions).map(([name, version]) => `${name} ${version}`)
  return [
    ['Device', devicesText(file)],
    ['Time', `${formatDuration(file.seconds)} for ${done}; begun ${timestamp(file.createdAt)}, ${ended}`],
    ['Versions', versions.length > 0 ? versions.join(', ') : 'not recorded'],
    ['Run', `${file.id}; run.json, with the losses of every epoch, is attached to this file`],
    [
      'Data',
      `${dataset.title}: ${formatCount(dataset.trainCount)} training and ${formatCount(dataset.testCount)} test images of ${dataset.rows} × ${dataset.columns} pixels`
    ],
    ['SHA-256', dataset.sha256],
    ['Licence', dataset.licence],
    ['Citation', dataset.citation]
  ]
}

/** Where the run trained and why there; part by part where it went from one device to another. */
function devicesText(file: RunFile): string {
  const parts = devicesOf(file)
  const text = ({ hardware, device, engine, why, turns }: DevicePart, index: number) => {
    const how = index === 0 && turns ? `models ${turnsText(turns)}` : '' // later changes have their own sentences
    return [hardware || device, `engine ${engine}`, why, how].filter(Boolean).join('; ')
  }
  if (parts.length === 1) return parts.map(text).join('')
  const moved = moveSentences(file).join(' ')
  return `${parts.map((part, index) => `from epoch ${part.firstEpoch} on: ${text(part, index)}`).join('. Then ')}. ${moved}`
}

function definitions({ bounds, dataset }: RunFile): Entry[] {
  const { meanDigit, perfectCopy } = bounds
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
    ['Gap closed', '(mean digit − BCE) / (mean digit − perfect copy), not below 0'],
    [
      'Mean digit',
      `BCE ${formatLoss(meanDigit)}: every test image answered with the mean training image, as a model does that has learned nothing else`
    ],
    [
      'Perfect copy',
      `BCE ${formatLoss(perfectCopy)}: every test image answered with itself; above 0, since a pixel between black and white has an entropy`
    ],
    [
      'PCA',
      `test MSE of d principal components fitted on the training images of ${dataset.title}: the best linear code`
    ]
  ]
}

function timestamp(iso: string): string {
  return `${iso.slice(0, 10)} ${iso.slice(11, 16)} UTC`
}

function entriesBlock(measure: Paper, title: string, entries: Entry[]): Block {
  const heights = entries.map(([, text]) => paragraphHeight(measure, text, TEXT_WIDTH, styles.body) + ENTRY_GAP)
  return {
    title,
    growth: 0,
    height: HEADING + heights.reduce((sum, height) => sum + height, 0),
    draw(paper, box) {
      let top = box.top + writeHeading(paper, title, box)
      entries.forEach((entry, index) => {
        writeEntry(paper, entry, { ...box, top })
        top += heights[index] ?? 0
      })
    }
  }
}

function writeEntry(paper: Paper, [name, text]: Entry, { left, top }: Box): void {
  writeParagraph(paper, name, { left, top, width: NAME_WIDTH }, styles.quiet)
  writeParagraph(paper, text, { left: left + NAME_WIDTH, top, width: TEXT_WIDTH }, styles.body)
}
