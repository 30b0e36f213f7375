// Inter with its tabular figures as the ordinary ones. Asking for them by font feature would draw glyphs that no character
// maps to, and a PDF's numbers could be neither searched nor copied. Layouts: OpenType 1.9, chapters cmap and GSUB.

const ZERO = 0x30
const NINE = 0x39

/** Consecutive characters mapped to consecutive glyphs. */
interface Group {
  first: number
  last: number
  glyph: number
}

/** The font with the characters 0 to 9 mapped to the glyphs of its `tnum` feature. Throws where it has no such feature. */
export function withTabularFigures(font: Buffer): Buffer {
  const cmap = tableOf(font, 'cmap')
  const tabular = singleSubstitutions(tableOf(font, 'GSUB').data, 'tnum')
  const patched = encodeCharacterMap(characterGroups(cmap.data).flatMap((group) => substituteFigures(group, tabular)))
  const whole = Buffer.concat([font, Buffer.alloc(-font.length & 3), patched])
  whole.writeUInt32BE(whole.length - patched.length, cmap.entry + 8)
  whole.writeUInt32BE(patched.length, cmap.entry + 12)
  return whole
}

function tableOf(font: Buffer, tag: string): { entry: number; data: Buffer } {
  const entry = range(font.readUInt16BE(4))
    .map((index) => 12 + 16 * index)
    .find((at) => tagAt(font, at) === tag)
  if (entry === undefined) throw new Error(`the font has no table ${tag}`)
  const offset = font.readUInt32BE(entry + 8)
  return { entry, data: font.subarray(offset, offset + font.readUInt32BE(entry + 12)) }
}

/** The character map of format 12, which Inter carries for all of Unicode. */
function characterGroups(cmap: Buffer): Group[] {
  const map = range(cmap.readUInt16BE(2))
    .map((index) => cmap.subarray(cmap.readUInt32BE(8 + 8 * index)))
    .find((table) => table.readUInt16BE(0) === 12)
  if (!map) throw new Error('the font has no character map of format 12')
  return range(map.readUInt32BE(12)).map((index) => ({
    first: map.readUInt32BE(16 + 12 * index),
    last: map.readUInt32BE(20 + 12 * index),
    glyph: map.readUInt32BE(24 + 12 * index)
  }))
}

/** The glyphs that a feature of one-for-one substitutions (lookup type 1, format 2) puts in place of others. */
function singleSubstitutions(gsub: Buffer, feature: string): Map<number, number> {
  const features = gsub.subarray(gsub.readUInt16BE(6))
  const record = range(features.readUInt16BE(0))
    .map((index) => 2 + 6 * index)
    .find((at) => tagAt(features, at) === feature)
  if (record === undefined) throw new Error(`the font has no feature ${feature}`)
  const lookups = gsub.subarray(gsub.readUInt16BE(8))
  const lookupIndex = features.readUInt16BE(features.readUInt16BE(record + 4) + 4)
  const lookup = lookups.subarray(lookups.readUInt16BE(2 + 2 * lookupIndex))
  const substitution = lookup.subarray(lookup.readUInt16BE(6))
  if (lookup.readUInt16BE(0) !== 1 || substitution.readUInt16BE(0) !== 2)
    throw new Error(`${feature} is of another type`)
  const covered = coveredGlyphs(substitution.subarray(substitution.readUInt16BE(2)))
  return new Map(covered.map((glyph, index) => [glyph, substitution.readUInt16BE(6 + 2 * index)]))
}

function coveredGlyphs(coverage: Buffer): number[] {
  const count = coverage.readUInt16BE(2)
  if (coverage.readUInt16BE(0) === 1) return range(count).map((index) => coverage.readUInt16BE(4 + 2 * index))
  return range(count).flatMap((index) => {
    const first = coverage.readUInt16BE(4 + 6 * index)
    return range(coverage.readUInt16BE(6 + 6 * index) - first + 1).map((step) => first + step)
  })
}

/** The group cut up so that each figure in it is a group of its own. */
function substituteFigures({ first, last, glyph }: Group, tabular: Map<number, number>): Group[] {
  if (last < ZERO || first > NINE) return [{ first, last, glyph }]
  return range(last - first + 1).map((step) => {
    const character = first + step
    const ordinary = glyph + step
    const figure = character >= ZERO && character <= NINE ? tabular.get(ordinary) : undefined
    return { first: character, last: character, glyph: figure ?? ordinary }
  })
}

/** A cmap table with one subtable of format 12 for platform 3 (Windows), encoding 10 (all of Unicode). */
function encodeCharacterMap(groups: Group[]): Buffer {
  const map = Buffer.alloc(16 + 12 * groups.length)
  map.writeUInt16BE(12, 0)
  map.writeUInt32BE(map.length, 4)
  map.writeUInt32BE(groups.length, 12)
  groups.forEach(({ first, last, glyph }, index) => {
    map.writeUInt32BE(first, 16 + 12 * index)
    map.writeUInt32BE(last, 20 + 12 * index)
    map.writeUInt32BE(glyph, 24 + 12 * index)
  })
  const header = Buffer.alloc(12)
  header.writeUInt16BE(1, 2)
  header.writeUInt16BE(3, 4)
  header.writeUInt16BE(10, 6)
  header.writeUInt32BE(header.length, 8)
  return Buffer.concat([header, map])
}

function tagAt(table: Buffer, at: number): string {
  return table.toString('latin1', at, at + 4)
}

function range(length: number): number[] {
  return Array.from({ length }, (_, index) => index)
}
