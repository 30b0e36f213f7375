// A loss chart as an SVG file, by the same configuration as on screen and on paper.
import { BasicPlatform, Chart, type ChartItem } from 'chart.js'
import { lossChart, type LossChartOptions } from './loss'
import { chartParts } from './parts'
import { svgContext, type MeasureText } from './svg-context'

/** The picture's size in CSS pixels. */
const WIDTH = 720
const HEIGHT = 440
const MARGIN = 16

/** The text of an SVG file on the theme's surface; `title` names it. */
export function lossChartSvg(options: LossChartOptions, title: string, measure: MeasureText): string {
  Chart.register(...chartParts)
  const context = svgContext(WIDTH, HEIGHT, measure)
  context.fillStyle = options.theme.surface
  context.fillRect(0, 0, WIDTH, HEIGHT)
  context.translate(MARGIN, MARGIN)
  const configuration = lossChart(options)
  const still = { ...configuration.options, responsive: false, devicePixelRatio: 1 }
  // with segments Chart.js draws lines piece by piece; else as a Path2D, which can't be read back
  const datasets = configuration.data.datasets.map((dataset) => ({ ...dataset, segment: {} }))
  const chart = { ...configuration, data: { datasets }, options: still, platform: BasicPlatform }
  new Chart(canvasOf(context), chart).destroy()
  return context.toSvg(title)
}

/** What Chart.js takes for a canvas. */
function canvasOf(context: ReturnType<typeof svgContext>): ChartItem {
  const canvas = { width: WIDTH - 2 * MARGIN, height: HEIGHT - 2 * MARGIN, style: {}, getContext: () => context }
  Object.assign(context, { canvas })
  return canvas as unknown as ChartItem // no element of a page: only what is used of one
}
