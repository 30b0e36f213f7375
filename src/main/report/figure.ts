// One figure as a PDF: a page of exactly its size, made by Typst of the SVG that a window has drawn.
import { svgSize } from '@shared/charts/svg-context'
import { LabError, messageOf } from '@shared/errors'
import { openTypeface } from '../system/typeface'
import { printable } from './printable'
import page from './template/figure.typ?raw'
import { typeset } from './typeset'

export interface Figure {
  svg: string
  /** What it is called where it can't be seen, and in the list of open documents. */
  title: string
}

export interface FigureInput {
  figure: Figure
}

/** Sides in points that a page may have: PDF 1.7 (ISO 32000-1, annex C) ends at 14,400. */
const MOST_POINTS = 14_400

/** The same figure gives the same bytes. Throws LabError `bad-value` where the SVG is none or doesn't stand alone. */
export async function drawFigure({ svg, title }: Figure): Promise<Uint8Array> {
  checkAlone(svg)
  const { width, height } = sizeOf(svg)
  const { files, has } = await openTypeface()
  const sources = new Map([
    ['main.typ', page],
    ['figure.svg', printable(svg, has)],
    ['document.json', JSON.stringify({ title: printable(title, has), width, height })]
  ])
  try {
    const fonts = files.map(({ content }) => content)
    return typeset(sources, fonts, 'ua-1')
  } catch (error) {
    throw NOT_READ.test(messageOf(error)) ? refused(messageOf(error).slice(0, 300)) : error
  }
}

/** Typst's words where a picture is no SVG, or a broken one; any other failure is not the picture's. */
const NOT_READ = /failed to parse SVG/

/** What an SVG file could bring in from elsewhere, or make endless work of; nothing that the window draws has any of it. */
const OUTSIDE = [
  /<!(DOCTYPE|ENTITY)/i,
  /<\?(?!xml\s)/i,
  /<[\w.-]*:?(script|foreignObject|use|style|filter|pattern|mask|symbol|feImage)\b/i,
  /\bhref\s*=\s*(?!["'](#|data:image\/(png|jpeg);base64,))/i,
  /\burl\(\s*(?!["']?#)/i,
  /@import/i
]

function checkAlone(svg: string): void {
  const found = OUTSIDE.map((pattern) => pattern.exec(svg)?.[0]).find((text) => text !== undefined)
  if (found !== undefined) throw refused(found)
}

function sizeOf(svg: string): { width: number; height: number } {
  const root = /^\s*(?:<\?xml[^>]*>\s*)?<svg\b[^>]*>/.exec(svg)?.[0] ?? ''
  const { width, height } = svgSize(root)
  if (width > 0 && height > 0 && width <= MOST_POINTS && height <= MOST_POINTS) return { width, height }
  throw refused(root.slice(0, 200) || 'no <svg> at its beginning')
}

const refused = (found: string) =>
  new LabError('bad-value', 'The figure can’t be made a PDF', {
    found,
    expected: `SVG with a width and a height of at most ${MOST_POINTS} units that refers to nothing outside itself`
  })
