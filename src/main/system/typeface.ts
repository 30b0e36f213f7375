// The typeface of what is printed: Inter from resources/fonts. Its files go to the typesetter; widths of words and what it lacks are asked of them here.
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { create, type Font } from 'fontkit'
import type { MeasureText } from '@shared/charts/svg-context'
import { resourcesFolder } from './resources'
import type { NamedFile } from './zip'

const files = { 400: 'Inter-Regular.ttf', 500: 'Inter-Medium.ttf', 600: 'Inter-SemiBold.ttf', 700: 'Inter-Bold.ttf' }

export interface Typeface {
  /** Font files of weights 400, 500, 600 and 700. */
  files: readonly NamedFile[]
  /** Width of a text in pixels, in a font as CSS writes it: `600 7px Inter`. */
  measure: MeasureText
  /** Whether it has a sign for this code point. */
  has(codePoint: number): boolean
}

/** Throws where the files are missing or unreadable. */
export async function openTypeface(): Promise<Typeface> {
  const folder = join(await resourcesFolder(), 'fonts')
  const bytes = await Promise.all(Object.values(files).map((file) => readFile(join(folder, file))))
  const fonts = new Map(Object.keys(files).map((weight, index) => [weight, fontOf(bytes[index])]))
  const regular = fonts.get('400') as Font
  const named = Object.values(files).map((name, index) => ({ name, content: bytes[index] as Buffer }))
  return { files: named, measure: measureBy(fonts, regular), has: (point) => regular.hasGlyphForCodePoint(point) }
}

function fontOf(bytes: Buffer | undefined): Font {
  const font = create(bytes ?? Buffer.alloc(0))
  if ('fonts' in font) throw new Error('a collection stands in the place of a font')
  return font
}

/** By the signs' own widths: to shape them first, as for kerning, takes a report's process long and moves a name by less than a point. */
function measureBy(fonts: ReadonlyMap<string, Font>, regular: Font): MeasureText {
  const known = new Map<string, number>()
  return (text, font) => {
    const key = `${font} ${text}`
    const found = known.get(key)
    if (found !== undefined) return found
    const [, weight = '400', size = '10'] = /(\d+) ([\d.]+)px/.exec(font) ?? []
    const face = fonts.get(weight) ?? regular
    const width =
      (face.glyphsForString(text).reduce((sum, { advanceWidth }) => sum + advanceWidth, 0) * Number(size)) /
      face.unitsPerEm
    known.set(key, width)
    return width
  }
}
