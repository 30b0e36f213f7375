// An image as models have it (float32, 0 to 1) in the bytes that are drawn.

export function imageBytes(image: Float32Array): Uint8Array {
  return Uint8Array.from(image, (value) => Math.round(255 * Math.max(0, Math.min(1, value))))
}
