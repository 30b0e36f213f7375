// The losses of several runs as charts: all together, or one chart a value; lines coloured by run or by value.
import type { LossChartOptions, LossSeries } from '@shared/charts/loss'
import { namedBounds } from '@shared/dataset'
import { FEW_EPOCHS, highestLoss } from '@shared/charts/loss-scale'
import { zoomedRange } from '@shared/charts/loss-zoom'
import type { ChartTheme } from '@shared/charts/theme'
import { allEpochs, type XAxis } from '@shared/charts/x-axis'
import { epochsOf, lossOf } from '@shared/experiment'
import { isOrdered } from '@shared/hyperparameters'
import type { RunFile } from '@shared/run'
import type { Series } from '@shared/series'
import { smoothed } from '@shared/smoothing'
import { titleAmong } from '@shared/run-differences'
import { valueLabels } from '@shared/run-results'

export type ColourBy = 'run' | 'value'
export type Arrangement = 'together' | 'by-value'

/** More lines than this in one chart have no dashed companions, which nobody could follow. */
const MOST_WITH_TRAINING = 6

export interface CompareChart {
  key: string
  title: string
  /** What a reader without the picture hears. */
  description: string
  options: LossChartOptions
  /** What the colours stand for, by rank. */
  names: readonly string[]
}

interface Compared {
  letter: string
  view: { file: RunFile }
  series: readonly Series[]
  epochs: number
}

interface ChartsWanted {
  colourBy: ColourBy
  arrangement: Arrangement
  scale: LossChartOptions['scale']
  /** All epochs where it is left out. */
  xAxis?: XAxis
  /** 0 (not at all) to below 1. */
  smoothing?: number
  theme: ChartTheme
  /** Values on show; others are left out. */
  values: ReadonlySet<string>
}

/** Charts of the runs; those of another data set or loss have axes of their own, as their losses can't be compared. */
export function compareCharts(runs: readonly Compared[], wanted: ChartsWanted): CompareChart[] {
  const groups = new Map<string, Compared[]>()
  for (const run of runs) {
    const { dataset, experiment } = run.view.file
    const key = `${dataset.sha256} ${lossOf(experiment)}`
    groups.set(key, [...(groups.get(key) ?? []), run])
  }
  return [...groups].flatMap(([key, group]) => chartsOf(key, group, runs, wanted))
}

function chartsOf(groupKey: string, group: Compared[], all: readonly Compared[], wanted: ChartsWanted): CompareChart[] {
  const [lead] = group
  const bounds = lead && namedBounds(lead.view.file)
  if (!bounds || !(bounds.meanDigit > bounds.perfectCopy)) return []
  const files = all.map(({ view }) => view.file)
  const title = `${titleAmong(lead.view.file, files)}, ${lossOf(lead.view.file.experiment).toUpperCase()}`
  const labels = valueLabels(all)
  const planned = Math.max(...group.map(({ view }) => epochsOf(view.file.experiment)))
  const lines = group.flatMap((run) =>
    run.series.filter(({ label }) => wanted.values.has(label)).map((series) => ({ run, series }))
  )
  const byValue = isOrdered(lead.view.file.experiment.varied.key)
  const { xAxis = allEpochs, smoothing = 0 } = wanted
  const range =
    xAxis.zoom &&
    zoomedRange(
      lines.flatMap(({ series }) => [series.val, smoothed(series.val, smoothing)]),
      xAxis.zoom,
      bounds,
      wanted.scale
    )
  const chart = (key: string, name: string, shown: typeof lines, overlaid: boolean): CompareChart => {
    const series = shown.map(({ run, series: one }): LossSeries => ({
      ...one,
      label: `${run.letter}, ${one.label}`,
      short: wanted.arrangement === 'together' ? `${run.letter} ${one.short}` : run.letter,
      rank: wanted.colourBy === 'run' ? all.indexOf(run) : labels.indexOf(one.label),
      train: shown.length > MOST_WITH_TRAINING ? null : one.train
    }))
    return {
      key,
      title: name,
      description: describe(name, shown),
      names: wanted.colourBy === 'run' ? all.map((run) => `${run.letter}: ${run.view.file.experiment.name}`) : labels,
      options: {
        series,
        seriesCount: wanted.colourBy === 'run' ? all.length : labels.length,
        ordered: wanted.colourBy === 'value' && byValue,
        bounds,
        highest: highestLoss(
          lines.map((line) => line.series),
          planned,
          bounds
        ),
        epochs: planned <= FEW_EPOCHS ? planned : Math.max(...group.map(({ epochs }) => epochs), 5),
        scale: wanted.scale,
        xAxis,
        smoothing,
        range,
        theme: wanted.theme,
        overlaid,
        cursor: null,
        endLabels: true,
        boundLabels: true,
        showXAxis: true,
        titled: true,
        lossName: lossOf(lead.view.file.experiment).toUpperCase()
      }
    }
  }
  if (wanted.arrangement === 'together') return [chart(groupKey, title, lines, true)]
  return labels
    .filter((label) => lines.some(({ series }) => series.label === label))
    .map((label) =>
      chart(
        `${groupKey} ${label}`,
        `${label} · ${title}`,
        lines.filter(({ series }) => series.label === label),
        true
      )
    )
}

function describe(name: string, lines: { run: Compared; series: Series }[]): string {
  const ends = lines.map(({ run, series }) => {
    const loss = series.val[series.val.length - 1]
    return `run ${run.letter}, ${series.label}: ${typeof loss === 'number' ? loss.toFixed(4) : 'no number'}`
  })
  return `Validation loss by epoch, ${name}. At the end of each line: ${ends.join('; ')}`
}
