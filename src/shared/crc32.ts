// Cyclic redundancy checks of 32 bits, bits reversed: CRC-32 of ZIP and PNG, CRC-32C of TFRecord.

/** CRC-32 of ZIP (APPNOTE 4.4.7), ISO 3309. */
export const crc32 = checksum(0xedb88320)
/** CRC-32C, Castagnoli (RFC 3720, appendix B.4). */
export const crc32c = checksum(0x82f63b78)

/** A function that answers with the checksum of all bytes, an unsigned integer of 32 bits. */
function checksum(polynomial: number): (bytes: Uint8Array) => number {
  const table = Uint32Array.from({ length: 256 }, (_, byte) => {
    let rest = byte
    for (let bit = 0; bit < 8; bit++) rest = rest & 1 ? (rest >>> 1) ^ polynomial : rest >>> 1
    return rest
  })
  return (bytes) => {
    let rest = 0xffffffff
    for (const byte of bytes) rest = (table[(rest ^ byte) & 0xff] as number) ^ (rest >>> 8)
    return (rest ^ 0xffffffff) >>> 0
  }
}
