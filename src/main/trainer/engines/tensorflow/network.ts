// One model in TensorFlow's operations: layer by layer forward, the loss, and its gradient written out, which takes fewer operations than a tape.
import type { Tensor, Tensor1D, Tensor2D } from '@tensorflow/tfjs-node-gpu'
import type { Activation, LayerConfig, Loss, ModelConfig } from '@shared/model'
import type { ForwardValue } from '../engine'
import type { TensorFlow } from './tensorflow'

const activate: Record<Activation, (tf: TensorFlow, z: Tensor2D) => Tensor2D> = {
  tanh: (tf, z) => tf.tanh(z),
  relu: (tf, z) => tf.relu(z),
  sigmoid: (tf, z) => tf.sigmoid(z),
  linear: (_, z) => z
}

/** A gradient with respect to an activation's output h made one with respect to its input. */
const backward: Record<Activation, (tf: TensorFlow, gradient: Tensor2D, h: Tensor2D) => Tensor2D> = {
  tanh: (tf, gradient, h) => tf.mul(gradient, tf.sub(1, tf.square(h))),
  relu: (tf, gradient, h) => tf.mul(gradient, tf.cast(tf.greater(h, 0), 'float32')),
  sigmoid: (tf, gradient, h) => tf.mul(gradient, tf.mul(h, tf.sub(1, h))),
  linear: (_, gradient) => gradient
}

/** Loss of each pixel from logits y, finite for any of them, and the gradient of their sum with respect to y. */
const pixelLosses: Record<
  Loss,
  Record<'value' | 'gradient', (tf: TensorFlow, y: Tensor2D, x: Tensor2D) => Tensor2D>
> = {
  bce: {
    value: (tf, y, x) => tf.sub(tf.softplus(y), tf.mul(x, y)),
    gradient: (tf, y, x) => tf.sub(tf.sigmoid(y), x)
  },
  mse: {
    value: (tf, y, x) => tf.squaredDifference(tf.sigmoid(y), x),
    gradient: (tf, y, x) => {
      const output = tf.sigmoid(y)
      return backward.sigmoid(tf, tf.mul(tf.sub(output, x), 2), output)
    }
  }
}

/** Each layer's output for images x [images, size], of the last its logits. `tensors` as tensorShapes (shared/model) lists them. */
export function layerOutputs(
  tf: TensorFlow,
  layers: readonly LayerConfig[],
  tensors: Tensor[],
  x: Tensor2D
): Tensor2D[] {
  let input = x
  return layers.map(({ activation }, layer) => {
    const [weight, bias] = tensors.slice(2 * layer) as [Tensor2D, Tensor]
    const z: Tensor2D = tf.add(tf.matMul(input, weight), bias)
    return (input = layer === layers.length - 1 ? z : activate[activation](tf, z))
  })
}

/** The loss summed over all pixels of a batch, and the gradient of this sum with respect to each tensor, flattened. */
export function lossAndGradient(tf: TensorFlow, { layers, loss }: ModelConfig, tensors: Tensor[], x: Tensor2D) {
  const outputs = layerOutputs(tf, layers, tensors, x)
  const logits = outputs[outputs.length - 1] as Tensor2D
  const { value, gradient } = pixelLosses[loss]
  const gradients: Tensor1D[] = []
  let delta = gradient(tf, logits, x)
  for (let layer = layers.length - 1; layer >= 0; layer--) {
    const input = outputs[layer - 1] ?? x
    gradients.unshift(tf.reshape(tf.matMul(input, delta, true), [-1]), tf.sum(delta, 0))
    const before = layers[layer - 1]
    if (!before) break
    delta = backward[before.activation](tf, tf.matMul(delta, tensors[2 * layer] as Tensor2D, false, true), input)
  }
  return { loss: tf.sum(value(tf, logits, x)), gradients }
}

/** What a session's `forward` answers, from the outputs of all layers. */
export function forwardValue(tf: TensorFlow, value: ForwardValue, outputs: Tensor2D[], x: Tensor2D): Tensor {
  const logits = outputs[outputs.length - 1] as Tensor2D
  if (value === 'code') return outputs[outputs.length / 2 - 1] as Tensor2D
  return value === 'reconstruction' ? tf.sigmoid(logits) : tf.mean(pixelLosses[value].value(tf, logits, x), 1)
}
