// The comparison as a picture: a bar an entry on one axis from zero, its ends as a whisker. By the charts' own SVG writer.
import { svgContext } from '../src/shared/charts/svg-context'
import { lightTheme } from '../src/shared/charts/theme'
import type { Entry } from './results'
import { spreadOf } from './statistics'

const WIDTH = 720
const MARGIN = 16
const ROW_HEIGHT = 40
const BAR_HEIGHT = 14
const TITLE_HEIGHT = 28
/** Where a bar that is cut shows it. */
const CUT_FROM_END = 24
const CUT_WIDTH = 6
/** Room for the figure behind the longest bar. */
const FIGURE_WIDTH = 120

const colours: Record<Entry['kind'], string | undefined> = {
  ours: lightTheme.ramp[2],
  variant: lightTheme.ramp[3],
  peer: lightTheme.text3,
  products: lightTheme.bound
}

/** A bar more than so many times as long as the next would leave no room for the others: it is cut. */
const LONGEST_OF_NEXT = 3

/** Milliseconds a step of each entry, in their order; the title stands above them and names the picture. */
export function barsSvg(title: string, entries: readonly Entry[]): string {
  const bars = entries.map((entry) => ({ ...entry, ...spreadOf(entry.milliseconds) }))
  const longest = longestShown(bars.map(({ median }) => median))
  const scale = (WIDTH - 2 * MARGIN - FIGURE_WIDTH) / longest
  const height = 2 * MARGIN + TITLE_HEIGHT + ROW_HEIGHT * bars.length
  const { font, surface, text, text2, textSize } = lightTheme

  const context = svgContext(WIDTH, height, () => 0)
  context.fillStyle = surface
  context.fillRect(0, 0, WIDTH, height)
  const write = (words: string, x: number, y: number, colour: string, weight = 400) => {
    context.font = `${weight} ${textSize + 1}px ${font}`
    context.fillStyle = colour
    context.fillText(words, x, y)
  }
  write(title, MARGIN, MARGIN + textSize, text, 600)
  bars.forEach(({ title: name, kind, median, least, most }, row) => {
    const top = MARGIN + TITLE_HEIGHT + row * ROW_HEIGHT
    write(name, MARGIN, top + textSize, text2)
    const barTop = top + textSize + 5
    context.fillStyle = colours[kind] ?? text
    const [from, length, to] = [least, median, most].map((value) => Math.min(value, longest) * scale) as Triple
    context.fillRect(MARGIN, barTop, length, BAR_HEIGHT)
    context.fillStyle = text
    context.fillRect(MARGIN + from, barTop + BAR_HEIGHT / 2 - 0.5, to - from, 1)
    context.fillStyle = surface
    if (median > longest) context.fillRect(MARGIN + length - CUT_FROM_END, barTop, CUT_WIDTH, BAR_HEIGHT)
    write(`${median.toFixed(2)} ms`, MARGIN + to + 8, barTop + BAR_HEIGHT - 3, text)
  })
  return context.toSvg(title)
}

type Triple = [number, number, number]

function longestShown(values: readonly number[]): number {
  const [longest = 0, next = longest] = [...values].sort((a, b) => b - a)
  return longest > LONGEST_OF_NEXT * next ? 1.5 * next : longest
}
