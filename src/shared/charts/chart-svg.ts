// A chart as an SVG file, by the same configuration as on screen and on paper.
import { BasicPlatform, Chart, type ChartConfiguration, type ChartItem, type Point } from 'chart.js'
import { lossChart, type LossChartOptions } from './loss'
import { chartParts } from './parts'
import { svgContext, type MeasureText } from './svg-context'

/** What a chart is drawn into. Lengths are in CSS pixels; in a report they are points. */
export interface Picture {
  width: number
  height: number
  /** Left empty on all sides. */
  margin: number
  /** The colour behind the chart; null: none. */
  surface: string | null
  /** What it is called where it can't be seen. */
  title: string
  measure: MeasureText
}

/** The text of an SVG file with the chart in it. */
export function chartSvg(chart: ChartConfiguration<'line', Point[]>, picture: Picture): string {
  const { width, height, margin, surface, title, measure } = picture
  Chart.register(...chartParts)
  const context = svgContext(width, height, measure)
  if (surface !== null) {
    context.fillStyle = surface
    context.fillRect(0, 0, width, height)
  }
  context.translate(margin, margin)
  const still = { ...chart.options, responsive: false, animation: false as const, devicePixelRatio: DEVICE_PIXELS }
  // with segments Chart.js draws lines piece by piece; else as a Path2D, which can't be read back
  const datasets = chart.data.datasets.map((dataset) => ({ ...dataset, segment: {} }))
  const canvas = canvasOf(context, width - 2 * margin, height - 2 * margin)
  new Chart(canvas, { ...chart, data: { datasets }, options: still, platform: BasicPlatform }).destroy()
  return context.toSvg(title)
}

/** Chart.js puts grid lines on whole device pixels: these are fine ones. */
const DEVICE_PIXELS = 8

/** What Chart.js takes for a canvas. */
function canvasOf(context: ReturnType<typeof svgContext>, width: number, height: number): ChartItem {
  const canvas = { width, height, style: {}, getContext: () => context }
  Object.assign(context, { canvas })
  return canvas as unknown as ChartItem // no element of a page: only what is used of one
}

/** A loss chart as a picture of its own, on the theme's surface. */
export function lossChartSvg(options: LossChartOptions, title: string, measure: MeasureText): string {
  const size = { width: 720, height: 440, margin: 16 }
  return chartSvg(lossChart(options), { ...size, surface: options.theme.surface, title, measure })
}
