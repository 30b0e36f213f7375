// float16 (IEEE 754 binary16): eleven significant bits, half the bytes. JavaScript has an array of it only in newer engines.

/**
 * The nearest half of each float, ties to even, as its 16 bits: what lies beyond the greatest half, 65,504, becomes that, with its sign.
 * Infinity and NaN stay what they are. Between 2^-14 and that the error is at most 2^-11 (0.05 %) of the value; below at most 2^-25 (3e-8).
 */
export function toHalf(values: Float32Array): Uint16Array<ArrayBuffer> {
  const bits = new Uint32Array(1)
  const float = new Float32Array(bits.buffer)
  const words = wordsOf(values)
  const halves = new Uint16Array(words.length)
  for (let index = 0; index < halves.length; index++) {
    const word = words[index] as number
    const sign = (word >>> 16) & 0x8000
    const magnitude = word & 0x7fffffff
    if (magnitude >= LEAST_NORMAL && magnitude < BEYOND) {
      // the exponent's bias changes; half of the last bit is added, less one where that bit is zero
      halves[index] = sign | Math.min(GREATEST, (magnitude - REBIASED + 0xfff + ((magnitude >>> 13) & 1)) >>> 13)
    } else if (magnitude < LEAST_NORMAL) {
      bits[0] = magnitude
      float[0] = (float[0] as number) + 0.5 // whose last bit is that of a subnormal half: the addition rounds
      halves[index] = sign | ((bits[0] as number) - HALF_IN_BITS)
    } else if (magnitude < INFINITE) halves[index] = sign | GREATEST
    else halves[index] = sign | (magnitude > INFINITE ? NOT_A_NUMBER : 0x7c00)
  }
  return halves
}

/** The same numbers as floats, exactly. */
export function fromHalf(halves: Uint16Array): Float32Array<ArrayBuffer> {
  const floats = new Float32Array(halves.length)
  const words = wordsOf(floats)
  for (let index = 0; index < halves.length; index++) {
    const half = halves[index] as number
    const magnitude = half & 0x7fff
    if (magnitude >= 0x7c00) words[index] = ((half & 0x8000) << 16) | INFINITE | ((half & 0x3ff) << 13)
    else if (magnitude >= 0x400) words[index] = ((half & 0x8000) << 16) | ((magnitude << 13) + REBIASED)
    else floats[index] = (half & 0x8000 ? -1 : 1) * magnitude * LEAST_SUBNORMAL
  }
  return floats
}

const LEAST_NORMAL = 0x38800000 // 2^-14
const BEYOND = 0x47800000 // 65,536; from 65,520 on the rounding would carry into infinity
const GREATEST = 0x7bff // 65,504
const INFINITE = 0x7f800000
const REBIASED = 0x38000000 // 127 - 15 in the exponent
const HALF_IN_BITS = 0x3f000000
const NOT_A_NUMBER = 0x7e00
const LEAST_SUBNORMAL = 2 ** -24

/** The same memory as whole numbers. */
const wordsOf = ({ buffer, byteOffset, length }: Float32Array) => new Uint32Array(buffer, byteOffset, length)
