// The paper: A4 in points, margins, colours, and text written and broken into lines on it.
import type { SKRSContext2D } from '@napi-rs/canvas'
import { lightTheme, type ChartTheme } from '@shared/charts/theme'
import type { Series } from '@shared/series'
import { REPORT_FONT } from './fonts'

/** A page's drawing surface; also any other context of the same library, for measuring. Units are points. */
export type Paper = SKRSContext2D

/** A rectangle on a page, in points from its upper left corner. */
export interface Box {
  left: number
  top: number
  width: number
  height: number
}

export const A4 = { width: 595, height: 842 } as const
export const MARGIN = { left: 48, right: 48, top: 46, bottom: 54 } as const
export const CONTENT_WIDTH = A4.width - MARGIN.left - MARGIN.right
export const CONTENT_HEIGHT = A4.height - MARGIN.top - MARGIN.bottom

/** The light theme at the sizes of print. */
export const paperTheme: ChartTheme = {
  ...lightTheme,
  font: `"${REPORT_FONT}"`,
  textSize: 7,
  strokes: { validation: 1.2, train: 0.8, bound: 0.6, trainDash: [2.4, 1.8] }
}

/** Makes text come out the same everywhere; once for each new surface. */
export function prepare(paper: Paper): Paper {
  paper.lang = 'en' // else the host's
  paper.fontFeatureSettings = '"calt" 0' // Inter's contextual brackets and dashes are glyphs that no search finds
  return paper
}

export interface TextStyle {
  size: number
  weight: 400 | 500 | 600 | 700
  colour: string
  align?: 'left' | 'right' | 'center'
}

/** The report's few sizes; line height is 1.4 times the size. */
export const styles = {
  title: { size: 22, weight: 600, colour: lightTheme.text },
  answer: { size: 15, weight: 500, colour: lightTheme.text },
  heading: { size: 11, weight: 600, colour: lightTheme.text },
  strong: { size: 8.5, weight: 600, colour: lightTheme.text },
  body: { size: 8.5, weight: 400, colour: lightTheme.text },
  quiet: { size: 8.5, weight: 400, colour: lightTheme.text2 },
  caption: { size: 7, weight: 400, colour: lightTheme.text3 }
} as const satisfies Record<string, TextStyle>

export function lineHeight({ size }: TextStyle): number {
  return 1.4 * size
}

/** Writes one line with its baseline at `y`; answers with its width. */
export function write(paper: Paper, text: string, x: number, y: number, style: TextStyle): number {
  useStyle(paper, style)
  paper.fillText(text, x, y)
  return paper.measureText(text).width
}

export function widthOf(paper: Paper, text: string, style: TextStyle): number {
  useStyle(paper, style)
  return paper.measureText(text).width
}

/** Writes a paragraph from `top` down; answers with its height. */
export function writeParagraph(paper: Paper, text: string, box: Omit<Box, 'height'>, style: TextStyle): number {
  const lines = wrap(paper, text, box.width, style)
  lines.forEach((line, index) => write(paper, line, box.left, baseline(box.top, index, style), style))
  return lines.length * lineHeight(style)
}

export function paragraphHeight(paper: Paper, text: string, width: number, style: TextStyle): number {
  return wrap(paper, text, width, style).length * lineHeight(style)
}

/** The baseline of a paragraph's line. */
export function baseline(top: number, line: number, style: TextStyle): number {
  return top + line * lineHeight(style) + style.size * 1.08
}

/** Lines no wider than `width`, broken at spaces; a word that is wider is broken where it must. No-break spaces hold. */
function wrap(paper: Paper, text: string, width: number, style: TextStyle): string[] {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ').flatMap((one) => cut(paper, one, width, style))) {
    const longer = line === '' ? word : `${line} ${word}`
    if (line === '' || widthOf(paper, longer, style) <= width) {
      line = longer
    } else {
      lines.push(line)
      line = word
    }
  }
  return [...lines, line]
}

/** One line that ends in an ellipsis where the text is wider than `width`. */
export function shorten(paper: Paper, text: string, width: number, style: TextStyle): string {
  if (widthOf(paper, text, style) <= width) return text
  const characters = [...text]
  while (characters.length > 0 && widthOf(paper, `${characters.join('')}…`, style) > width) characters.pop()
  return `${characters.join('').trimEnd()}…`
}

/** A hairline across. */
export function rule(paper: Paper, left: number, y: number, width: number, colour: string = lightTheme.line): void {
  paper.fillStyle = colour
  paper.fillRect(left, y - 0.3, width, 0.6)
}

export function dot(paper: Paper, x: number, y: number, radius: number, colour: string): void {
  paper.beginPath()
  paper.arc(x, y, radius, 0, 2 * Math.PI)
  paper.fillStyle = colour
  paper.fill()
}

/** Names of series that stand within so many points each: their values alone where one whole name has no room. */
export function namesWithin(paper: Paper, series: readonly Pick<Series, 'label' | 'short'>[], width: number): string[] {
  const isRoom = series.every(({ label }) => widthOf(paper, label, styles.strong) <= width)
  return series.map(({ label, short }) => (isRoom ? label : shorten(paper, short, width, styles.strong)))
}

/** A series' dot and name from `left` on; the name begins NAME_INDENT behind it. */
export function writeName(paper: Paper, name: string, colour: string, left: number, y: number): void {
  dot(paper, left + 3, y - 3, 2.6, colour)
  write(paper, name, left + NAME_INDENT, y, styles.strong)
}

export const NAME_INDENT = 9

/** A section's heading under a hairline, at the top of a box; answers with the height it takes. */
export function writeHeading(paper: Paper, text: string, box: Omit<Box, 'height'>): number {
  rule(paper, box.left, box.top, box.width, lightTheme.text)
  write(paper, text, box.left, box.top + 18, styles.heading)
  return HEADING
}

export const HEADING = 28

function cut(paper: Paper, word: string, width: number, style: TextStyle): string[] {
  if (widthOf(paper, word, style) <= width) return [word]
  const pieces = ['']
  for (const character of word) {
    const last = pieces[pieces.length - 1] ?? ''
    if (last !== '' && widthOf(paper, last + character, style) > width) pieces.push(character)
    else pieces[pieces.length - 1] = last + character
  }
  return pieces
}

function useStyle(paper: Paper, { size, weight, colour, align }: TextStyle): void {
  paper.font = `${weight} ${size}px "${REPORT_FONT}"`
  paper.fillStyle = colour
  paper.textAlign = align ?? 'left'
  paper.textBaseline = 'alphabetic'
}
