// All models of a training as one chain of wide layers: what is elementwise runs once for all of them, only the decoders' products
// are apart. A launch costs a GPU about as much as a product of this size, so their number decides.
import { PIXELS } from '@shared/experiment'
import type { ModelSpec } from '../../../engine'
import { chain } from '../gradient'
import type { Graph, Tensor } from '../graph-builder'
import { activate, settle, type Layer, type Pass } from '../layers'
import { totalWidth } from '../parameters'
import { flatParts } from './flat-state'
import { join, reshape, split } from './parts'

/**
 * Runs `input` [batch, 784] through all models: logits [models, batch, 784]. `weights`: the flat vector; `ones`: as many as images,
 * [1, batch]. The gradients of backward come in parts that make the flat vector when they are joined.
 */
export function wideNetwork(graph: Graph, models: ModelSpec[], weights: Tensor, ones: Tensor, input: Tensor): Pass {
  const width = totalWidth(models)
  const [encoder, biases, ...decoders] = split(graph, weights, flatParts(models), 0) as [Tensor, Tensor, ...Tensor[]]
  const [encoderBias, ...decoderBiases] = split(graph, biases, [width, ...models.map(() => PIXELS)], 0)
  const matrices = decoders.map((decoder, index) => reshape(graph, decoder, [models[index]?.latentDim ?? 0, PIXELS]))
  const layers = [
    encoding(reshape(graph, encoder, [PIXELS, width]), encoderBias as Tensor, ones),
    activations(models),
    decoding(models, matrices, decoderBiases, ones)
  ]
  return chain(graph, layers, input)
}

/** Pixels [batch, 784] → what the activations take, [batch, Σd]. */
function encoding(weight: Tensor, bias: Tensor, ones: Tensor): Layer {
  return (graph, input) => ({
    output: graph.op('Gemm', [input, weight, bias]),
    backward(gradient) {
      const tensor = settle(graph, gradient)
      return {
        parameters: [graph.op('Gemm', [input, tensor], { transA: 1 }), sumOverBatch(graph, tensor, ones)],
        input: () => ({ tensor: graph.op('Gemm', [tensor, weight], { transB: 1 }), factor: null })
      }
    }
  })
}

/** A product with ones: ReduceSum over rows takes the runtime two launches, a transposition first. */
function sumOverBatch(graph: Graph, tensor: Tensor, ones: Tensor): Tensor {
  return graph.op('MatMul', [ones, tensor])
}

/** The models' activations on all codes side by side: one layer if all models have the same. */
function activations(models: ModelSpec[]): Layer {
  const [first, ...others] = models.map((model) => activate(model.activation))
  const activation = models[0]?.activation
  if (first && models.every((model) => model.activation === activation)) return first
  const widths = models.map((model) => model.latentDim)
  return (graph, input) => {
    const codes = split(graph, input, widths, 1)
    const passes = [first, ...others].flatMap((layer, index) => (layer ? [layer(graph, codes[index] as Tensor)] : []))
    return {
      output: join(
        graph,
        passes.map((pass) => pass.output),
        1
      ),
      backward(gradient) {
        const parts = split(graph, settle(graph, gradient), widths, 1)
        const ways = passes.map((pass, index) => pass.backward({ tensor: parts[index] as Tensor, factor: null }))
        const inputs = ways.map((way) => settle(graph, way.input()))
        return { parameters: [], input: () => ({ tensor: join(graph, inputs, 1), factor: null }) }
      }
    }
  }
}

/** Codes [batch, Σd] → logits [models, batch, 784], each model through its own matrix [d, 784] and bias [784]. */
function decoding(models: ModelSpec[], matrices: Tensor[], biases: Tensor[], ones: Tensor): Layer {
  return (graph, input) => {
    const codes = split(
      graph,
      input,
      models.map((model) => model.latentDim),
      1
    )
    const logits = matrices.map((matrix, index) =>
      graph.op('Gemm', [codes[index] as Tensor, matrix, biases[index] as Tensor])
    )
    return {
      output: reshape(graph, join(graph, logits, 0), [models.length, -1, PIXELS]),
      backward(gradient) {
        const tensor = settle(graph, gradient)
        const ofModels = split(
          graph,
          tensor,
          models.map(() => 1),
          0
        )
        const parts = ofModels.map((part) => reshape(graph, part, [-1, PIXELS]))
        return {
          parameters: [
            sumOverBatch(graph, tensor, ones),
            ...parts.map((part, index) => graph.op('Gemm', [codes[index] as Tensor, part], { transA: 1 }))
          ],
          input: () => {
            const ofCodes = parts.map((part, index) =>
              graph.op('Gemm', [part, matrices[index] as Tensor], { transB: 1 })
            )
            return { tensor: join(graph, ofCodes, 1), factor: null }
          }
        }
      }
    }
  }
}

/** Cross-entropy of each image, summed over its pixels, [models, batch]: softplus(y) − y·x, which is exact for every logit y. */
export function wideCrossEntropies(graph: Graph, logits: Tensor, targets: Tensor): Tensor {
  const ofPixels = graph.op('Sub', [graph.op('Softplus', [logits]), graph.op('Mul', [logits, targets])])
  return graph.op('ReduceSum', [ofPixels, graph.integers([2])], { keepdims: 0 })
}
