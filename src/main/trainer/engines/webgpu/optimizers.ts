// What the GPU needs of each optimizer in shared/model: its kernel's text and constants, and the rate of a step.
import { optimizers, type ModelConfig, type Optimizer } from '@shared/model'
import adam from './kernels/adam.wgsl?raw'

interface OptimizerKernel {
  /** WGSL of `optimize`. */
  text: string
  constants: Record<string, number>
  /** What `optimize` multiplies with in step t, from 1: bias corrections included. */
  rate(learningRate: number, t: number): number
}

const { beta1, beta2, epsilon } = optimizers.adam

export const optimizerKernels: Readonly<Record<Optimizer, OptimizerKernel>> = {
  adam: {
    text: adam,
    constants: { BETA1: beta1, BETA2: beta2, EPSILON: epsilon },
    rate: (learningRate, t) => (learningRate * Math.sqrt(1 - beta2 ** t)) / (1 - beta1 ** t)
  }
}

export const rateOf = ({ optimizer, learningRate }: ModelConfig, t: number) =>
  optimizerKernels[optimizer].rate(learningRate, t)
