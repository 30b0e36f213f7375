// How charts look: the measuring half of the design tokens, for a canvas that knows no CSS. Light is also the paper's theme.
import { mix } from './oklab'

export interface ChartTheme {
  text: string
  text2: string
  text3: string
  /** Grid lines. */
  line: string
  /** Mean digit and perfect copy. */
  bound: string
  surface: string
  /**
   * Six colours, that of rank 0 first; `seriesColours` samples them. Ordinal: lightness rises with the rank. At least 3 : 1 on every
   * surface; neighbours stay apart for protan, deutan and tritan sight. For lines, dots, bars and numerals of 20 px bold, no smaller text.
   */
  ramp: readonly string[]
  /** Six colours for values without an order, as far apart for colour-blind sight as 3 : 1 on every surface lets them be. */
  categories: readonly string[]
  /** Family names as CSS writes them. */
  font: string
  /** Size of axis and end labels, in canvas units. */
  textSize: number
  /** Line widths and the training loss's dashes, in canvas units. */
  strokes: { validation: number; train: number; bound: number; trainDash: readonly number[] }
}

/** Opacity of the area around a mean over seeds. */
export const BAND = 0.18

const shared = {
  font: 'Inter, system-ui, -apple-system, "Segoe UI", "Helvetica Neue", sans-serif',
  textSize: 11,
  strokes: { validation: 1.75, train: 1.25, bound: 1, trainDash: [3, 2.5] }
} as const

export const lightTheme: ChartTheme = {
  ...shared,
  text: '#1c1d1f',
  text2: '#54575d',
  text3: '#676b72',
  line: '#e5e5e1',
  bound: '#92938e',
  surface: '#ffffff',
  ramp: ['#740a58', '#61178f', '#2e4fb4', '#006f99', '#018a7a', '#788d04'],
  // Paul Tol's muted scheme (personal.sron.nl/~pault, 2021), two of them darker
  categories: ['#332288', '#cc6677', '#117733', '#882255', '#2d9787', '#8c8c23']
}

export const darkTheme: ChartTheme = {
  ...shared,
  text: '#e8e9eb',
  text2: '#b1b5bb',
  text3: '#949aa2',
  line: '#292b2f',
  bound: '#666b72',
  surface: '#17181a',
  ramp: ['#bf559b', '#a876d8', '#819ff2', '#6cc1ee', '#6bdcc6', '#d6e777'],
  // Okabe & Ito 2008 (jfly.uni-koeln.de/color), blue a little lighter; the hues nearest to light's
  categories: ['#0a76b6', '#d55e00', '#009e73', '#cc79a7', '#56b4e9', '#e69f00']
}

/** The typeface of pictures that leave the window. */
export const PRINT_FONT = 'Inter'

/** The light theme at the sizes of print: lines follow the text, whose size is in points. */
export function printTheme(textSize = 7): ChartTheme {
  const em = textSize / 7
  return {
    ...lightTheme,
    font: `${PRINT_FONT}, sans-serif`, // a picture of the pages in a window has no fonts of its own
    textSize,
    strokes: { validation: 1.2 * em, train: 0.8 * em, bound: 0.6 * em, trainDash: [2.4 * em, 1.8 * em] }
  }
}

/**
 * One colour a series in the order of ranks. Of an ordered factor evenly spread over the theme's ramp; six series get exactly its six
 * colours. Of one without an order its categories, as long as they last.
 */
export function seriesColours(theme: ChartTheme, count: number, ordered = true): string[] {
  if (!ordered && count <= theme.categories.length) return theme.categories.slice(0, count)
  return Array.from({ length: count }, (_, rank) => rampColour(theme.ramp, count === 1 ? 0.5 : rank / (count - 1)))
}

/** The typeface of axes; Chart.js asks for one with each axis. */
export function tickFont({ font, textSize }: ChartTheme): { family: string; size: number; lineHeight: number } {
  return { family: font, size: textSize, lineHeight: 1.2 }
}

/** The colour at a share, 0 to 1, of a ramp of at least two colours. */
function rampColour(ramp: readonly string[], share: number): string {
  const position = share * (ramp.length - 1)
  const below = Math.min(Math.floor(position + 1e-9), ramp.length - 2)
  return mix(ramp[below] ?? '', ramp[below + 1] ?? '', position - below)
}

/** The options of all our charts: data as it is, drawn at once, in the size of its place, and no events. */
export const stillChart = {
  animation: false as const,
  responsive: true,
  maintainAspectRatio: false,
  parsing: false as const,
  normalized: true,
  events: []
}

/** The name at an axis, as Chart.js takes it. */
export function axisTitle(display: boolean, text: string, theme: ChartTheme) {
  return { display, text, color: theme.text3, font: tickFont(theme), padding: theme.textSize / 4 }
}
