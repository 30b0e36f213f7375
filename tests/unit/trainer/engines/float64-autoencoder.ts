// The whole training step written out in double precision, one model, plain loops: what every engine must agree with.
import { ADAM, type Activation } from '@shared/experiment'
import { tensorNames, type ModelState, type TensorName } from '../../../../src/main/trainer/engine'

export type Tensors = Record<TensorName, Float64Array>

/** A model in double precision; `step` is Adam's t. */
export interface Float64Model {
  latentDim: number
  activation: Activation
  weights: Tensors
  firstMoment: Tensors
  secondMoment: Tensors
  step: number
}

const widen = (tensors: Record<TensorName, Float32Array>) =>
  Object.fromEntries(tensorNames.map((name) => [name, Float64Array.from(tensors[name])])) as Tensors

export function fromState(state: ModelState, activation: Activation): Float64Model {
  return {
    latentDim: state.weights['encoder.bias'].length,
    activation,
    weights: widen(state.weights),
    firstMoment: widen(state.firstMoment),
    secondMoment: widen(state.secondMoment),
    step: state.step
  }
}

const value: Record<Activation, (z: number) => number> = {
  tanh: Math.tanh,
  relu: (z) => Math.max(z, 0),
  sigmoid: (z) => 1 / (1 + Math.exp(-z)),
  linear: (z) => z
}
const slope: Record<Activation, (h: number) => number> = {
  tanh: (h) => 1 - h * h,
  relu: (h) => (h > 0 ? 1 : 0),
  sigmoid: (h) => h * (1 - h),
  linear: () => 1
}
const softplus = (y: number) => Math.max(y, 0) + Math.log1p(Math.exp(-Math.abs(y)))
const at = (array: Float64Array, index: number) => array[index] as number

/** Code h and logits y of one image x. */
function forward({ latentDim: d, activation, weights }: Float64Model, x: Float64Array) {
  const pixels = x.length
  const h = new Float64Array(d).map((_, j) => {
    let z = at(weights['encoder.bias'], j)
    for (let p = 0; p < pixels; p++) z += at(x, p) * at(weights['encoder.weight'], p * d + j)
    return value[activation](z)
  })
  const y = Float64Array.from(weights['decoder.bias'])
  for (let j = 0; j < d; j++) {
    for (let p = 0; p < pixels; p++) y[p] = at(y, p) + at(h, j) * at(weights['decoder.weight'], j * pixels + p)
  }
  return { h, y }
}

/** Mean cross-entropy and squared error over images and pixels. */
export function evaluate(model: Float64Model, images: Float64Array[]): { bce: number; mse: number } {
  let bce = 0
  let mse = 0
  for (const x of images) {
    forward(model, x).y.forEach((y, p) => {
      bce += softplus(y) - y * at(x, p)
      mse += (1 / (1 + Math.exp(-y)) - at(x, p)) ** 2
    })
  }
  const count = images.length * (images[0]?.length ?? 0)
  return { bce: bce / count, mse: mse / count }
}

/** Gradient of the mean cross-entropy with respect to each tensor. */
export function gradient(model: Float64Model, images: Float64Array[]): Tensors {
  const { latentDim: d, activation, weights } = model
  const zeros = tensorNames.map((name) => [name, new Float64Array(weights[name].length)] as const)
  const g = Object.fromEntries(zeros) as Tensors
  for (const x of images) {
    const pixels = x.length
    const { h, y } = forward(model, x)
    const e = y.map((logit, p) => (1 / (1 + Math.exp(-logit)) - at(x, p)) / (images.length * pixels))
    for (let p = 0; p < pixels; p++) g['decoder.bias'][p] = at(g['decoder.bias'], p) + at(e, p)
    for (let j = 0; j < d; j++) {
      let dh = 0
      for (let p = 0; p < pixels; p++) {
        const place = j * pixels + p
        dh += at(e, p) * at(weights['decoder.weight'], place)
        g['decoder.weight'][place] = at(g['decoder.weight'], place) + at(h, j) * at(e, p)
      }
      const dz = dh * slope[activation](at(h, j))
      g['encoder.bias'][j] = at(g['encoder.bias'], j) + dz
      for (let p = 0; p < pixels; p++) {
        g['encoder.weight'][p * d + j] = at(g['encoder.weight'], p * d + j) + at(x, p) * dz
      }
    }
  }
  return g
}

/** One step of Adam on a batch, in place; answers with the loss before it. */
export function step(model: Float64Model, images: Float64Array[], learningRate: number): number {
  const loss = evaluate(model, images).bce
  const g = gradient(model, images)
  const { beta1, beta2, epsilon } = ADAM
  model.step++
  const rate = (learningRate * Math.sqrt(1 - beta2 ** model.step)) / (1 - beta1 ** model.step)
  for (const name of tensorNames) {
    const [w, m, v] = [model.weights[name], model.firstMoment[name], model.secondMoment[name]]
    g[name].forEach((slopeAt, i) => {
      m[i] = beta1 * at(m, i) + (1 - beta1) * slopeAt
      v[i] = beta2 * at(v, i) + (1 - beta2) * slopeAt * slopeAt
      w[i] = at(w, i) - (rate * at(m, i)) / (Math.sqrt(at(v, i)) + epsilon)
    })
  }
  return loss
}
