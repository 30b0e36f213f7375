// What charts, tables, insight and report know of a run's models: one series for each value of the varied hyperparameter.
import { displayValue, hyperparameters } from './hyperparameters'
import { hyperparametersAt, lossOf, valueLabel, valuesOf, type Experiment } from './experiment'
import { gapClosed } from './metrics'
import type { Metrics, RunFile, RunModel } from './run'

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
  band: { low: LossCurve; high: LossCurve } | null
  /** Models of the run's list that the series is made of, one a seed, as their indices. The first one's digits stand for all. */
  models: readonly number[]
  /** Units of the code, and weights and biases of one model. */
  codeUnits: number
  parameters: number
}

/** The series of a run in the order of their ranks. */
export function seriesOf({ experiment, models }: Pick<RunFile, 'experiment' | 'models'>): Series[] {
  const { varied } = experiment
  const loss = lossOf(experiment)
  return valuesOf(experiment).map((value, rank) => {
    const indices = models.flatMap((model, index) => (model.rank === rank ? [index] : []))
    const own = indices.map((index) => models[index] as RunModel)
    const curves = (key: keyof RunModel['history']) => own.map(({ history }) => history[key])
    const val = curves('valLoss')
    return {
      key: `${hyperparameters[varied.key].symbol}=${displayValue(varied.key, value)}`,
      label: valueLabel(varied.key, value),
      short: displayValue(varied.key, value),
      rank,
      train: hyperparametersAt(experiment, value).loss === loss ? eachEpoch(curves('trainLoss'), mean) : null,
      val: eachEpoch(val, mean),
      mse: eachEpoch(curves('valMse'), mean),
      band: own.length < 2 ? null : { low: eachEpoch(val, least), high: eachEpoch(val, greatest) },
      models: indices,
      codeUnits: own[0]?.latentDim ?? 0,
      parameters: own[0]?.parameters ?? 0
    }
  })
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
export function seriesMetrics(
  { models, bounds }: Pick<RunFile, 'models' | 'bounds'>,
  series: Pick<Series, 'models' | 'val'>
): Metrics | null {
  const all = series.models.map((index) => models[index]?.metrics ?? null)
  const [first] = all
  if (!first || all.some((metrics) => metrics === null)) return null
  const keys = Object.keys(first) as (keyof Metrics)[]
  const means = keys.map((key) => [key, mean(all.map((metrics) => (metrics as Metrics)[key]))])
  const loss = series.val[series.val.length - 1] ?? NaN
  return { ...(Object.fromEntries(means) as Metrics), gapClosed: gapClosed(loss, bounds) }
}

function eachEpoch(curves: readonly LossCurve[], combine: (values: (number | null)[]) => number | null): LossCurve {
  const [first = []] = curves
  return curves.length === 1 ? first : first.map((_, epoch) => combine(curves.map((curve) => curve[epoch] ?? null)))
}

/** The function over all values; null as soon as one is. */
const ofNumbers = (reduce: (values: number[]) => number) => (values: (number | null)[]) =>
  values.every((value): value is number => value !== null) ? reduce(values) : null
const mean = ofNumbers((values) => values.reduce((sum, value) => sum + value, 0) / values.length)
const least = ofNumbers((values) => Math.min(...values))
const greatest = ofNumbers((values) => Math.max(...values))
