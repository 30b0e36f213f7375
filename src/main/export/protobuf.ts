// Writes fields of Protocol Buffers messages (protobuf.dev, Encoding). A message is its fields one after another.

const VARINT = 0
const FIXED64 = 1
const LENGTH = 2
const FIXED32 = 5

/** A whole number from 0 up to 2⁵³ − 1, of any of the types int32, int64, uint32, uint64, bool and enum. */
export function wholeField(field: number, value: number): Buffer {
  return Buffer.concat([tag(field, VARINT), varint(value)])
}

export function doubleField(field: number, value: number): Buffer {
  const bytes = Buffer.alloc(8)
  bytes.writeDoubleLE(value)
  return Buffer.concat([tag(field, FIXED64), bytes])
}

export function floatField(field: number, value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeFloatLE(value)
  return Buffer.concat([tag(field, FIXED32), bytes])
}

/** Bytes, or a string in UTF-8. */
export function bytesField(field: number, value: Uint8Array | string): Buffer {
  const bytes = typeof value === 'string' ? Buffer.from(value) : value
  return Buffer.concat([tag(field, LENGTH), varint(bytes.length), bytes])
}

/** A message within a message, by its fields. */
export function messageField(field: number, ...fields: Uint8Array[]): Buffer {
  return bytesField(field, Buffer.concat(fields))
}

function tag(field: number, wireType: number): Buffer {
  return varint(field * 8 + wireType)
}

/** Seven bits a byte, the lowest first; all bytes but the last have the highest bit set. */
function varint(value: number): Buffer {
  const bytes: number[] = []
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) return Buffer.from([...bytes, rest])
    bytes.push((rest % 128) + 128)
  }
}
