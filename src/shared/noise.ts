// Noise on single pixels, as the analysis and the page for drawing have it.

/**
 * gaussian: a normal number added to each pixel, the sum cut to [0, 1] (Vincent et al. 2010 add such noise); salt-and-pepper: pixels drawn
 * one by one become black or white.
 */
export const pixelNoises = ['gaussian', 'salt-and-pepper'] as const
export type PixelNoise = (typeof pixelNoises)[number]

/**
 * What makes pixels noisy, in [0, 1] before and after, one after another: `random` is asked twice for each, whatever the level, so that of
 * one stream every level spoils the same pixels. `level`: the standard deviation, or the share of pixels in expectation.
 */
export function noisyPixel(noise: PixelNoise, level: number, random: () => number): (pixel: number) => number {
  if (noise === 'gaussian') return (pixel) => Math.min(1, Math.max(0, pixel + level * normal(random)))
  return (pixel) => {
    const [chance, white] = [random(), random()]
    return chance < level ? (white < 0.5 ? 0 : 1) : pixel
  }
}

/** A standard normal number (Box & Muller 1958). */
function normal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
}
