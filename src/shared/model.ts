// One autoencoder as data: a chain of dense layers and how it is trained. What an engine takes and knows nothing beyond.

export const activations = ['tanh', 'relu', 'sigmoid', 'linear'] as const
export type Activation = (typeof activations)[number]

/** bce: binary cross-entropy; mse: mean squared error. Both are means over the pixels of a batch. */
export const losses = ['bce', 'mse'] as const
export type Loss = (typeof losses)[number]

/** One row an optimizer: its constants, the values that it keeps beside each weight, and the factor of its update at step t, from 1. */
export const optimizers = {
  /** Kingma & Ba 2015 as Keras has it: ε is added outside the bias correction (end of section 2). Keeps m and v, unscaled. */
  adam: {
    label: 'Adam',
    slots: ['m', 'v'],
    beta1: 0.9,
    beta2: 0.999,
    epsilon: 1e-7,
    rate: (learningRate: number, t: number) => (learningRate * Math.sqrt(1 - 0.999 ** t)) / (1 - 0.9 ** t)
  }
} as const
export type Optimizer = keyof typeof optimizers

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
