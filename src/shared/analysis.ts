// What the analysis process finds out about a run, as it is asked for, kept in the run folder and shown.
import * as v from 'valibot'
import { MOST_CLASSES } from './dataset'
import { MOST_MODELS, type Experiment } from './experiment'
import { MOST_EPOCHS } from './hyperparameters'
import { pixelNoises } from './noise'
import { list, text } from './run'

/** Those that a tab shows. claims: the article's claims, tested on all models; codes: what single models' codes and errors look like. */
const tabAnalyses = ['claims', 'codes'] as const
export type TabAnalysis = (typeof tabAnalyses)[number]

/** What the window calls them. */
export const analysisNames: Record<AnalysisRequest['kind'], string> = {
  claims: 'Claims',
  codes: 'Analysis',
  umap: 'UMAP'
}

const epochRefusal = `epoch: expected null or a whole number from 0 to ${MOST_EPOCHS}`

/** The epoch whose weights are analysed; null: the last complete one. */
const epoch = v.nullable(
  v.pipe(
    v.number(epochRefusal),
    v.integer(epochRefusal),
    v.minValue(0, epochRefusal),
    v.maxValue(MOST_EPOCHS, epochRefusal)
  )
)
const modelRefusal = `model: expected a whole number from 0 to ${MOST_MODELS - 1}`

export const AnalysisRequestSchema = v.variant(
  'kind',
  [
    v.strictObject({ kind: v.picklist(tabAnalyses), epoch }),
    /** The codes of one model, by its index in the run, laid out in a plane. */
    v.strictObject({
      kind: v.literal('umap'),
      epoch,
      model: v.pipe(
        v.number(modelRefusal),
        v.integer(modelRefusal),
        v.minValue(0, modelRefusal),
        v.maxValue(MOST_MODELS - 1, modelRefusal)
      )
    })
  ],
  `kind: expected ${tabAnalyses.join(', ')} or umap`
)
export type AnalysisRequest = v.InferOutput<typeof AnalysisRequestSchema>
/** One that is asked for of a complete epoch by its number; 0: the untrained models. */
export type WantedAnalysis = AnalysisRequest & { epoch: number }

const number = v.pipe(v.number(), v.finite())
const orNone = v.nullable(number)
const perSeries = <Item extends v.GenericSchema>(item: Item) => list(item, MOST_MODELS)
const short = <Item extends v.GenericSchema>(item: Item) => list(item, 64)

/** A value with the ends of its 95 % interval. */
const interval = v.object({ estimate: number, low: number, high: number })
export type Interval = v.InferOutput<typeof interval>

/** Of a series: means over its seeds and all test images. Shares are relative: 0.05 is 5 % more. */
const ClaimSeriesSchema = v.object({
  bce: interval,
  mse: interval,
  /** Of the way from the mean digit to a perfect copy, by the run's loss; not clamped. */
  gapClosed: interval,
  /** Error of PCA with as many components as the code has units, and how much greater the model's is. */
  pcaMse: number,
  mseOverPca: interval,
  /** How much greater its error is than that of the series of the greatest rank. */
  overLast: v.object({ bce: interval, mse: interval })
})

const NoiseSchema = v.object({
  noise: v.picklist(pixelNoises),
  /** gaussian: standard deviation; salt-and-pepper: share of the pixels. */
  level: number,
  /** Squared error of the noisy image itself to the clean one. */
  noisyMse: number,
  /** One a series: squared error of what it makes of the noisy image to the clean one, and how much greater that is than noisyMse. */
  series: perSeries(v.object({ mse: interval, overNoisy: interval }))
})

const ClaimsSchema = v.object({
  kind: v.literal('claims'),
  epoch: number,
  images: number,
  seeds: number,
  resamples: number,
  series: perSeries(ClaimSeriesSchema),
  /** From each series to the next: by how much the error falls; negative where it rises. */
  steps: perSeries(v.object({ bce: interval, mse: interval })),
  noise: short(NoiseSchema)
})
export type Claims = v.InferOutput<typeof ClaimsSchema>

const EstimateSchema = v.nullable(v.object({ dimension: number, points: number }))

