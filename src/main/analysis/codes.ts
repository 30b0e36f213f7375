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
import { codeFigures, comparedNeighbours, GRAPH_NEIGHBOURS, NEIGHBOURS, type CodeSet } from './code-figures'
import { classMeans, countsOf, extremes, quantilesOf } from './error-figures'
import { nearestNeighbours, type NeighbourGraph, type Points } from './neighbours'
import { principalComponents, project } from './pca'
import { pixelNeighbours } from './pixel-neighbours'
import { gaussianCurve, modelRate, pcaRate, RATE_IMAGES } from './rates'

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
    const quality = await qualityOf(models, dataset, (share) => onStep('structural similarity', 0.01 + 0.04 * share))
    onStep('principal components', 0.05)
    const widths = codeSizes(experiment)
    const components = principalComponents(train, trained.count, Math.min(test.size, Math.max(...widths)))
    const all = project(components, test)
    const codes = chosen.models.map(({ layers }, n): Points => {
      return { values: code[n] as Float32Array, count: test.count, size: codeUnits(layers) }
    })
    const pca = new Map(
      widths.map((size) => [size, firstColumns(all, components.kept, Math.min(size, components.kept), test.count)])
    )
    const sets: NamedPoints[] = [
      ...chosen.models.map(({ rank, seed }, n) => ({ of: 'model' as const, rank, seed, points: codes[n] as Points })),
      ...Array.from(pca, ([size, points]) => ({ of: 'pca' as const, rank: widths.indexOf(size), seed: null, points }))
    ]
    const figures = await allFigures(sets, dataset, classes, threads, (step, share) => onStep(step, 0.1 + 0.75 * share))
    const series: Codes['series'] = []
    for (const [rank, size] of widths.entries()) {
      const own = chosen.models.flatMap((model, n) => (model.rank === rank ? [n] : []))
      onStep(`codes of few bits, ${chosen.models[own[0] ?? 0]?.label}`, 0.85 + (0.15 * rank) / widths.length)
      const coded = own.map((n): CodedModel => {
        const { layers, seed } = chosen.models[n] as ModelConfig
        const mse = errors.mse[n] as Float32Array
        return {
          seed,
          classMse: classMeans(mse, test.labels, classes),
          quantiles: quantilesOf(mse),
          train: { bce: mean(ofTrain.bce[n] ?? []), mse: mean(ofTrain.mse[n] ?? []) },
          test: { bce: mean(errors.bce[n] ?? []), mse: mean(mse) },
          psnr: quality.psnr[n] as number,
          ssim: quality.ssim[n] as number | null,
          rate: modelRate(layers, chosen.weights[n] ?? [], codes[n] as Points, test)
        }
      })
      const [first = 0] = own
      series.push({
        models: coded,
        ...(await extremes(models, first, errors.mse[first] as Float32Array, test, test.labels)),
        pcaRate: pcaRate(components, pca.get(size) as Points, test)
      })
    }
    return {
      kind: 'codes',
      epoch: chosen.epoch,
      images: test.count,
      seeds: [...new Set(chosen.models.map(({ seed }) => seed))],
      trainImages: trained.count,
      neighbours: NEIGHBOURS,
      classes: countsOf(test.labels, classes),
      series,
      rateImages: Math.min(RATE_IMAGES, test.count),
      codes: figures,
      gaussian: gaussianCurve(components)
    }
  } finally {
    await models.close()
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
