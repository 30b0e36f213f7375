// What stands above a chart that leaves the window: its title in lines, and a legend in rows.
import { plainText } from '../plain-text'
import { cutToWidth } from './cut-to-width'
import type { MeasureText, SvgContext } from './svg-context'
import type { ChartTheme } from './theme'

/** How what is named is drawn: lines by their dashes, the area around a line, a line from least to greatest, a dot; `none`: a remark. */
export type LegendSign = 'line' | 'dashed' | 'dotted' | 'thin' | 'band' | 'range' | 'dot' | 'none'

export interface LegendEntry {
  sign: LegendSign
  colour: string
  name: string
}

interface PlacedEntry extends LegendEntry {
  left: number
  /** Number of its row, from 0. */
  row: number
}

export interface Head {
  titleLines: string[]
  entries: PlacedEntry[]
  /** Of all of it, with the gap below. */
  height: number
}

interface HeadContent {
  title: string
  legend: readonly LegendEntry[]
  theme: ChartTheme
  /** What all lines and rows have to fit into. */
  width: number
  measure: MeasureText
}

const MOST_TITLE_LINES = 2
// In text sizes:
const TITLE = 1.2
const LINE = 1.35
const SIGN = 2
const SIGN_GAP = 0.5
const ENTRY_GAP = 1.4

const titleFont = ({ textSize, font }: ChartTheme) => `600 ${TITLE * textSize}px ${font}`
const legendFont = ({ textSize, font }: ChartTheme) => `400 ${textSize}px ${font}`

export function headLayout({ title, legend, theme, width, measure }: HeadContent): Head {
  const size = theme.textSize
  const titleLines = linesOf(title, width, (text) => measure(text, titleFont(theme)))
  const entries = placed(legend, width, theme, (text) => measure(text, legendFont(theme)))
  const rows = entries.length > 0 ? 1 + Math.max(...entries.map(({ row }) => row)) : 0
  const height = (titleLines.length * TITLE * LINE + rows * LINE) * size
  return { titleLines, entries, height: height > 0 ? height + 0.6 * size : 0 }
}

export function drawHead(
  ctx: SvgContext,
  { titleLines, entries }: Head,
  { left, top }: { left: number; top: number },
  theme: ChartTheme
): void {
  const size = theme.textSize
  ctx.save()
  ctx.textAlign = 'left'
  ctx.textBaseline = 'middle'
  ctx.font = titleFont(theme)
  ctx.fillStyle = theme.text
  titleLines.forEach((line, index) => ctx.fillText(line, left, top + (index + 0.5) * TITLE * LINE * size))
  const below = top + titleLines.length * TITLE * LINE * size
  for (const entry of entries) {
    const y = below + (entry.row + 0.5) * LINE * size
    drawSign(ctx, entry, left + entry.left, y, theme)
    ctx.font = legendFont(theme)
    ctx.fillStyle = theme.text2
    ctx.fillText(entry.name, left + entry.left + signWidth(entry, size), y)
  }
  ctx.restore()
}

const signWidth = ({ sign }: LegendEntry, size: number) => (sign === 'none' ? 0 : (SIGN + SIGN_GAP) * size)

/** From left to right as long as there is room, then in the next row; a name that is wider than a row is cut. */
function placed(
  legend: readonly LegendEntry[],
  width: number,
  { textSize: size }: ChartTheme,
  widthOf: (text: string) => number
): PlacedEntry[] {
  let [left, row] = [0, 0]
  return legend.map((entry) => {
    const before = signWidth(entry, size)
    const name = cutToWidth(plainText(entry.name), width - before, widthOf)
    const own = before + widthOf(name)
    if (left > 0 && left + own > width) [left, row] = [0, row + 1]
    const at = { ...entry, name, left, row }
    left += own + ENTRY_GAP * size
    return at
  })
}

function drawSign(ctx: SvgContext, { sign, colour }: LegendEntry, left: number, y: number, theme: ChartTheme): void {
  const { textSize: size, strokes } = theme
  const width = SIGN * size
  ctx.fillStyle = colour
  ctx.strokeStyle = colour
  if (sign === 'none') return
  if (sign === 'band') {
    ctx.save()
    ctx.globalAlpha = 0.3 // stronger than the areas themselves, which lie under lines
    ctx.fillRect(left, y - 0.4 * size, width, 0.8 * size)
    ctx.restore()
    return
  }
  ctx.beginPath()
  if (sign === 'dot') {
    ctx.arc(left + width / 2, y, 0.3 * size)
    ctx.fill()
    return
  }
  if (sign === 'range') {
    const [across, half] = [left + width / 2, 0.45 * size]
    ctx.moveTo(across, y - half)
    ctx.lineTo(across, y + half)
    for (const end of [y - half, y + half]) {
      ctx.moveTo(across - half / 2, end)
      ctx.lineTo(across + half / 2, end)
    }
  } else {
    ctx.moveTo(left, y)
    ctx.lineTo(left + width, y)
  }
  ctx.lineWidth = { line: strokes.validation, dashed: strokes.train }[sign as string] ?? strokes.bound
  ctx.setLineDash({ dashed: strokes.trainDash, dotted: [strokes.bound, 2 * strokes.bound] }[sign as string] ?? [])
  ctx.stroke()
  ctx.setLineDash([])
}

/** The words of a title in lines; what has no room in the last one is cut. */
function linesOf(text: string, width: number, widthOf: (text: string) => number): string[] {
  const lines: string[] = []
  let rest = plainText(text).trim().split(/\s+/).filter(Boolean)
  while (rest.length > 0 && lines.length < MOST_TITLE_LINES) {
    const isLast = lines.length === MOST_TITLE_LINES - 1
    let count = rest.length
    while (!isLast && count > 1 && widthOf(rest.slice(0, count).join(' ')) > width) count -= 1
    lines.push(cutToWidth(rest.slice(0, count).join(' '), width, widthOf))
    rest = rest.slice(count)
  }
  return lines
}
