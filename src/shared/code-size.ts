// How large a code is beside the image that it stands for.

/** Bytes of a code as float32. */
export function codeBytes(units: number): number {
  return 4 * units
}

/** How many times smaller a code is than an image of so many pixels of one byte; below 1 it is larger. */
export function timesSmaller(units: number, pixels: number): number {
  return pixels / codeBytes(units)
}
