// One autoencoder as data: a chain of dense layers and how it is trained. What an engine takes and knows nothing beyond.

export const activations = ['tanh', 'relu', 'sigmoid', 'linear'] as const
export type Activation = (typeof activations)[number]

/** bce: binary cross-entropy; mse: mean squared error. Both are means over the pixels of a batch. */
export const losses = ['bce', 'mse'] as const
export type Loss = (typeof losses)[number]

/**
 * One row an optimizer as Keras 3 has it: its constants, the values that it keeps beside each weight (`slots`), what those are before the
 * first step (`initialSlot`), and the factor of its update at step t, from 1.
 */
export const optimizers = {
  /** Kingma & Ba 2015: ε is added outside the bias correction (end of section 2). Keeps m and v, unscaled. */
  adam: {
    label: 'Adam',
    slots: ['m', 'v'],
    initialSlot: 0,
    beta1: 0.9,
    beta2: 0.999,
    epsilon: 1e-7,
    rate: (learningRate: number, t: number) => (learningRate * Math.sqrt(1 - 0.999 ** t)) / (1 - 0.9 ** t)
  },
  /** Loshchilov & Hutter 2019: Adam, before which each weight and bias w loses learning rate · weight decay · w. */
  adamw: {
    label: 'AdamW',
    slots: ['m', 'v'],
    initialSlot: 0,
    beta1: 0.9,
    beta2: 0.999,
    epsilon: 1e-7,
    weightDecay: 0.004,
    rate: (learningRate: number, t: number) => (learningRate * Math.sqrt(1 - 0.999 ** t)) / (1 - 0.9 ** t)
  },
  /** Tieleman & Hinton 2012, without momentum, not centred: v is the mean of squared gradients g; the update g / √(v + ε). */
  rmsprop: {
    label: 'RMSprop',
    slots: ['v'],
    initialSlot: 0,
    rho: 0.9,
    epsilon: 1e-7,
    rate: (learningRate: number) => learningRate
  },
  /** Polyak 1964, without Nesterov's look ahead: m is the step, learning rate included. */
  sgd: {
    label: 'SGD',
    slots: ['m'],
    initialSlot: 0,
    momentum: 0.9,
    rate: (learningRate: number) => learningRate
  },
  /** Duchi, Hazan & Singer 2011: v is the sum of squared gradients g; the update g / √(v + ε). */
  adagrad: {
    label: 'Adagrad',
    slots: ['v'],
    initialSlot: 0.1,
    epsilon: 1e-7,
    rate: (learningRate: number) => learningRate
  }
} as const
export type Optimizer = keyof typeof optimizers

/** The share of each weight that a step takes off before its update; 0 of optimizers without weight decay. */
export function decayOf({ optimizer, learningRate }: Pick<ModelConfig, 'optimizer' | 'learningRate'>): number {
  const row = optimizers[optimizer]
  return 'weightDecay' in row ? learningRate * row.weightDecay : 0
}

export interface LayerConfig {
  units: number
  activation: Activation
}

/** A model of a run. Models never influence one another, whatever they share. */
export interface ModelConfig {
  /** Unique in its run; names its tensors in the checkpoint. Letters, digits and `= - . _`. */
  id: string
  /** For people, e.g. `d = 16`. */
  label: string
  /** Index of its value among those of the varied hyperparameter: decides colour and order. */
  rank: number
  /** The value of the varied hyperparameter. */
  value: number | string
  /**
   * All dense layers in order: an even number of them, the first half the encoder, whose last layer is the code. The last layer has a
   * unit a pixel and the activation `sigmoid`.
   */
  layers: readonly LayerConfig[]
  optimizer: Optimizer
  /** Above 0. */
  learningRate: number
  loss: Loss
  batchSize: number
  epochs: number
  /** Decides the order of the images and, with `initKey`, the weights to begin with. */
  seed: number
  /** Models of the same seed and the same key begin with the same weights. */
  initKey: string
}

/** Shape of a model's tensors in the order in which engines keep them: weight [inputs, units] (row-major) and bias [units] of each layer. */
export function tensorShapes(layers: readonly LayerConfig[]): number[][] {
  const pixels = layers[layers.length - 1]?.units ?? 0
  return layers.flatMap(({ units }, index) => [[layers[index - 1]?.units ?? pixels, units], [units]])
}

/**
 * Names of the same tensors, as the checkpoint has them: `encoder.weight`, `encoder.bias`, `decoder.weight`, `decoder.bias` of a
 * shallow model; where encoder and decoder have several layers, each has its number, `encoder.0.weight`.
 */
export function tensorNames(layers: readonly LayerConfig[]): string[] {
  const half = layers.length / 2
  return layers.flatMap((_, index) => {
    const side = index < half ? 'encoder' : 'decoder'
    const layer = half === 1 ? side : `${side}.${index % half}`
    return [`${layer}.weight`, `${layer}.bias`]
  })
}

/** Units of the code, the layer in the middle. */
export function codeUnits(layers: readonly LayerConfig[]): number {
  return layers[layers.length / 2 - 1]?.units ?? 0
}

/** Values of each tensor that tensorShapes lists. */
export function tensorSizes(layers: readonly LayerConfig[]): number[] {
  return tensorShapes(layers).map(([rows = 1, columns = 1]) => rows * columns)
}

/** Weights and biases of all layers. */
export function parameterCount(layers: readonly LayerConfig[]): number {
  return tensorSizes(layers).reduce((sum, size) => sum + size, 0)
}

/** Values of a model's state: its parameters, and each of the optimizer's slots once more. */
export function stateSize({ layers, optimizer }: Pick<ModelConfig, 'layers' | 'optimizer'>): number {
  return parameterCount(layers) * (1 + optimizers[optimizer].slots.length)
}