const CodeSchema = v.object({
  /** What the codes are of: a model of the run, so many principal components, or the pixels themselves. */
  of: v.picklist(['model', 'pca', 'pixels']),
  /** Of a model its series and seed; of PCA the first series with as many units, of pixels 0. */
  rank: number,
  seed: orNone,
  size: number,
  neighbourAccuracy: number,
  /** Null, as participation ratio and effective rank, where there are more than 1,024 numbers. */
  probeAccuracy: orNone,
  /** Null of pixels, which are what is compared with, and where there are not more than twice as many images as `neighbours`. */
  trustworthiness: orNone,
  /** By maximum likelihood from k neighbours, at their mean distance. */
  mle: short(v.object({ k: number, radius: number, estimate: EstimateSchema })),
  /** TwoNN over all points, every second, every fourth. */
  twoNN: short(v.object({ points: number, estimate: EstimateSchema })),
  participationRatio: orNone,
  effectiveRank: orNone,
  active: number,
  dead: number
})

const RatePointSchema = v.object({ bits: number, bytes: number, mse: number })
const RateSchema = v.object({ points: short(RatePointSchema), exact: number })

/** A digit with its copy: bytes as base64. */
const SampleSchema = v.object({ index: number, label: number, mse: number, original: text(8192), copy: text(8192) })

/** Codes take a minute or more a seed: of a run of more seeds the first are analysed. */
const MOST_ANALYSED_SEEDS = 5
export const analysedSeeds = ({ seeds }: Pick<Experiment, 'seeds'>) => seeds.slice(0, MOST_ANALYSED_SEEDS)

const bothErrors = v.object({ bce: number, mse: number })

/** Of the model of one seed. */
const CodedModelSchema = v.object({
  seed: number,
  /** Mean squared error of each class; null where no test image is of it. */
  classMse: list(orNone, MOST_CLASSES),
  /** Squared error by image: its quantiles at 0, 5, 25, 50, 75, 95, 100 %. */
  quantiles: v.pipe(list(number, 7), v.length(7)),
  /** Errors with the same weights over the images trained on and the test images. */
  train: bothErrors,
  test: bothErrors,
  /** Over the test images, as run.json has them of the last epoch; null of images smaller than SSIM's window. */
  psnr: number,
  ssim: orNone,
  /** Error of codes of few bits, over the first `rateImages` test images. */
  rate: RateSchema
})
export type CodedModel = v.InferOutput<typeof CodedModelSchema>

const CodesSchema = v.object({
  kind: v.literal('codes'),
  epoch: number,
  images: number,
  /** Of each series the models of these seeds are analysed. */
  seeds: perSeries(number),
  trainImages: number,
  /** For accuracy and trustworthiness: ten, or all others where there are fewer. */
  neighbours: number,
  /** Images of each class. */
  classes: list(number, MOST_CLASSES),
  series: perSeries(
    v.object({
      /** One a seed. */
      models: perSeries(CodedModelSchema),
      /** Images that the model of the first seed copies worst and best. */
      worst: short(SampleSchema),
      best: short(SampleSchema),
      /** Of PCA with as many components. */
      pcaRate: RateSchema
    })
  ),
  rateImages: number,
  codes: list(CodeSchema, 2 * MOST_MODELS + 1),
  /** The Gaussian rate–distortion curve of the training images' covariance. */
  gaussian: list(v.object({ bytes: number, mse: number }), 64)
})
export type Codes = v.InferOutput<typeof CodesSchema>
export type CodeFigures = v.InferOutput<typeof CodeSchema>

/** Test images have at most this many places. */
const MOST_PLACES = 2 ** 20

/** The codes of the test images by one model in a plane, by UMAP, and the parameters that it had. */
const CodeLayoutSchema = v.object({
  kind: v.literal('umap'),
  epoch: number,
  /** Index of the model in the run. */
  model: number,
  images: number,
  neighbours: number,
  minDistance: number,
  epochs: number,
  seed: number,
  /** [images × 2] of float32, little-endian, as base64. */
  points: text(12 * MOST_PLACES)
})
export type CodeLayout = v.InferOutput<typeof CodeLayoutSchema>

export const AnalysisSchema = v.variant('kind', [ClaimsSchema, CodesSchema, CodeLayoutSchema])
export type Analysis = v.InferOutput<typeof AnalysisSchema>

/** How far an analysis has come. */
export type AnalysisProgress = WantedAnalysis & {
  /** Of the run. */
  id: string
  /** 0 to 1, which is told once it is stored; null while it waits for others. */
  share: number | null
  /** What is computed now, e.g. `neighbours of 6 codes`, or what goes before it, e.g. `waits for Claims of epoch 5`. */
  step: string
}
