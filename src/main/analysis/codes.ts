// What the models of one seed make of the test images: their errors by class and image, their codes, and what these cost.
import type { CodeFigures, Codes } from '@shared/analysis'
import { trainImages, type Experiment } from '@shared/experiment'
import { inputsOf } from '@shared/forward'
import { mean } from '@shared/metrics'
import { codeUnits } from '@shared/model'
import type { Dataset } from '../data/dataset'
import type { Images } from '../trainer/engines/engine'
import { openModels, type ModelsAtWork, type WeightedModels } from './analysed-models'
import { quantile } from './bootstrap'
import type { OnStep } from './claims'
import { codeFigures, comparedNeighbours, GRAPH_NEIGHBOURS, NEIGHBOURS, type CodeSet } from './code-figures'
import { nearestNeighbours, type Points } from './neighbours'
import { principalComponents, project, type Components } from './pca'
import { pixelNeighbours } from './pixel-neighbours'
import { gaussianCurve, modelRate, pcaRate, RATE_IMAGES } from './rates'

const SAMPLES = 6
const QUANTILES = [0, 0.05, 0.25, 0.5, 0.75, 0.95, 1]

export async function codesOf(
  experiment: Experiment,
  chosen: WeightedModels,
  dataset: Dataset,
  threads: number,
  onStep: OnStep
): Promise<Codes> {
  const { test, train } = dataset
  const classes = 1 + test.labels.reduce((most, label) => Math.max(most, label), 0)
  const trained = { ...train, count: trainImages(experiment) }
  const models = await openModels(chosen, train, threads)
  try {
    onStep('errors of every image', 0)
    const { code, ...errors } = await models.forward(test, ['bce', 'mse', 'code'])
    const ofTrain = await models.forward(trained, ['bce', 'mse'])
    onStep('principal components', 0.03)
    const sizes = chosen.models.map(({ layers }) => codeUnits(layers))
    const components = principalComponents(train, trained.count, Math.min(test.size, Math.max(...sizes)))
    const all = project(components, test)
    const codes = sizes.map((size, n): Points => ({ values: code[n] as Float32Array, count: test.count, size }))
    const pca = sizes.map((size) => firstColumns(all, components.kept, Math.min(size, components.kept), test.count))
    const figures = await allFigures([codes, pca], dataset, classes, threads, (step, share) =>
      onStep(step, 0.1 + 0.75 * share)
    )
    const series: Codes['series'] = []
    for (const [n, model] of chosen.models.entries()) {
      onStep(`codes of few bits, ${model.label}`, 0.85 + (0.15 * n) / sizes.length)
      const mse = errors.mse[n] as Float32Array
      series.push({
        classMse: classMeans(mse, test.labels, classes),
        quantiles: quantilesOf(mse),
        ...(await extremes(models, n, mse, test, test.labels)),
        train: { bce: mean(ofTrain.bce[n] ?? []), mse: mean(ofTrain.mse[n] ?? []) },
        test: { bce: mean(errors.bce[n] ?? []), mse: mean(mse) },
        rate: modelRate(model, chosen.weights[n] ?? [], codes[n] as Points, test),
        pcaRate: pcaRate(components as Components, pca[n] as Points, test)
      })
    }
    return {
      kind: 'codes',
      epoch: chosen.epoch,
      images: test.count,
      seed: experiment.seeds[0] ?? 0,
      trainImages: trained.count,
      neighbours: NEIGHBOURS,
      classes: countsOf(test.labels, classes),
      series,
      rateImages: Math.min(RATE_IMAGES, test.count),
      codes: figures,
      gaussian: gaussianCurve(components.variances)
    }
  } finally {
    await models.close()
  }
}

/** Figures of the models' codes, of PCA's and of the pixels. */
async function allFigures(
  [codes, pca]: [Points[], Points[]],
  { test }: Dataset,
  classes: number,
  threads: number,
  onStep: OnStep
): Promise<CodeFigures[]> {
  const sets = [
    ...codes.map((points, rank) => ({ of: 'model' as const, rank, points })),
    ...pca.map((points, rank) => ({ of: 'pca' as const, rank, points }))
  ]
  const k = Math.min(GRAPH_NEIGHBOURS, test.count - 1)
  const work = sets.reduce((sum, { points }) => sum + COST + points.size, 0)
  let done = 0
  const graphs = sets.map(({ points, of }) => {
    const before = done
    done += COST + points.size
    const say = (share: number) =>
      onStep(
        `neighbours of ${points.size} ${of === 'pca' ? 'components' : 'units'}`,
        (0.5 * (before + share * (done - before))) / work
      )
    return nearestNeighbours(points, k, say)
  })
  const pixels = await pixelNeighbours(test, k, graphs.map(comparedNeighbours), threads, (share) =>
    onStep('neighbours of the pixels', 0.5 + 0.25 * share)
  )
  const ofPixels: CodeSet = {
    of: 'pixels',
    rank: sets.length,
    points: pixelPoints(test),
    graph: pixels.graph,
    ranks: null
  }
  const complete: CodeSet[] = sets.map((set, n) => ({
    ...set,
    graph: graphs[n] as CodeSet['graph'],
    ranks: pixels.ranks[n] ?? null
  }))
  return [...complete, ofPixels].map((set, n) => {
    onStep(`classes and spectrum, ${n + 1} of ${complete.length + 1}`, 0.75 + (0.25 * n) / (complete.length + 1))
    return codeFigures(set, test.labels, classes)
  })
}

/** What a code set costs beside its units, in units. */
const COST = 15

function firstColumns(values: Float32Array, width: number, size: number, count: number): Points {
  const first = new Float32Array(count * size)
  for (let row = 0; row < count; row++) first.set(values.subarray(row * width, row * width + size), row * size)
  return { values: first, count, size }
}

function pixelPoints({ pixels, count, size }: Images): Points {
  return { values: inputsOf(pixels.subarray(0, count * size)), count, size }
}

function countsOf(labels: Uint8Array, classes: number): number[] {
  const counts = new Array<number>(classes).fill(0)
  for (const label of labels) (counts[label] as number) += 1
  return counts
}

function classMeans(errors: ArrayLike<number>, labels: Uint8Array, classes: number): number[] {
  const sums = new Array<number>(classes).fill(0)
  labels.forEach((label, image) => ((sums[label] as number) += errors[image] as number))
  return sums.map((sum, label) => sum / Math.max(1, countsOf(labels, classes)[label] as number))
}

function quantilesOf(errors: Float32Array): number[] {
  const sorted = Float32Array.from(errors).sort()
  return QUANTILES.map((share) => quantile(sorted, share))
}

/** The digits that a model copies worst and best. */
async function extremes(models: ModelsAtWork, model: number, mse: Float32Array, images: Images, labels: Uint8Array) {
  const order = Array.from(mse.keys()).sort((a, b) => (mse[b] as number) - (mse[a] as number))
  const sample = async (index: number) => {
    const { reconstruction } = await models.forward(images, ['reconstruction'], index, 1)
    const copy = Uint8Array.from(reconstruction[model] as Float32Array, (value) => Math.round(255 * value))
    const original = images.pixels.slice(index * images.size, (index + 1) * images.size)
    return {
      index,
      label: labels[index] as number,
      mse: mse[index] as number,
      original: base64(original),
      copy: base64(copy)
    }
  }
  const all = async (indices: number[]) => {
    const samples = []
    for (const index of indices) samples.push(await sample(index))
    return samples
  }
  return { worst: await all(order.slice(0, SAMPLES)), best: await all(order.slice(-SAMPLES).reverse()) }
}

const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64')
