// NumPy's .npy, version 1.0. Source: numpy.lib.format, "NPY format specification".

const MAGIC = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0] // \x93NUMPY and the version
const ALIGNMENT = 64

export function npyFloats(values: Float32Array, shape: readonly number[]): Uint8Array {
  return npy('<f4', shape, new Uint8Array(values.buffer, values.byteOffset, values.byteLength))
}

export function npyBytes(values: Uint8Array): Uint8Array {
  return npy('|u1', [values.length], values)
}

/** An array without dimensions that holds one text: `str(array)` in Python. */
export function npyText(text: string): Uint8Array {
  const points = Uint32Array.from([...text], (character) => character.codePointAt(0) ?? 0)
  return npy(`<U${points.length}`, [], new Uint8Array(points.buffer))
}

function npy(dtype: string, shape: readonly number[], data: Uint8Array): Uint8Array {
  const sides = shape.length === 1 ? `${shape[0]},` : shape.join(', ')
  const text = `{'descr': '${dtype}', 'fortran_order': False, 'shape': (${sides}), }`
  const start = MAGIC.length + 2
  const total = Math.ceil((start + text.length + 1) / ALIGNMENT) * ALIGNMENT
  const header = Buffer.alloc(total, ' ')
  header.set(MAGIC)
  header.writeUInt16LE(total - start, MAGIC.length)
  header.write(text, start, 'latin1')
  header.write('\n', total - 1, 'latin1')
  return Buffer.concat([header, data])
}
