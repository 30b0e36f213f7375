// Error against the bytes of a code, of models and of PCA, and the curve that no Gaussian code gets below.
import type { Codes } from '@shared/analysis'
import { decode } from '@shared/forward'
import { mean, mseByImage } from '@shared/metrics'
import type { LayerConfig } from '@shared/model'
import type { Images } from '../trainer/engines/engine'
import type { Points } from './neighbours'
import { projectionErrors, type Components } from './pca'
import { CODE_BITS, codeBytes, distortionAt, gaussianRate, quantised } from './rate'

type Rate = Codes['series'][number]['pcaRate']

/** Images whose rounded codes are decoded. */
export const RATE_IMAGES = 1000

/** Of a model: its codes of the first images rounded, decoded, and compared with the images. */
export function modelRate(
  layers: readonly LayerConfig[],
  weights: Float32Array[],
  codes: Points,
  images: Images
): Rate {
  const { size } = codes
  const count = Math.min(RATE_IMAGES, images.count)
  const errorOf = (of: Float32Array) =>
    mean(mseByImage(images.pixels, decode(layers, weights, of.subarray(0, count * size)), images.size))
  return {
    points: CODE_BITS.map((bits) => ({ bits, bytes: codeBytes(size, bits), mse: errorOf(quantised(codes, bits)) })),
    exact: errorOf(Float32Array.from(codes.values))
  }
}

/** Of PCA with `k` components: rounding adds its squared error to what is left out, for components are orthonormal. */
export function pcaRate(components: Components, codes: Points, images: Images): Rate {
  const { values, size: k } = codes
  const count = Math.min(RATE_IMAGES, images.count)
  const kept = { ...components, kept: k }
  const exact = mean(projectionErrors(kept, { ...images, count }, values as Float32Array, k))
  const added = (of: Float32Array) => {
    let sum = 0
    for (let i = 0; i < count * k; i++) sum += ((of[i] as number) - (values[i] as number)) ** 2
    return sum / (count * images.size)
  }
  return {
    points: CODE_BITS.map((bits) => ({ bits, bytes: codeBytes(k, bits), mse: exact + added(quantised(codes, bits)) })),
    exact
  }
}

const CURVE_POINTS = 40

/**
 * From a hundredth of a byte an image to as many as pixels, at water levels evenly spaced in their logarithms. Where only the largest
 * variances are known the levels end at the last of them, below which the others would come up.
 */
export function gaussianCurve({
  variances,
  rest,
  mean: { length: size }
}: Pick<Components, 'variances' | 'rest' | 'mean'>): Codes['gaussian'] {
  const [highest = 0] = variances
  if (highest <= 0) return []
  const lowest = rest > 0 ? (variances[variances.length - 1] as number) : 0
  const levels = Array.from({ length: CURVE_POINTS }, (_, n) => highest * 10 ** (-4.5 * ((n + 1) / CURVE_POINTS)))
  return levels
    .filter((level) => level >= lowest)
    .map((level) => {
      const distortion = distortionAt(variances, level)
      return { bytes: gaussianRate(variances, distortion) / 8, mse: (distortion + rest) / size }
    })
}
