// What a user may choose of a figure that leaves the window; remembered between figures.
import * as v from 'valibot'
import { formatCount } from './format'

export const figureFormats = ['png', 'svg', 'pdf', 'csv'] as const
export type FigureFormat = (typeof figureFormats)[number]

interface Range {
  least: number
  most: number
}
/** Ends of what can be chosen: sides in millimetres, text in points, pixels for an inch. */
export const figureRanges = {
  width: { least: 30, most: 400 },
  height: { least: 20, most: 400 },
  textSize: { least: 4, most: 36 },
  resolution: { least: 72, most: 1200 }
} as const satisfies Record<string, Range>

const number = (name: keyof typeof figureRanges) => {
  const { least, most } = figureRanges[name]
  const refusal = `figure ${name}: expected a number from ${least} to ${formatCount(most)}`
  return v.pipe(v.number(refusal), v.minValue(least, refusal), v.maxValue(most, refusal))
}

export const FigureOptionsSchema = v.strictObject({
  format: v.picklist(figureFormats, `figure format: expected one of ${figureFormats.join(', ')}`),
  width: number('width'),
  /** Null: what suits the width. */
  height: v.nullable(number('height')),
  textSize: number('textSize'),
  resolution: number('resolution')
})
export type FigureOptions = v.InferOutput<typeof FigureOptionsSchema>
type FigureShape = Omit<FigureOptions, 'format'>

const POINTS_IN_A_MILLIMETRE = 72 / 25.4
export const toPoints = (millimetres: number) => millimetres * POINTS_IN_A_MILLIMETRE
export const toMillimetres = (points: number) => points / POINTS_IN_A_MILLIMETRE
/** Of a length in points at so many pixels for an inch. */
export const toPixels = (points: number, resolution: number) => Math.round((points * resolution) / 72)

/** Columns of journals with two of them, and the page of a presentation: 1920 × 1080 pixels. */
export const figurePresets = {
  column: { label: 'One column', width: 85, height: null, textSize: 7, resolution: 300 },
  columns: { label: 'Two columns', width: 178, height: null, textSize: 7, resolution: 300 },
  slide: { label: 'Slide', width: 338.67, height: 190.5, textSize: 16, resolution: 144 }
} as const satisfies Record<string, FigureShape & { label: string }>
export type FigurePreset = keyof typeof figurePresets

/** The preset that these are, if any. */
export function presetOf(options: FigureShape): FigurePreset | null {
  const keys = Object.keys(figurePresets) as FigurePreset[]
  const shape = ['width', 'height', 'textSize', 'resolution'] as const
  return keys.find((key) => shape.every((of) => figurePresets[key][of] === options[of])) ?? null
}

/** Of a picture's sides, which browsers draw, and of all its pixels, four bytes each. */
export const MOST_SIDE = 16_384
export const MOST_PIXELS = 120_000_000

/** Of a figure's SVG, and characters of its title, that the lab makes a PDF of. */
export const MOST_FIGURE_BYTES = 8_000_000
export const MOST_TITLE_CHARACTERS = 1000

export const defaultFigureOptions: FigureOptions = {
  format: 'png',
  width: figurePresets.columns.width,
  height: figurePresets.columns.height,
  textSize: figurePresets.columns.textSize,
  resolution: figurePresets.columns.resolution
}
