// What the GPU needs of each optimizer in shared/model: its kernel's text and constants.
import { optimizers, type Optimizer } from '@shared/model'
import adam from './kernels/adam.wgsl?raw'

interface OptimizerKernel {
  /** WGSL of `optimize`. */
  text: string
  constants: Record<string, number>
}

const { beta1, beta2, epsilon } = optimizers.adam

export const optimizerKernels: Readonly<Record<Optimizer, OptimizerKernel>> = {
  adam: {
    text: adam,
    constants: { BETA1: beta1, BETA2: beta2, EPSILON: epsilon }
  }
}
