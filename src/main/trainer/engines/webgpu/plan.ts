// Where everything of a session's models lies in the GPU's buffers, and the tiles that the kernels work through.
import { activations, losses, optimizers, type ModelConfig } from '@shared/model'
import { tileShapes, type ProductKernel, type Sizes } from './wgsl-kernels'

/** Batches are worked through in chunks of so many images at most, whatever the models: their bits must not depend on company. */
export const CHUNK = 512
/** Images answered to at a time, at least: small batches need not mean many small questions. */
const LEAST_ROWS = 128
const NONE = 0xffffffff // as in common.wgsl

/** A layer of a model. Sizes and positions in vec4s, but for inputs and outputs; the kernels' Tile describes each. */
export interface Layer {
  model: number
  inputs: number
  outputs: number
  inputs4: number
  outputs4: number
  inputActivation: number
  activation: number
  loss: number
  weights: number
  bias: number
  slots: number
  chunks: number
  source: number
  outcome: number
}

export interface Plan {
  models: readonly ModelConfig[]
  /** Of each model. */
  layers: Layer[][]
  /** Where a model's weights, its optimizer's slots and its sums over chunks lie, one after the other: all of `slots` vec4s. */
  blocks: { first4: number; slots4: number; slots: number }[]
  pixels: number
  chunk: number
  chunked: boolean
  /** Images that activations and gradients have room for. */
  rows: number
  sizes: Sizes
  state4: number
  activations4: number
  gradients4: number
}

const quarter = (count: number) => Math.ceil(count / 4)
const roundUp = (count: number, to: number) => Math.ceil(count / to) * to

/** Throws where models don't share their batches, or end otherwise than in a sigmoid a pixel. */
export function planOf(models: readonly ModelConfig[], pixels: number): Plan {
  const batchSize = models[0]?.batchSize ?? 0
  for (const { layers, batchSize: own, id } of models) {
    const last = layers.at(-1)
    const fits = own === batchSize && last?.units === pixels && last.activation === 'sigmoid' && layers.length % 2 === 0
    if (!fits) throw new TypeError(`The model ${id} does not fit the others or the images`)
  }
  const chunk = Math.min(batchSize, CHUNK)
  const chunked = batchSize > CHUNK
  const rows = roundUp(Math.max(chunk, LEAST_ROWS), 4 * tileShapes.output.R4)
  let state4 = 0
  let activations4 = 0
  const blocks: Plan['blocks'] = []
  const layers = models.map((model, index) => {
    const widths = [pixels, ...model.layers.map(({ units }) => units)]
    const sizes = widths.map(quarter)
    const at = (list: number[], i: number) => list[i] as number
    const slots4 = model.layers.reduce((sum, _, i) => sum + (4 * at(sizes, i) + 1) * at(sizes, i + 1), 0)
    const slots = optimizers[model.optimizer].slots.length
    blocks.push({ first4: state4, slots4, slots })
    let next = state4
    state4 += slots4 * (1 + slots + Number(chunked))
    let source = NONE
    return model.layers.map(({ activation }, i): Layer => {
      const [inputs4, outputs4] = [at(sizes, i), at(sizes, i + 1)]
      const weights = next
      next += (4 * inputs4 + 1) * outputs4
      const before = model.layers[i - 1]
      const layer = {
        model: index,
        inputs: at(widths, i),
        outputs: at(widths, i + 1),
        inputs4,
        outputs4,
        inputActivation: before ? activations.indexOf(before.activation) : 0,
        activation: activations.indexOf(activation),
        loss: losses.indexOf(model.loss),
        weights,
        bias: weights + 4 * inputs4 * outputs4,
        slots: slots4,
        chunks: slots4 * (1 + slots),
        source,
        outcome: activations4
      }
      source = activations4
      if (i < model.layers.length - 1) activations4 += rows * outputs4
      return layer
    })
  })
  // The last layers have gradients alone, which lie behind those of the hidden ones.
  const last4 = rows * quarter(pixels)
  layers.forEach((of, index) => Object.assign(of.at(-1) as Layer, { outcome: activations4 + index * last4 }))
  const COLUMNS = Math.ceil(quarter(pixels) / tileShapes.output.C4)
  const PARTS = COLUMNS * Math.ceil(chunk / (4 * tileShapes.output.R4))
  const gradients4 = activations4 + models.length * last4
  const sizes = { MODELS: models.length, PARTS, COLUMNS, ROWS: rows }
  return { models, layers, blocks, pixels, chunk, chunked, rows, sizes, state4, activations4, gradients4 }
}

const from0 = (end: number, step: number) => Array.from({ length: Math.ceil(end / step) }, (_, index) => index * step)

/** The kernels' Tile, sixteen words. */
function tile(layer: Layer, row4: number, column4: number, end4: number): number[] {
  const { model, inputs4, outputs4, outputs, inputActivation, activation, loss } = layer
  const { weights, bias, slots, chunks, source, outcome } = layer
  const place = [weights, bias, slots, chunks, source, outcome]
  return [model, inputs4, outputs4, outputs, inputActivation, activation, loss, ...place, row4, column4, end4]
}
export const TILE_WORDS = 16

/** The tiles of a dispatch over these layers; of `answer` one tile a model, which goes through all its columns. */
export function tilesOf(kernel: ProductKernel | 'answer', layers: readonly Layer[]): Uint32Array<ArrayBuffer> {
  if (kernel === 'answer') return Uint32Array.from(layers.flatMap((layer) => tile(layer, 0, 0, layer.outputs4)))
  const { R4, C4 } = tileShapes[kernel]
  const rows = (layer: Layer) => (kernel === 'update' ? from0(layer.inputs4, R4) : [0])
  const columns = (layer: Layer) => from0(kernel === 'back' ? layer.inputs4 : layer.outputs4, C4)
  const words = layers.flatMap((layer) =>
    rows(layer).flatMap((row4) => columns(layer).flatMap((column4) => tile(layer, row4, column4, column4 + C4)))
  )
  return Uint32Array.from(words)
}

/** Layers of one depth, which don't depend on one another, one list a dispatch: forward from the first, back from the last. */
export function stagesOf({ layers }: Plan) {
  const deepest = Math.max(...layers.map(({ length }) => length))
  const hidden = from0(deepest - 1, 1)
  return {
    forward: hidden.map((depth) => layers.flatMap((of) => of.slice(0, -1).slice(depth, depth + 1))),
    last: layers.flatMap((of) => of.slice(-1)),
    back: hidden.map((depth) =>
      layers.flatMap((of) =>
        of
          .slice(1)
          .reverse()
          .slice(depth, depth + 1)
      )
    )
  }
}
