// TFRecord, the framing of TensorFlow's files: tensorflow/core/lib/io/record_writer.h and lib/hash/crc32c.h.
import { crc32c } from '@shared/crc32'

const MASK_DELTA = 0xa282ead8

/** The records one after another: length (uint64), its checksum, data, its checksum; all little-endian. */
export function tfRecords(records: readonly Uint8Array[]): Buffer {
  return Buffer.concat(records.flatMap(frame))
}

function frame(data: Uint8Array): Uint8Array[] {
  const head = Buffer.alloc(12)
  head.writeBigUInt64LE(BigInt(data.length))
  head.writeUInt32LE(maskedChecksum(head.subarray(0, 8)), 8)
  const tail = Buffer.alloc(4)
  tail.writeUInt32LE(maskedChecksum(data))
  return [head, data, tail]
}

/** Rotated by 15 bits and shifted: a checksum of what holds checksums itself would be weak. */
function maskedChecksum(data: Uint8Array): number {
  const checksum = crc32c(data)
  return (((checksum >>> 15) | (checksum << 17)) + MASK_DELTA) >>> 0
}
