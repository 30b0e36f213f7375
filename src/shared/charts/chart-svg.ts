// A chart as an SVG file, by the same configuration as on screen and on paper.
import { BasicPlatform, Chart, type ChartConfiguration, type ChartItem, type Point } from 'chart.js'
import { chartParts } from './parts'
import { svgContext, type MeasureText, type SvgContext } from './svg-context'

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
  const context = svgContext(width, height, measure)
  if (surface !== null) {
    context.fillStyle = surface
    context.fillRect(0, 0, width, height)
  }
  drawChart(context, chart, { left: margin, top: margin, width: width - 2 * margin, height: height - 2 * margin })
  return context.toSvg(title)
}

/** Draws the chart into a part of a picture. */
export function drawChart(
  context: SvgContext,
  chart: ChartConfiguration<'line', Point[]>,
  { left, top, width, height }: { left: number; top: number; width: number; height: number }
): void {
  Chart.register(...chartParts)
  const still = { ...chart.options, responsive: false, animation: false as const, devicePixelRatio: DEVICE_PIXELS }
  // with segments Chart.js draws lines piece by piece; else as a Path2D, which can't be read back
  const datasets = chart.data.datasets.map((dataset) => ({ ...dataset, segment: {} }))
  context.save()
  context.translate(left, top)
  const canvas = canvasOf(context, width, height)
  new Chart(canvas, { ...chart, data: { datasets }, options: still, platform: BasicPlatform }).destroy()
  context.restore()
}

/** Chart.js puts grid lines on whole device pixels: these are fine ones. */
const DEVICE_PIXELS = 8

/** What Chart.js takes for a canvas. */
function canvasOf(context: SvgContext, width: number, height: number): ChartItem {
  const canvas = { width, height, style: {}, getContext: () => context }
  Object.assign(context, { canvas })
  return canvas as unknown as ChartItem // no element of a page: only what is used of one
}
