// What charts, tables, insight and report know of a run's models: one series for each value of the varied hyperparameter.
import { displayValue, hyperparameters, type HyperparameterValue } from './hyperparameters'
import { hyperparametersAt, lossOf, trainImages, valueLabel, valuesOf, type Experiment } from './experiment'
import { gapShare } from './metrics'
import { epochsDone, type Metrics, type RunFile, type RunModel } from './run'

/** A loss by epoch; null where it was NaN or infinite. */
export type LossCurve = readonly (number | null)[]

export interface Series {
  /** Unique in its run. */
  key: string
  /** `d = 16`. */
  label: string
  /** The value alone, `16`, where the label has no room. */
  short: string
  /** Order and colour, from 0. */
  rank: number
  /** Means over the seeds. No training losses (null) where the models train with another loss than the run's: on its axis they mean nothing. */
  train: LossCurve | null
  val: LossCurve
  /** Squared error over all test images. */
  mse: LossCurve
  /** Least and greatest validation loss over the seeds; null of a single seed. */
  band: Band | null
  /** Standard deviation of the validation loss and of the squared error over the seeds (n − 1); null of a single seed. */
  sd: { val: LossCurve; mse: LossCurve } | null
  /** Models of the run's list that the series is made of, one a seed, as their indices. The first one's digits stand for all. */
  models: readonly number[]
  /** Units of the code, and weights and biases of one model. */
  codeUnits: number
  parameters: number
  /** Optimizer steps in an epoch; the last batch may be a short one. */
  stepsPerEpoch: number
  /** Training time of the whole run, all models together, until the end of each epoch; null where it is not known of every one. */
  seconds: readonly number[] | null
}

/** The edges of an area around a curve. */
export interface Band {
  low: LossCurve
  high: LossCurve
}

/** What the seeds of a series say together at each epoch; null wherever one of them has no number. */
export interface SeriesSpread {
  /** How many seeds. */
  n: number
  mean: LossCurve
  /** Standard deviation with n − 1; null of a single seed. */
  sd: LossCurve | null
  /** From the least to the greatest; null of a single seed. */
  range: Band | null
}

/** What a band around a mean is: from the least to the greatest seed, or one standard deviation to each side. */
export type BandKind = 'range' | 'sd'

/** The series of a run in the order of their ranks. */
export function seriesOf(file: Pick<RunFile, 'experiment' | 'models' | 'epochSeconds'>): Series[] {
  const { experiment, models } = file
  const { base, varied } = experiment
  const seconds = secondsOf(file)
  const loss = lossOf(experiment)
  const trainsWith = (value: HyperparameterValue) => (varied.key === 'loss' ? value : base.loss)
  return valuesOf(experiment).map((value, rank) => {
    const indices = models.flatMap((model, index) => (model.rank === rank ? [index] : []))
    const own = indices.map((index) => models[index] as RunModel)
    const curves = (key: keyof RunModel['history']) => own.map(({ history }) => history[key])
    const val = seriesSpread(curves('valLoss'))
    const mse = seriesSpread(curves('valMse'))
    const short = displayValue(varied.key, value)
    return {
      key: `${hyperparameters[varied.key].symbol}=${short}`,
      label: valueLabel(varied.key, value),
      short,
      rank,
      train: trainsWith(value) === loss ? eachEpoch(curves('trainLoss'), mean) : null,
      val: val.mean,
      mse: mse.mean,
      band: val.range,
      sd: val.sd && mse.sd && { val: val.sd, mse: mse.sd },
      models: indices,
      codeUnits: own[0]?.latentDim ?? 0,
      parameters: own[0]?.parameters ?? 0,
      stepsPerEpoch: Math.ceil(trainImages(experiment) / hyperparametersAt(experiment, value).batchSize),
      seconds
    }
  })
}

function secondsOf(file: Pick<RunFile, 'models' | 'epochSeconds'>): number[] | null {
  const known = (file.epochSeconds ?? []).slice(0, epochsDone(file)).filter((seconds) => seconds !== null)
  return known.length === epochsDone(file) ? known : null
}

/** The spread of one curve a seed, all of one length. The curves of a single seed are answered as they are, not copied. */
export function seriesSpread(curves: readonly LossCurve[]): SeriesSpread {
  const n = curves.length
  const several = n > 1
  return {
    n,
    mean: eachEpoch(curves, mean),
    sd: several ? eachEpoch(curves, deviation) : null,
    range: several ? { low: eachEpoch(curves, least), high: eachEpoch(curves, greatest) } : null
  }
}

