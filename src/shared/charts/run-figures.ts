// A run's charts as figures that stand alone, each under a name: what the command line exports.
import { namedBounds } from '../dataset'
import { epochsOf, lossOf } from '../experiment'
import { hyperparameters, isOrdered } from '../hyperparameters'
import { epochsDone, type RunFile } from '../run'
import { bandText, seriesOf, trainingKey, type Series } from '../series'
import { factorMetrics, factorTitles, factorValues } from './factor'
import { factorFigure } from './factor-figure'
import type { ChartFigure } from './figure-svg'
import { lossFigure } from './loss-figure'
import { highestLoss } from './loss-scale'

export interface NamedFigure {
  /** Letters, digits and dashes: `losses`, `loss-1` of the first value of what varies, `quality-mse`. */
  name: string
  figure: ChartFigure
}

/** All losses in one chart, those of each value in one of its own, and each metric that was measured against what varies. */
export function runFigures(run: RunFile): NamedFigure[] {
  const series = seriesOf(run)
  const titled = (title: string) => `${title} · ${run.experiment.name}`
  const loss = (shown: readonly Series[], of: string) =>
    lossFigure(lossOptions(run, series, shown), {
      title: titled(`Loss of ${of} by epoch`),
      training: trainingKey(shown, run.experiment),
      band: bandText(shown, 'range')
    })
  const factor = hyperparameters[run.experiment.varied.key].label.toLowerCase()
  const metrics = factorMetrics.filter((metric) => factorValues(run, metric).some((value) => value !== null))
  return [
    { name: 'losses', figure: loss(series, 'all models') },
    ...series.map((one, index) => ({ name: `loss-${index + 1}`, figure: loss([one], one.label) })),
    ...metrics.map((metric) => ({
      name: `quality-${metric}`,
      figure: factorFigure({ metric, run }, titled(`${factorTitles[metric].title} by ${factor}`))
    }))
  ]
}

function lossOptions(run: RunFile, all: readonly Series[], series: readonly Series[]) {
  return {
    series,
    seriesCount: all.length,
    ordered: isOrdered(run.experiment.varied.key),
    bounds: namedBounds(run),
    highest: highestLoss(all, epochsOf(run.experiment), run.bounds),
    epochs: Math.max(1, epochsDone(run)),
    scale: 'linear' as const,
    lossName: lossOf(run.experiment).toUpperCase()
  }
}
