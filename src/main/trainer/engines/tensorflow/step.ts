// What is computed for a batch: the forward pass, and a whole training step with its gradients (as in Keras) and Adam.
import type { Tensor, Tensor1D, Tensor2D } from '@tensorflow/tfjs-node-gpu'
import { ADAM, PIXELS, type Activation } from '@shared/experiment'
import type { ModelSpec } from '../../engine'
import { GRADIENT_FACTOR, SQUARE_FACTOR, adamRate } from '../adam-factors'
import { partsOf, perTensor, type Packed } from './packing'
import type { TensorFlow } from './tensorflow'

/** Weights and both moments of models side by side, and Adam's t. */
export type State = Record<'weights' | 'firstMoment' | 'secondMoment', Packed> & { step: number }

/** How each activation is computed; `slope` is its derivative times `gradient`, told from its output. */
const functions: Record<
  Activation,
  {
    value: (tf: TensorFlow, input: Tensor2D) => Tensor2D
    slope: (tf: TensorFlow, output: Tensor2D, gradient: Tensor2D) => Tensor2D
  }
> = {
  tanh: {
    value: (tf, input) => tf.tanh(input),
    slope: (tf, output, gradient) => tf.mul(gradient, tf.sub(1, tf.square(output)))
  },
  relu: {
    value: (tf, input) => tf.relu(input),
    slope: (tf, output, gradient) => tf.mul(gradient, tf.cast(tf.greater(output, 0), 'float32'))
  },
  sigmoid: {
    value: (tf, input) => tf.sigmoid(input),
    slope: (tf, output, gradient) => tf.mul(gradient, tf.mul(output, tf.sub(1, output)))
  },
  linear: { value: (_, input) => input, slope: (_tf, _output, gradient) => gradient }
}

/** What the models make of a batch: their codes side by side [batch, Σd], and each model's decoder weight and logits [batch, 784]. */
export function forward(tf: TensorFlow, models: readonly ModelSpec[], weights: Packed, images: Tensor2D) {
  const { value } = functions[activationOf(models)]
  const codes = value(tf, tf.add(tf.matMul(images, weights['encoder.weight']), weights['encoder.bias']))
  const codesOf = splitCodes(tf, models, codes)
  const decoders = partsOf(tf, models, 'decoder.weight', weights['decoder.weight'])
  const biases = partsOf(tf, models, 'decoder.bias', weights['decoder.bias'])
  const logits = decoders.map((decoder, index) =>
    tf.add<Tensor2D>(tf.matMul(codesOf[index] as Tensor2D, decoder), biases[index] as Tensor2D)
  )
  return { codes, decoders, logits }
}

/**
 * One step on `images` [batch, 784] in 0 … 1: the new state and the mean loss of each model before it [models]. To be called within
 * `tf.tidy`; the old state stays. Everything behind the loss is linear in the gradient, so the factor that the mean and Adam's
 * 1 − β1 put before it is multiplied in where tensors are narrow.
 */
export function trainStep(
  tf: TensorFlow,
  models: readonly ModelSpec[],
  state: State,
  images: Tensor2D,
  learningRate: number
): { state: State; losses: Tensor1D } {
  const pixels = images.shape[0] * PIXELS
  const { codes, decoders, logits } = forward(tf, models, state.weights, images)
  const losses = logits.map((ofModel) => tf.div(crossEntropy(tf, ofModel, images), pixels))

  const factor = GRADIENT_FACTOR / pixels
  const errors = logits.map((ofModel) => tf.sub<Tensor2D>(tf.sigmoid(ofModel), images))
  const scaledCodes = splitCodes(tf, models, tf.mul<Tensor2D>(codes, factor))
  const codeGradients = errors.map((error, index) =>
    tf.matMul<Tensor2D>(error, decoders[index] as Tensor2D, false, true)
  )
  const { slope } = functions[activationOf(models)]
  const inputGradient = slope(tf, codes, tf.mul<Tensor2D>(tf.concat2d(codeGradients, 1), factor))
  const gradients: Packed = {
    'encoder.weight': tf.matMul(images, inputGradient, true),
    'encoder.bias': tf.sum(inputGradient, 0, true),
    'decoder.weight': tf.concat2d(
      errors.map((error, index) => tf.matMul<Tensor2D>(scaledCodes[index] as Tensor2D, error, true)),
      0
    ),
    'decoder.bias': tf.mul(tf.stack(errors.map((error) => tf.sum(error, 0))), factor)
  }
  return { state: adam(tf, state, gradients, learningRate), losses: tf.stack(losses) as Tensor1D }
}

/** Σ softplus(y) − x·y over all pixels of a batch: binary cross-entropy from logits, without overflow. */
function crossEntropy(tf: TensorFlow, logits: Tensor2D, images: Tensor2D): Tensor {
  return tf.sub(tf.sum(tf.softplus(logits)), tf.sum(tf.mul(images, logits)))
}

/** m ← β1·m + (1−β1)·g, v ← β2·v + (1−β2)·g², w ← w − rate·m / (√v + ε), as Keras has it. `scaledGradients`: (1−β1)·g. */
function adam(tf: TensorFlow, state: State, scaledGradients: Packed, learningRate: number): State {
  const step = state.step + 1
  const rate = adamRate(learningRate, step)
  const firstMoment = perTensor((name) =>
    tf.add<Tensor2D>(tf.mul(state.firstMoment[name], ADAM.beta1), scaledGradients[name])
  )
  const secondMoment = perTensor((name) =>
    tf.add<Tensor2D>(
      tf.mul(state.secondMoment[name], ADAM.beta2),
      tf.mul(tf.square(scaledGradients[name]), SQUARE_FACTOR)
    )
  )
  const weights = perTensor((name) => {
    const direction = tf.div(firstMoment[name], tf.add(tf.sqrt(secondMoment[name]), ADAM.epsilon))
    return tf.sub<Tensor2D>(state.weights[name], tf.mul(direction, rate))
  })
  return { weights, firstMoment, secondMoment, step }
}

function splitCodes(tf: TensorFlow, models: readonly ModelSpec[], codes: Tensor2D): Tensor2D[] {
  return tf.split(
    codes,
    models.map(({ latentDim }) => latentDim),
    1
  )
}

/** One for all: an experiment varies the latent dimension alone. */
function activationOf(models: readonly ModelSpec[]): Activation {
  const [first, ...others] = models
  if (!first || others.some(({ activation }) => activation !== first.activation)) {
    throw new Error('Models that are trained side by side have one activation')
  }
  return first.activation
}
