// The mean training loss of an epoch so far, in float64, as Keras prints it: each batch weighs as many as its images.

export interface RunningMean {
  /** Adds batches in order: `losses` [batches × models], the last one of `images` images in all may be smaller. */
  add(losses: Float32Array, images: number): void
  /** One entry a model; NaN before the first batch. */
  values(): number[]
}

export function createRunningMean(models: number, batchSize: number): RunningMean {
  const sums = new Float64Array(models)
  let seen = 0
  return {
    add(losses, images) {
      for (let batch = 0; batch * batchSize < images; batch++) {
        const size = Math.min(batchSize, images - batch * batchSize)
        for (let model = 0; model < models; model++) {
          sums[model] = (sums[model] as number) + size * (losses[batch * models + model] as number)
        }
      }
      seen += images
    },
    values: () => Array.from(sums, (sum) => sum / seen)
  }
}
