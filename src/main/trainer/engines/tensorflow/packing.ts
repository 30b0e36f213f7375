// Models side by side: each kind of tensor of all models is one tensor, so that Adam takes few operations and encoders one product.
import type { Tensor, Tensor2D } from '@tensorflow/tfjs-node-gpu'
import { PIXELS } from '@shared/experiment'
import { tensorNames, type ModelSpec, type ModelTensors, type TensorName } from '../../engine'
import type { TensorFlow } from './tensorflow'

/** encoder.weight [784, Σd], encoder.bias [1, Σd], decoder.weight [Σd, 784], decoder.bias [models, 784]. */
export type Packed = Record<TensorName, Tensor2D>

/** A model's own part of a packed tensor: rows and columns, and the axis along which the parts of all models stand. */
const parts: Record<TensorName, { shape: (latentDim: number) => [number, number]; axis: 0 | 1 }> = {
  'encoder.weight': { shape: (latentDim) => [PIXELS, latentDim], axis: 1 },
  'encoder.bias': { shape: (latentDim) => [1, latentDim], axis: 1 },
  'decoder.weight': { shape: (latentDim) => [latentDim, PIXELS], axis: 0 },
  'decoder.bias': { shape: () => [1, PIXELS], axis: 0 }
}

/** Puts the tensors of each model side by side. The packed tensors are the caller's to dispose. */
export function pack(tf: TensorFlow, models: readonly ModelSpec[], tensors: readonly ModelTensors[]): Packed {
  return perTensor((name) =>
    tf.tidy(() => {
      const { shape, axis } = parts[name]
      const ofModels = models.map(({ latentDim }, index) => {
        const values = tensors[index]?.[name]
        if (!values) throw new Error(`No ${name} for model ${index}`)
        return tf.tensor2d(values.slice(), shape(latentDim))
      })
      return tf.concat2d(ofModels, axis)
    })
  )
}

/** The part of each model in a packed tensor. */
export function partsOf(tf: TensorFlow, models: readonly ModelSpec[], name: TensorName, packed: Tensor): Tensor2D[] {
  const { shape, axis } = parts[name]
  const sizes = models.map(({ latentDim }) => shape(latentDim)[axis])
  return tf.split(packed as Tensor2D, sizes, axis)
}

/** The inverse of pack: copies. */
export function unpack(tf: TensorFlow, models: readonly ModelSpec[], packed: Packed): ModelTensors[] {
  return tf.tidy(() => {
    const ofModels = perTensor((name) =>
      partsOf(tf, models, name, packed[name]).map((part) => (part.dataSync() as Float32Array).slice())
    )
    return models.map((_, index) => perTensor((name) => ofModels[name][index] as Float32Array))
  })
}

/** A record with what `make` gives for each tensor name. */
export function perTensor<Value>(make: (name: TensorName) => Value): Record<TensorName, Value> {
  return Object.fromEntries(tensorNames.map((name) => [name, make(name)])) as Record<TensorName, Value>
}
