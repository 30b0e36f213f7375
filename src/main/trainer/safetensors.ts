// Reads and writes the safetensors format (huggingface.co/docs/safetensors): 8 bytes header length, JSON header, float32 data.
// One thing is added within the format: the header's metadata hold the SHA-256 of the whole file, so no flipped bit passes.
import { createHash } from 'node:crypto'
import * as v from 'valibot'
import { LabError } from '@shared/errors'
import { parseJson } from '../system/parse-json'

export interface Tensor {
  shape: number[]
  values: Float32Array
}

export interface Safetensors {
  tensors: Map<string, Tensor>
  metadata: Record<string, string>
}

const LENGTH_BYTES = 8
const ALIGNMENT = 8
const DIGEST_CHARACTERS = 64
const NO_DIGEST = '0'.repeat(DIGEST_CHARACTERS)
/** Room for the losses of 1,000 epochs of 128 models in the metadata. */
export const MAX_HEADER_BYTES = 16 * 2 ** 20

const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0))
const EntrySchema = v.strictObject({
  dtype: v.literal('F32'),
  shape: v.array(count),
  data_offsets: v.strictTuple([count, count])
})
const HeaderSchema = v.objectWithRest({ __metadata__: v.record(v.string(), v.string()) }, EntrySchema)

/** The bytes of a file with these tensors, in their order; `metadata` gains `sha256`. */
export function encodeSafetensors({ tensors, metadata }: Safetensors): Uint8Array {
  let offset = 0
  const entries = [...tensors].map(([name, { shape, values }]) => {
    const data_offsets = [offset, (offset += values.byteLength)]
    return [name, { dtype: 'F32', shape, data_offsets }] as const
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

/** Reads what `encodeSafetensors` wrote. Throws LabError `bad-file` naming `path` for anything else. */
export function decodeSafetensors(file: Buffer, path: string): Safetensors {
  const refuse = (found: string, expected: string) => badCheckpoint(path, found, expected)
  const { header, dataStart } = readHeader(file, refuse)
  const { __metadata__: metadata, ...entries } = header
  const tensors = new Map<string, Tensor>()
  let end = 0
  for (const [name, { shape, data_offsets }] of Object.entries(entries)) {
    const bytes = shape.reduce((product, side) => product * side, 4)
    if (data_offsets[0] !== end || data_offsets[1] !== end + bytes) {
      throw refuse(`tensor ${name} at bytes ${data_offsets.join(' to ')}`, `bytes ${end} to ${end + bytes}`)
    }
    end += bytes
    const part = file.subarray(dataStart + data_offsets[0], dataStart + data_offsets[1])
    if (part.length !== bytes) throw refuse(`${file.length} bytes`, `at least ${dataStart + end} by its header`)
    tensors.set(name, { shape, values: new Float32Array(new Uint8Array(part).buffer) })
  }
  if (file.length !== dataStart + end) throw refuse(`${file.length} bytes`, `${dataStart + end} bytes by its header`)
  const digest = metadata.sha256 ?? ''
  if (digestOf(file, digest) !== digest) throw refuse('content that was changed', 'content that fits its SHA-256')
  return { tensors, metadata }
}

/** The LabError for a checkpoint that is not what it should be. */
export function badCheckpoint(path: string, found: string, expected: string): LabError {
  return new LabError('bad-file', `The checkpoint ${path} is not usable`, {
    found,
    expected,
    remedy: 'Start the experiment anew; the complete epochs of this run stay readable'
  })
}

function readHeader(file: Buffer, refuse: (found: string, expected: string) => LabError) {
  if (file.length < LENGTH_BYTES) throw refuse(`${file.length} bytes`, 'a safetensors file')
  const length = file.readBigUInt64LE()
  const most = Math.min(MAX_HEADER_BYTES, file.length - LENGTH_BYTES)
  if (length > BigInt(most)) throw refuse(`a header of ${length} bytes`, `at most ${most}`)
  const dataStart = LENGTH_BYTES + Number(length)
  const header = v.safeParse(HeaderSchema, parseJson(file.toString('utf8', LENGTH_BYTES, dataStart)))
  if (!header.success) throw refuse('a header that can’t be read', 'the header of a safetensors file')
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
