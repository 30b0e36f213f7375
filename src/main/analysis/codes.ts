// What the models of some seeds make of the test images: their errors by class and image, their codes, and what these cost.
import type { CodedModel, CodeFigures, Codes } from '@shared/analysis'
import { codeSizes, trainImages, type Experiment } from '@shared/experiment'
import { inputsOf } from '@shared/forward'
import { mean } from '@shared/metrics'
import { codeUnits, type ModelConfig } from '@shared/model'
import type { Dataset } from '../data/dataset'
import type { EngineSession, Images } from '../trainer/engines/engine'
import { measureQuality } from '../trainer/evaluate'
import { openModels, type ModelsAtWork, type WeightedModels } from './analysed-models'
import type { OnStep } from './claims'
import { codeFigures, comparedCount, comparedNeighbours, graphNeighbours, type CodeSet } from './code-figures'
import { classMeans, countsOf, extremes, quantilesOf } from './error-figures'
import { nearestNeighbours, type NeighbourGraph, type Points } from './neighbours'
import { principalComponents, project, type Components } from './pca'
import { pixelNeighbours } from './pixel-neighbours'
import { gaussianCurve, modelRate, pcaRate, RATE_IMAGES } from './rates'

/** What the parts of an analysis of codes look at. */
interface Subject {
  experiment: Experiment
  chosen: WeightedModels
  models: ModelsAtWork
  dataset: Dataset
  /** The images trained on. */
  trained: Images
  /** Test images of each class. */
  counts: number[]
}

/** The codes of PCA with as many components as the models of each series have units, by that number. */
interface PcaCodes {
  components: Components
  codes: ReadonlyMap<number, Points>
}

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
  const subject: Subject = { experiment, chosen, models, dataset, trained, counts: countsOf(test.labels, classes) }
  try {
    const errors = await errorsOf(subject, onStep)
    onStep('principal components', 0.05)
    const pca = pcaCodes(subject)
    const sets = codeSets(subject, errors.codes, pca)
    const figures = await allFigures(sets, dataset, classes, threads, (step, share) => onStep(step, 0.1 + 0.75 * share))
    const series = await seriesOf(subject, errors, pca, (step, share) => onStep(step, 0.85 + 0.15 * share))
    return {
      kind: 'codes',
      epoch: chosen.epoch,
      images: test.count,
      seeds: [...new Set(chosen.models.map(({ seed }) => seed))],
      trainImages: trained.count,
      neighbours: comparedCount({ k: graphNeighbours(test) }),
      classes: subject.counts,
      series,
      rateImages: Math.min(RATE_IMAGES, test.count),
      codes: figures,
      gaussian: gaussianCurve(pca.components)
    }
  } finally {
    await models.close()
  }
}

type Errors = Awaited<ReturnType<typeof errorsOf>>

/** One entry a model: errors by image, of both parts, quality over the test images and their codes. */
async function errorsOf({ chosen, models, dataset, trained }: Subject, onStep: OnStep) {
  const { test } = dataset
  onStep('errors of every image', 0)
  const { code, ...ofTest } = await models.forward(test, ['bce', 'mse', 'code'])
  const ofTrain = await models.forward(trained, ['bce', 'mse'])
  const quality = await qualityOf(models, dataset, (share) => onStep('structural similarity', 0.01 + 0.04 * share))
  const codes = chosen.models.map(({ layers }, n): Points => {
    return { values: code[n] as Float32Array, count: test.count, size: codeUnits(layers) }
  })
  return { test: ofTest, train: ofTrain, quality, codes }
}

function pcaCodes({ experiment, dataset: { train, test }, trained }: Subject): PcaCodes {
  const widths = codeSizes(experiment)
  const components = principalComponents(train, trained.count, Math.min(test.size, Math.max(...widths)))
  const all = project(components, test)
  const points = (size: number) => firstColumns(all, components.kept, Math.min(size, components.kept), test.count)
  return { components, codes: new Map(widths.map((size) => [size, points(size)])) }
}

/** Of the models, and of PCA once for each number of units. */
function codeSets({ experiment, chosen }: Subject, codes: readonly Points[], pca: PcaCodes): NamedPoints[] {
  const widths = codeSizes(experiment)
  return [
    ...chosen.models.map(({ rank, seed }, n) => ({ of: 'model' as const, rank, seed, points: codes[n] as Points })),
    ...Array.from(pca.codes, ([size, points]) => ({
      of: 'pca' as const,
      rank: widths.indexOf(size),
      seed: null,
      points
    }))
  ]
}

async function seriesOf(subject: Subject, errors: Errors, pca: PcaCodes, onStep: OnStep): Promise<Codes['series']> {
  const { experiment, chosen, models, dataset } = subject
  const { test } = dataset
  const widths = codeSizes(experiment)
  const series: Codes['series'] = []
  for (const [rank, size] of widths.entries()) {
    const own = chosen.models.flatMap((model, n) => (model.rank === rank ? [n] : []))
    const [first = 0] = own
    onStep(`codes of few bits, ${chosen.models[first]?.label}`, rank / widths.length)
    series.push({
      models: own.map((n) => codedModel(subject, errors, n)),
      ...(await extremes(models, first, errors.test.mse[first] as Float32Array, test, test.labels)),
      pcaRate: pcaRate(pca.components, pca.codes.get(size) as Points, test)
    })
  }
  return series
}

/** Of the n-th of the chosen models. */
function codedModel({ chosen, dataset: { test }, counts }: Subject, errors: Errors, n: number): CodedModel {
  const { layers, seed } = chosen.models[n] as ModelConfig
  const mse = errors.test.mse[n] as Float32Array
  return {
    seed,
    classMse: classMeans(mse, test.labels, counts),
    quantiles: quantilesOf(mse),
    train: { bce: mean(errors.train.bce[n] ?? []), mse: mean(errors.train.mse[n] ?? []) },
    test: { bce: mean(errors.test.bce[n] ?? []), mse: mean(mse) },
    psnr: errors.quality.psnr[n] as number,
    ssim: errors.quality.ssim[n] as number | null,
    rate: modelRate(layers, chosen.weights[n] ?? [], errors.codes[n] as Points, test)
  }
}

/** PSNR and SSIM of each model over the test images. */
function qualityOf(models: ModelsAtWork, { test, info }: Dataset, onShare: (share: number) => void) {
  let images = 0
  const session: Pick<EngineSession, 'forward'> = {
    forward(shown, indices, values) {
      onShare(images / test.count)
      images += indices.length
      return models.forward(shown, values, indices[0], indices.length)
    }
  }
  return measureQuality(session, test, info.rows)
}

type NamedPoints = Pick<CodeSet, 'of' | 'rank' | 'seed' | 'points'>

/** Figures of the models' codes, of PCA's and of the pixels. */
async function allFigures(
  sets: readonly NamedPoints[],
  { test }: Dataset,
  classes: number,
  threads: number,
  onStep: OnStep
): Promise<CodeFigures[]> {
  const k = graphNeighbours(test)
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
  const ofPixels = { of: 'pixels' as const, rank: 0, seed: null, points: pixelPoints(test) }
  const complete: CodeSet[] = [
    ...sets.map((set, n) => ({ ...set, graph: graphs[n] as NeighbourGraph, ranks: pixels.ranks[n] ?? null })),
    { ...ofPixels, graph: pixels.graph, ranks: null }
  ]
  return complete.map((set, n) => {
    onStep(`classes and spectrum, ${n + 1} of ${complete.length}`, 0.75 + (0.25 * n) / complete.length)
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
