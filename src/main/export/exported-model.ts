// What a format is made of: one model of a run with its weights, cut into the parts that other tools load one by one.
import { codeUnits, tensorNames, tensorShapes, type LayerConfig, type ModelConfig } from '@shared/model'

export interface ExportedModel {
  model: ModelConfig
  /** As tensorShapes (shared/model.ts) lists them. */
  weights: readonly Float32Array[]
  /** Where it comes from, for the metadata that a format has room for. */
  provenance: Readonly<Record<string, string>>
}

/** The encoder maps images to codes, the decoder codes to reconstructions, the autoencoder images to reconstructions. */
export const modelParts = ['encoder', 'decoder', 'autoencoder'] as const
export type ModelPart = (typeof modelParts)[number]

/** Tools that name inputs and outputs know them by these names. */
type Values = 'images' | 'codes' | 'reconstructions'

export interface DenseLayer extends LayerConfig {
  /** `encoder`, or `encoder.0` where encoder and decoder have several layers. */
  name: string
  inputs: number
  /** [inputs, units], row by row. */
  weight: Float32Array
  bias: Float32Array
}

export interface PartOfModel {
  part: ModelPart
  input: { name: Values; units: number }
  output: { name: Values; units: number }
  layers: DenseLayer[]
}

/** A part of a model as the chain of its dense layers: activation(x · weight + bias), of values 0 to 1 (pixel / 255). */
export function partOf({ model, weights }: ExportedModel, part: ModelPart): PartOfModel {
  const { layers } = model
  const all = denseLayers(layers, weights)
  const pixels = layers[layers.length - 1]?.units ?? 0
  const images = { name: 'images' as const, units: pixels }
  const codes = { name: 'codes' as const, units: codeUnits(layers) }
  const reconstructions = { name: 'reconstructions' as const, units: pixels }
  const half = layers.length / 2
  if (part === 'encoder') return { part, input: images, output: codes, layers: all.slice(0, half) }
  if (part === 'decoder') return { part, input: codes, output: reconstructions, layers: all.slice(half) }
  return { part, input: images, output: reconstructions, layers: all }
}

function denseLayers(layers: readonly LayerConfig[], weights: readonly Float32Array[]): DenseLayer[] {
  const names = tensorNames(layers)
  const shapes = tensorShapes(layers)
  return layers.map((layer, index) => ({
    ...layer,
    name: (names[2 * index] as string).replace(/\.weight$/, ''),
    inputs: shapes[2 * index]?.[0] ?? 0,
    weight: weights[2 * index] as Float32Array,
    bias: weights[2 * index + 1] as Float32Array
  }))
}

/** The numbers' bytes as the formats have them, little-endian, which every processor has that Node runs on. */
export function bytesOf({ buffer, byteOffset, byteLength }: Float32Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength)
}
