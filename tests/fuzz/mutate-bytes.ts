// Changes of bytes, whatever they mean.

export type Random = () => number

export const below = (random: Random, most: number) => Math.floor(random() * most)
export const pick = <Item>(random: Random, items: readonly Item[]): Item => items[below(random, items.length)] as Item

/** Numbers at which lengths, signs and widths turn over. */
const NUMBERS = [0, 1, 0x7f, 0x80, 0xff, 0x100, 0x7fff, 0xffff, 0x10000, 0x7fffffff, 0x80000000, 0xffffffff]
const MOST_BYTES = 2 ** 20

type Change = (bytes: Buffer, random: Random, other: Buffer) => Buffer

const changes: readonly Change[] = [
  function flipBit(bytes, random) {
    if (bytes.length === 0) return bytes
    const changed = Buffer.from(bytes)
    const at = below(random, bytes.length)
    changed[at] = (changed[at] as number) ^ (1 << below(random, 8))
    return changed
  },
  function setByte(bytes, random) {
    if (bytes.length === 0) return bytes
    const changed = Buffer.from(bytes)
    changed[below(random, bytes.length)] = pick(random, NUMBERS) & 0xff
    return changed
  },
  function writeNumber(bytes, random) {
    if (bytes.length < 4) return bytes
    const changed = Buffer.from(bytes)
    const at = below(random, Math.min(bytes.length - 3, random() < 0.5 ? 32 : Infinity))
    if (random() < 0.5) changed.writeUInt32BE(pick(random, NUMBERS), at)
    else changed.writeUInt32LE(pick(random, NUMBERS), at)
    return changed
  },
  function cut(bytes, random) {
    return bytes.subarray(0, below(random, bytes.length + 1))
  },
  function cutBeginning(bytes, random) {
    return bytes.subarray(below(random, bytes.length + 1))
  },
  function remove(bytes, random) {
    const from = below(random, bytes.length + 1)
    return Buffer.concat([bytes.subarray(0, from), bytes.subarray(from + below(random, 16))])
  },
  function repeat(bytes, random) {
    const from = below(random, bytes.length + 1)
    const part = bytes.subarray(from, from + below(random, 64))
    const times = Math.min(1 + below(random, random() < 0.1 ? 5000 : 8), Math.ceil(MOST_BYTES / (part.length + 1)))
    return Buffer.concat([bytes.subarray(0, from), ...Array<Buffer>(times).fill(part), bytes.subarray(from)])
  },
  function insert(bytes, random) {
    const at = below(random, bytes.length + 1)
    return Buffer.concat([bytes.subarray(0, at), randomBytes(random, 1 + below(random, 16)), bytes.subarray(at)])
  },
  function splice(bytes, random, other) {
    return Buffer.concat([
      bytes.subarray(0, below(random, bytes.length + 1)),
      other.subarray(below(random, other.length + 1))
    ])
  },
  function append(bytes, random, other) {
    return Buffer.concat([bytes, random() < 0.5 ? other : randomBytes(random, 1 + below(random, 64))])
  }
]

export function mutateBytes(bytes: Buffer, random: Random, other: Buffer): Buffer {
  return pick(random, changes)(bytes, random, other).subarray(0, MOST_BYTES)
}

export function randomBytes(random: Random, count: number): Buffer {
  return Buffer.from(Array.from({ length: count }, () => below(random, 256)))
}