/** The area around the validation loss of a series; null of a single seed. */
export function bandOf({ val, band, sd }: Pick<Series, 'val' | 'band' | 'sd'>, kind: BandKind): Band | null {
  if (kind === 'range' || !sd) return band
  const edge = (sign: number) => val.map((loss, epoch) => beside(loss, sd.val[epoch] ?? null, sign))
  return { low: edge(-1), high: edge(1) }
}

/** What a legend says of bands, `± sd of 3 seeds`; null where there are none. */
export function bandText(series: readonly Pick<Series, 'models'>[], kind: BandKind): string | null {
  const n = seedsOf(series)
  return n < 2 ? null : `${kind === 'range' ? 'min–max' : '± sd'} of ${n} seeds`
}

/** How many seeds each model is trained with, at least 1. */
export function seedsOf(series: readonly Pick<Series, 'models'>[]): number {
  return Math.max(1, series[0]?.models.length ?? 1)
}

/** What stands beside a claim about a run's models: how many seeds it rests on. */
export function seedsNote(n: number): string {
  return n === 1 ? 'One seed: with another, these figures would differ.' : `Means of ${n} seeds.`
}

/** What the dashed lines of charts are, for their key: null where no series has one, with the run's loss where some have none. */
export function trainingKey(series: readonly Pick<Series, 'train'>[], experiment: Experiment): string | null {
  const withLine = series.filter(({ train }) => train !== null)
  if (withLine.length === 0) return null
  return withLine.length === series.length ? 'training' : `training (${lossOf(experiment).toUpperCase()} alone)`
}

/** Whether the models differ in the width of their code, which alone can be called narrow or wide. */
export function differInWidth({ varied }: Pick<Experiment, 'varied'>): boolean {
  return varied.key === 'latentDim'
}

/** The metrics of a series: means over its seeds, the gap closed by their mean loss; null before the first epoch has ended. */
export function seriesMetrics(file: Pick<RunFile, 'models' | 'bounds'>, series: SeriesEnd): Metrics | null {
  const closed = seriesGapClosed(file, series)
  if (closed === null) return null
  const all = series.models.map((index) => file.models[index]?.metrics as Metrics)
  const keys = Object.keys(all[0] as Metrics) as (keyof Metrics)[]
  const means = keys.map((key) => [key, mean(all.map((metrics) => metrics[key]))])
  return { ...(Object.fromEntries(means) as Metrics), gapClosed: closed }
}

/** Standard deviations (n − 1) of a series' metrics over its seeds; null of a single seed and before all are measured. */
export function seriesMetricsSd(
  { models }: Pick<RunFile, 'models'>,
  { models: own }: Pick<Series, 'models'>
): Metrics | null {
  const all = own.flatMap((index) => models[index]?.metrics ?? [])
  if (own.length < 2 || all.length < own.length) return null
  const keys = Object.keys(all[0] as Metrics) as (keyof Metrics)[]
  return Object.fromEntries(
    keys.map((key) => [key, deviation(all.map((metrics) => metrics[key]))])
  ) as unknown as Metrics
}

/** The gap closed by the mean loss of a series, below 0 where it is worse than the mean digit; null before the first epoch has ended. */
export function seriesGapClosed(
  { models, bounds }: Pick<RunFile, 'models' | 'bounds'>,
  { models: own, val }: SeriesEnd
): number | null {
  const isMeasured = own.length > 0 && own.every((index) => models[index]?.metrics)
  return isMeasured ? gapShare(val[val.length - 1] ?? NaN, bounds) : null
}

type SeriesEnd = Pick<Series, 'models' | 'val'>

function eachEpoch(curves: readonly LossCurve[], combine: (values: (number | null)[]) => number | null): LossCurve {
  const [first = []] = curves
  return curves.length === 1 ? first : first.map((_, epoch) => combine(curves.map((curve) => curve[epoch] ?? null)))
}

/** The function over all values; null as soon as one is. */
const ofNumbers = (reduce: (values: number[]) => number) => (values: (number | null)[]) =>
  values.every((value): value is number => value !== null) ? reduce(values) : null
const mean = ofNumbers((values) => values.reduce((sum, value) => sum + value, 0) / values.length)
const deviation = ofNumbers((values) => {
  const centre = values.reduce((sum, value) => sum + value, 0) / values.length
  return Math.sqrt(values.reduce((sum, value) => sum + (value - centre) ** 2, 0) / (values.length - 1))
})
const least = ofNumbers((values) => Math.min(...values))
const greatest = ofNumbers((values) => Math.max(...values))

function beside(loss: number | null, sd: number | null, sign: number): number | null {
  return loss === null || sd === null ? null : loss + sign * sd
}
