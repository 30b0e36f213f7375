// Protocol Buffers' wire format, as far as ONNX and TensorBoard need it: varints, floats and fields of bytes.
// Source: protobuf.dev/programming-guides/encoding.

const VARINT = 0
const FIXED64 = 1
const LENGTH_DELIMITED = 2
const FIXED32 = 5

/** The bytes of one field, in parts, so that weights are copied once. */
export type Field = readonly Uint8Array[]

/** A field that holds a whole number from 0 to 2^53 - 1. */
export function integer(field: number, value: number): Field {
  return [varint(field * 8 + VARINT), varint(value)]
}

export function double(field: number, value: number): Field {
  const bytes = Buffer.alloc(8)
  bytes.writeDoubleLE(value)
  return [varint(field * 8 + FIXED64), bytes]
}

export function float(field: number, value: number): Field {
  const bytes = Buffer.alloc(4)
  bytes.writeFloatLE(value)
  return [varint(field * 8 + FIXED32), bytes]
}

export function text(field: number, value: string): Field {
  return bytes(field, Buffer.from(value, 'utf8'))
}

export function bytes(field: number, value: Uint8Array): Field {
  return [varint(field * 8 + LENGTH_DELIMITED), varint(value.byteLength), value]
}

/** A field that holds a message of these fields. */
export function message(field: number, ...fields: Field[]): Field {
  const parts = fields.flat()
  const length = parts.reduce((sum, { byteLength }) => sum + byteLength, 0)
  return [varint(field * 8 + LENGTH_DELIMITED), varint(length), ...parts]
}

function varint(value: number): Uint8Array {
  const groups: number[] = []
  let rest = value
  for (; rest >= 128; rest = Math.floor(rest / 128)) groups.push((rest % 128) + 128)
  return Uint8Array.from([...groups, rest])
}
