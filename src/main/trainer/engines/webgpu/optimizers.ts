// What the GPU needs of each optimizer in shared/model: its kernel's text and constants.
import { optimizers, type Optimizer } from '@shared/model'
import adagrad from './kernels/adagrad.wgsl?raw'
import adam from './kernels/adam.wgsl?raw'
import adamw from './kernels/adamw.wgsl?raw'
import rmsprop from './kernels/rmsprop.wgsl?raw'
import sgd from './kernels/sgd.wgsl?raw'

interface OptimizerKernel {
  /** WGSL of `optimize`. */
  text: string
  constants: Record<string, number>
}

const adamConstants = ({ beta1, beta2, epsilon }: typeof optimizers.adam | typeof optimizers.adamw) => ({
  BETA1: beta1,
  BETA2: beta2,
  EPSILON: epsilon
})

export const optimizerKernels: Readonly<Record<Optimizer, OptimizerKernel>> = {
  adam: { text: adam, constants: adamConstants(optimizers.adam) },
  adamw: { text: adamw, constants: adamConstants(optimizers.adamw) },
  rmsprop: { text: rmsprop, constants: { RHO: optimizers.rmsprop.rho, EPSILON: optimizers.rmsprop.epsilon } },
  sgd: { text: sgd, constants: { MOMENTUM: optimizers.sgd.momentum } },
  adagrad: { text: adagrad, constants: { EPSILON: optimizers.adagrad.epsilon } }
}
