// Reads and writes the safetensors format (huggingface.co/docs/safetensors): 8 bytes header length, JSON header, data in float32 or float16.
// One thing is added within the format: the header's metadata hold the SHA-256 of the whole file, so no flipped bit passes.
import { createHash } from 'node:crypto'
import * as v from 'valibot'
import type { LabError } from '@shared/errors'
import { formatCount } from '@shared/format'
import { parseJson } from '../system/parse-json'
import { notUsable, type FileKind } from '../system/regular-file'

/** Of float16 the 16 bits of each value. */
export type Values = Float32Array | Uint16Array

export interface Tensor<Of extends Values = Float32Array> {
  shape: number[]
  values: Of
}

export interface Safetensors<Of extends Values = Float32Array> {
  tensors: Map<string, Tensor<Of>>
  metadata: Record<string, string>
}

/** A type of values as the format names it, and the array that has them. */
export interface Dtype<Of extends Values> {
  name: string
  bytes: number
  arrayOf(buffer: ArrayBuffer): Of
}
export const F32: Dtype<Float32Array> = { name: 'F32', bytes: 4, arrayOf: (buffer) => new Float32Array(buffer) }
export const F16: Dtype<Uint16Array> = { name: 'F16', bytes: 2, arrayOf: (buffer) => new Uint16Array(buffer) }

const LENGTH_BYTES = 8
const ALIGNMENT = 8
const DIGEST_CHARACTERS = 64
const NO_DIGEST = '0'.repeat(DIGEST_CHARACTERS)
/** Room for the losses of 1,000 epochs of 128 models in the metadata. */
export const MAX_HEADER_BYTES = 16 * 2 ** 20

const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0))
const EntrySchema = v.strictObject({
  dtype: v.string(),
  shape: v.array(count),
  data_offsets: v.strictTuple([count, count])
})
const HeaderSchema = v.objectWithRest({ __metadata__: v.record(v.string(), v.string()) }, EntrySchema)

/** The bytes of a file with these tensors, in their order; `metadata` gains `sha256`. */
export function encodeSafetensors<Of extends Values>({ tensors, metadata }: Safetensors<Of>): Uint8Array {
  let offset = 0
  const entries = [...tensors].map(([name, { shape, values }]) => {
    const data_offsets = [offset, (offset += values.byteLength)]
    return [name, { dtype: (values instanceof Uint16Array ? F16 : F32).name, shape, data_offsets }] as const
  })
  const header = { __metadata__: { sha256: NO_DIGEST, ...metadata }, ...Object.fromEntries(entries) }
  const text = Buffer.from(JSON.stringify(header))
  const headerBytes = Math.ceil(text.length / ALIGNMENT) * ALIGNMENT
  const file = Buffer.allocUnsafeSlow(LENGTH_BYTES + headerBytes + offset) // all of it is written below
  file.writeBigUInt64LE(BigInt(headerBytes))
  text.copy(file, LENGTH_BYTES)
  file.fill(' ', LENGTH_BYTES + text.length, LENGTH_BYTES + headerBytes)
  let position = LENGTH_BYTES + headerBytes
  for (const { values } of tensors.values()) {
    file.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), position)
    position += values.byteLength
  }
  file.write(digestOf(file, NO_DIGEST), digestPosition(file, NO_DIGEST))
  return file
}

/** The SHA-256 that such a file bears of itself. */
export function digestIn(file: Uint8Array): string {
  const key = '"sha256":"'
  const start = Buffer.from(file.buffer, file.byteOffset, file.byteLength).indexOf(key) + key.length
  return Buffer.from(file.subarray(start, start + DIGEST_CHARACTERS)).toString('latin1')
}

/** Reads what `encodeSafetensors` wrote. Throws LabError `bad-file` naming `path`, as a file of this kind, for anything else. */
export function decodeSafetensors<Of extends Values>(
  file: Buffer,
  path: string,
  dtype: Dtype<Of>,
  kind: FileKind
): Safetensors<Of> {
  const refuse = (found: string, expected: string) => notUsable(path, kind, found, expected)
  const { header, dataStart } = readHeader(file, refuse)
  const { __metadata__: metadata, ...entries } = header
  const tensors = new Map<string, Tensor<Of>>()
  let end = 0
  for (const [name, entry] of Object.entries(entries)) {
    const { shape, data_offsets } = entry
    if (entry.dtype !== dtype.name) throw refuse(HEADER_UNREAD, HEADER_EXPECTED)
    const bytes = shape.reduce((product, side) => product * side, dtype.bytes)
    if (data_offsets[0] !== end || data_offsets[1] !== end + bytes) {
      throw refuse(`tensor ${name} at bytes ${data_offsets.join(' to ')}`, `bytes ${end} to ${end + bytes}`)
    }
    end += bytes
    const part = file.subarray(dataStart + data_offsets[0], dataStart + data_offsets[1])
    if (part.length !== bytes) throw refuse(cutOff(file), `at least ${formatCount(dataStart + end)} by its header`)
    tensors.set(name, { shape, values: dtype.arrayOf(new Uint8Array(part).buffer) })
  }
  if (file.length !== dataStart + end) throw refuse(`${file.length} bytes`, `${dataStart + end} bytes by its header`)
  const digest = metadata.sha256 ?? ''
  if (digestOf(file, digest) !== digest) throw refuse('content that was changed', 'content that fits its SHA-256')
  return { tensors, metadata }
}

export const CHECKPOINT: FileKind = {
  what: 'The checkpoint',
  remedy: 'Start the experiment anew; the complete epochs of this run stay readable'
}

/** The LabError for a checkpoint that is not what it should be. */
export function badCheckpoint(path: string, found: string, expected: string): LabError {
  return notUsable(path, CHECKPOINT, found, expected)
}

const HEADER_UNREAD = 'a header that can’t be read'
const HEADER_EXPECTED = 'the header of a safetensors file'

/** What was found where a file ends too soon. */
const cutOff = (file: Buffer) => `${formatCount(file.length)} bytes of a file that was cut off`

function readHeader(file: Buffer, refuse: (found: string, expected: string) => LabError) {
  if (file.length < LENGTH_BYTES) throw refuse(cutOff(file), 'a safetensors file')
  const length = file.readBigUInt64LE()
  if (length > BigInt(MAX_HEADER_BYTES)) throw refuse(`a header of ${length} bytes`, `at most ${MAX_HEADER_BYTES}`)
  const dataStart = LENGTH_BYTES + Number(length)
  if (file.length < dataStart) throw refuse(cutOff(file), `at least ${formatCount(dataStart)}, where its header ends`)
  const content = parseJson(file.toString('utf8', LENGTH_BYTES, dataStart))
  const header = v.safeParse(HeaderSchema, content, { abortEarly: true }) // 16 MB may hold millions of issues
  if (!header.success) throw refuse(HEADER_UNREAD, HEADER_EXPECTED)
  return { header: header.output, dataStart }
}

/** SHA-256 of the file as it was before its digest was filled in; `none` if `digest` does not stand in the file. */
function digestOf(file: Buffer, digest: string): string {
  const position = digestPosition(file, digest)
  if (digest.length !== DIGEST_CHARACTERS || position < 0) return 'none'
  const hash = createHash('sha256').update(file.subarray(0, position)).update(NO_DIGEST)
  return hash.update(file.subarray(position + DIGEST_CHARACTERS)).digest('hex')
}

function digestPosition(file: Buffer, digest: string): number {
  const key = '"sha256":"'
  const position = file.indexOf(`${key}${digest}"`)
  return position < 0 ? -1 : position + key.length
}
