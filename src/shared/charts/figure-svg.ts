// A chart as a picture that stands alone: title and legend above the chart, in print sizes, whatever kind of chart it is.
import type { ChartConfiguration, Point } from 'chart.js'
import { LabError } from '../errors'
import { drawChart } from './chart-svg'
import { drawHead, headLayout, type LegendEntry } from './figure-head'
import { svgContext, type MeasureText } from './svg-context'
import { printTheme, type ChartTheme } from './theme'

/** What a figure is drawn to. Lengths are in points, 1/72 inch; in the SVG one point is one user unit. */
export interface FigureSize {
  /** Of the whole picture, 85 to 1134 (30 to 400 mm). */
  width: number
  /** Of the whole picture; null: what suits the width, which the figure decides. */
  height: number | null
  /** Of axes and legends; titles, lines and gaps follow it. 7 in print, about 18 on a slide of 960 × 540. */
  textSize: number
}

/** A chart, and what a reader without the window needs beside it. */
export interface ChartFigure {
  title: string
  /** What lines, dots and areas are; empty: axes and labels say it all. */
  legend(theme: ChartTheme): LegendEntry[]
  chart(theme: ChartTheme): ChartConfiguration<'line', Point[]>
  /** Height of the chart for its width, where that is not as it comes. */
  shape?: number
}

/** In text sizes: a chart that is lower can't be seen to be one. */
const LEAST_CHART = 4

/** The text of an SVG file, white behind the chart. Throws LabError `bad-value` where title and legend leave no room for the chart. */
export function figureSvg(figure: ChartFigure, size: FigureSize, measure: MeasureText): string {
  const theme = printTheme(size.textSize)
  const margin = size.textSize / 2
  const { width } = size
  const inner = width - 2 * margin
  const head = headLayout({ title: figure.title, legend: figure.legend(theme), theme, width: inner, measure })
  const height =
    size.height ?? Math.ceil(2 * margin + head.height + (figure.shape ? figure.shape * inner : chartHeight(size)))
  const top = margin + head.height
  const place = { left: margin, top, width: inner, height: height - top - margin }
  if (place.height < LEAST_CHART * size.textSize) throw tooLow(size.textSize)
  const context = svgContext(width, height, measure)
  context.fillStyle = theme.surface
  context.fillRect(0, 0, width, height)
  drawHead(context, head, { left: margin, top: margin }, theme)
  drawChart(context, figure.chart(theme), place)
  return context.toSvg(figure.title)
}

const tooLow = (textSize: number) =>
  new LabError('bad-value', `The figure is too low for its text of ${textSize} pt`, {
    remedy: 'Choose a greater height or width, or smaller text'
  })

/** Narrow pictures are higher for their width: axes and labels take the same room in all. */
const chartHeight = ({ width, textSize }: FigureSize) => 9 * textSize + 0.36 * width
