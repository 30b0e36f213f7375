// A PNG or JPEG picture of at most 64 × 64 pixels as grey values. Its size is read before anything is decoded, and so is what a PNG unpacks to.
import { inflateSync } from 'node:zlib'
import { decode as decodePng } from 'fast-png'
import { decode as decodeJpeg } from 'jpeg-js'
import { badData, checkImages } from './read-images'

export interface GreyImage {
  rows: number
  columns: number
  pixels: Uint8Array
  /** Whether there was colour that became grey, and transparency that became black. */
  isColour: boolean
  isTransparent: boolean
}

const PNG_HEAD = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
/** A row has a byte for its filter; an interlaced picture has seven times as many rows at most; 16 bits and four channels. */
const MOST_PNG_VALUES = 64 * 7 * (1 + 64 * 8)
/** What the picture is made of; text and colour profiles, which may unpack to anything, are left out. */
const PNG_CHUNKS = ['IHDR', 'PLTE', 'tRNS', 'IDAT', 'IEND']

/** Throws LabError `bad-file`. */
export function decodeImage(bytes: Buffer, path: string): GreyImage {
  if (bytes.subarray(0, 8).equals(PNG_HEAD)) return fromPng(bytes, path)
  if (bytes[0] === 0xff && bytes[1] === 0xd8) return fromJpeg(bytes, path)
  throw badData(path, 'a file that is neither by its first bytes', 'a PNG or JPEG picture', 'Save the picture as PNG')
}

function fromPng(bytes: Buffer, path: string): GreyImage {
  const plain = plainPng(bytes, path)
  const [columns, rows] = [plain.readUInt32BE(16), plain.readUInt32BE(20)]
  const { data, channels, depth, palette } = decoded(() => decodePng(plain, { checkCrc: true }), path)
  if (palette) {
    const colours = palette.map((colour) => greyOf(colour[0], colour[1], colour[2], colour[3] ?? 255))
    const indices = unpacked(data as Uint8Array, depth, rows, columns)
    const known = indices.every((index) => index < colours.length)
    if (!known) throw damaged(path)
    return {
      rows,
      columns,
      pixels: Uint8Array.from(indices, (index) => colours[index] ?? 0),
      isColour: palette.some(([red, green, blue]) => red !== green || green !== blue),
      isTransparent: palette.some((colour) => (colour[3] ?? 255) < 255)
    }
  }
  const values = depth < 8 ? unpacked(data as Uint8Array, depth, rows, columns) : data
  const scale = 255 / (2 ** depth - 1)
  return toGrey(rows, columns, channels, (index) => (values[index] as number) * scale)
}

/** Values of fewer than eight bits, of which several lie in a byte; each row begins with a byte of its own. */
function unpacked(data: Uint8Array, depth: number, rows: number, columns: number): Uint8Array {
  if (depth === 8) return data
  const values = new Uint8Array(rows * columns)
  const rowBytes = Math.ceil((columns * depth) / 8)
  for (let i = 0; i < values.length; i++) {
    const [row, bit] = [Math.floor(i / columns), (i % columns) * depth]
    const byte = data[row * rowBytes + (bit >> 3)] ?? 0
    values[i] = (byte >> (8 - depth - (bit & 7))) & (2 ** depth - 1)
  }
  return values
}

/** The picture's own chunks alone, once its size is known to be small and its pixels to unpack to no more. */
function plainPng(bytes: Buffer, path: string): Buffer {
  const kept: Buffer[] = [PNG_HEAD]
  const packed: Buffer[] = []
  for (let at = 8; at + 12 <= bytes.length;) {
    const length = bytes.readUInt32BE(at)
    const end = at + 12 + length
    if (end > bytes.length) throw damaged(path)
    const type = bytes.toString('latin1', at + 4, at + 8)
    if (kept.length === 1) {
      if (type !== 'IHDR' || length !== 13) throw damaged(path)
      checkImages(path, 1, bytes.readUInt32BE(at + 12), bytes.readUInt32BE(at + 8))
    }
    if (PNG_CHUNKS.includes(type)) kept.push(bytes.subarray(at, end))
    if (type === 'IDAT') packed.push(bytes.subarray(at + 8, end - 4))
    at = end
    if (type === 'IEND') break
  }
  if (kept.length === 1) throw damaged(path)
  decoded(() => inflateSync(Buffer.concat(packed), { maxOutputLength: MOST_PNG_VALUES }), path)
  return Buffer.concat(kept)
}

function fromJpeg(bytes: Buffer, path: string): GreyImage {
  const { rows, columns } = jpegSize(bytes, path)
  checkImages(path, 1, rows, columns)
  const options = { useTArray: true as const, formatAsRGBA: false, maxResolutionInMP: 0.01, maxMemoryUsageInMB: 16 }
  const { data } = decoded(() => decodeJpeg(bytes, options), path)
  if (data.length !== 3 * rows * columns) throw damaged(path)
  return toGrey(rows, columns, 3, (index) => data[index] as number)
}

/** By the frame header, the first segment of type SOF. */
function jpegSize(bytes: Buffer, path: string): { rows: number; columns: number } {
  for (let at = 2; at + 9 < bytes.length;) {
    if (bytes[at] !== 0xff) break
    const type = bytes[at + 1] as number
    if (type === 0xff) {
      at++
      continue
    }
    const isFrame = type >= 0xc0 && type <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(type)
    if (isFrame) return { rows: bytes.readUInt16BE(at + 5), columns: bytes.readUInt16BE(at + 7) }
    at += 2 + bytes.readUInt16BE(at + 2)
  }
  throw damaged(path)
}

/** By the luma of ITU-R BT.601; what is transparent lies on black. */
function toGrey(rows: number, columns: number, channels: number, value: (index: number) => number): GreyImage {
  const pixels = new Uint8Array(rows * columns)
  let [isColour, isTransparent] = [false, false]
  for (let i = 0; i < pixels.length; i++) {
    const at = (channel: number) => value(i * channels + channel)
    const [red, green, blue] = channels < 3 ? [at(0), at(0), at(0)] : [at(0), at(1), at(2)]
    const alpha = channels === 2 ? at(1) : channels === 4 ? at(3) : 255
    isColour ||= red !== green || green !== blue
    isTransparent ||= alpha < 255
    pixels[i] = greyOf(red, green, blue, alpha)
  }
  return { rows, columns, pixels, isColour, isTransparent }
}

const greyOf = (red = 0, green = 0, blue = 0, alpha = 255) =>
  Math.round(((0.299 * red + 0.587 * green + 0.114 * blue) * alpha) / 255)

function decoded<T>(decode: () => T, path: string): T {
  try {
    return decode()
  } catch {
    throw damaged(path)
  }
}

const damaged = (path: string) =>
  badData(path, 'a picture that is damaged', 'a whole PNG or JPEG', 'Save or copy the picture again')
