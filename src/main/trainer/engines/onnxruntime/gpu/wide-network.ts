// All models of a training as one chain of layers over [models, batch, ·]: each product and each elementwise node runs once for all of
// them. A launch costs a GPU about as much as a product of this size, so their number decides.
import { PIXELS } from '@shared/experiment'
import type { ModelSpec } from '../../../engine'
import { chain } from '../gradient'
import type { Graph, Tensor } from '../graph-builder'
import { activate, settle, type Layer } from '../layers'
import { padding } from './padding'
import { join, reshape, slices, split } from './parts'

/** What only the way back takes of a batch. */
export interface BackwardInputs {
  /** The pixels transposed, [784, batch]. */
  transposed: Tensor
  /** As many ones as images, [1, batch]. */
  ones: Tensor
}

/** What `spread` picks, in the order of Padding's lengths. */
type PaddedTensors = [Tensor, Tensor, Tensor, Tensor, Tensor, Tensor]

export interface WideNetworkPass {
  /** [models, batch, 784]. */
  logits: Tensor
  /** From the gradient of the logits to that of the flat vector. */
  backward(gradient: Tensor): Tensor
}

/** Makes the network of these models: its passes share what tells where each weight belongs. */
export function wideNetwork(graph: Graph, models: ModelSpec[]) {
  const { width, row, lengths, spread, collect } = padding(models)
  const places = graph.stored('spread', 'int32', bytesOf(spread), [spread.length])
  const count = models.length
  const rows = lengths.map((length) => length / row)
  const byRow = (tensor: Tensor) => reshape(graph, tensor, [-1, row])

  /** Runs `input` [batch, 784] through all models with the flat vector `weights`. */
  return (weights: Tensor, input: Tensor, back?: BackwardInputs): WideNetworkPass => {
    const parts = split(graph, byRow(graph.op('Gather', [weights, places])), rows, 0)
    const [encoders, encoderBiases, decoderBiases, decoders, transposedDecoders, noughts] = parts as PaddedTensors
    const shaped = (tensor: Tensor, rows: number, columns: number) => reshape(graph, tensor, [count, rows, columns])
    const layers = [
      encoding(shaped(encoders, PIXELS, width), shaped(encoderBiases, 1, width), back),
      activations(models),
      decoding(
        shaped(decoders, width, PIXELS),
        shaped(decoderBiases, 1, PIXELS),
        shaped(transposedDecoders, PIXELS, width),
        back
      )
    ]
    const pass = chain(graph, layers, input)
    return {
      logits: pass.output,
      backward(gradient) {
        const { parameters } = pass.backward({ tensor: gradient, factor: null })
        const gradients = join(graph, [...parameters.map(byRow), noughts], 0)
        const origins = graph.stored('collect', 'int32', bytesOf(collect), [collect.length])
        return graph.op('Gather', [reshape(graph, gradients, [-1]), origins])
      }
    }
  }
}

/** Pixels [batch, 784] → what the activations take, [models, batch, width]. */
function encoding(weights: Tensor, biases: Tensor, back?: BackwardInputs): Layer {
  return (graph, input) => ({
    output: graph.op('Add', [graph.op('MatMul', [input, weights]), biases]),
    backward(gradient) {
      const { transposed, ones } = needed(back)
      const tensor = settle(graph, gradient)
      return {
        parameters: [graph.op('MatMul', [transposed, tensor]), sumOverBatch(graph, tensor, ones)],
        input: () => {
          throw new Error('Nobody asks for the gradient of the pixels')
        }
      }
    }
  })
}

/** A product with ones: ReduceSum over rows takes the runtime two launches, a transposition first. */
function sumOverBatch(graph: Graph, tensor: Tensor, ones: Tensor): Tensor {
  return graph.op('MatMul', [ones, tensor])
}

/** The models' activations on all codes [models, batch, width]: one layer if all models have the same. */
function activations(models: ModelSpec[]): Layer {
  const [first, ...others] = models.map((model) => activate(model.activation))
  const activation = models[0]?.activation
  if (first && models.every((model) => model.activation === activation)) return first
  return (graph, input) => {
    const codes = slices(graph, input, models.length, 0)
    const passes = [first, ...others].flatMap((layer, index) => (layer ? [layer(graph, codes[index] as Tensor)] : []))
    const outputs = passes.map((pass) => pass.output)
    return {
      output: join(graph, outputs, 0),
      backward(gradient) {
        const parts = slices(graph, settle(graph, gradient), models.length, 0)
        const ways = passes.map((pass, index) => pass.backward({ tensor: parts[index] as Tensor, factor: null }))
        const inputs = ways.map((way) => settle(graph, way.input()))
        return { parameters: [], input: () => ({ tensor: join(graph, inputs, 0), factor: null }) }
      }
    }
  }
}

/** Codes [models, batch, width] → logits [models, batch, 784]. */
function decoding(weights: Tensor, biases: Tensor, transposed: Tensor, back?: BackwardInputs): Layer {
  return (graph, input) => ({
    output: graph.op('Add', [graph.op('MatMul', [input, weights]), biases]),
    backward(gradient) {
      const { ones } = needed(back)
      const tensor = settle(graph, gradient)
      const codes = graph.op('Transpose', [input], { perm: [0, 2, 1] })
      return {
        parameters: [sumOverBatch(graph, tensor, ones), graph.op('MatMul', [codes, tensor])],
        input: () => ({ tensor: graph.op('MatMul', [tensor, transposed]), factor: null })
      }
    }
  })
}

function needed(back: BackwardInputs | undefined): BackwardInputs {
  if (back) return back
  throw new Error('The way back needs the transposed pixels and ones')
}

function bytesOf(numbers: Int32Array): Uint8Array {
  return new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength)
}

/** Cross-entropy of each image, summed over its pixels, [models, batch]: softplus(y) − y·x, which is exact for every logit y. */
export function wideCrossEntropies(graph: Graph, logits: Tensor, targets: Tensor): Tensor {
  const ofPixels = graph.op('Sub', [graph.op('Softplus', [logits]), graph.op('Mul', [logits, targets])])
  return graph.op('ReduceSum', [ofPixels, graph.integers([2])], { keepdims: 0 })
}
