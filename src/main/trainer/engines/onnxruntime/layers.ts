// The layers of an autoencoder: what each computes, and how a gradient at its output becomes gradients of its parameters and input.
import type { Activation } from '@shared/experiment'
import type { Graph, Tensor } from './graph-builder'

/**
 * A gradient, or a gradient that still lacks a scalar factor: `factor` × `tensor`. Everything behind the loss is linear in the
 * gradient, so a dense layer can multiply where its tensor is narrowest, instead of over a whole batch of images.
 */
export interface Gradient {
  tensor: Tensor
  factor: Tensor | null
}

/** What a layer did to its input, and the way back. */
export interface Pass {
  output: Tensor
  /** Gradients of the layer's parameters, in the order weight, bias, and on demand that of its input. */
  backward(gradient: Gradient): { parameters: Tensor[]; input: () => Gradient }
}

export type Layer = (graph: Graph, input: Tensor) => Pass

/** The tensor of a gradient with its factor multiplied in. */
export function settle(graph: Graph, { tensor, factor }: Gradient): Tensor {
  return factor === null ? tensor : graph.op('Mul', [tensor, factor])
}

/** input [batch, n] · weight [n, m] + bias [m]. */
export function dense(weight: Tensor, bias: Tensor): Layer {
  return (graph, input) => ({
    output: graph.op('Gemm', [input, weight, bias]),
    backward({ tensor, factor }) {
      // Here the factor meets [batch, n] instead of [batch, m]: in a decoder n is the latent dimension, m all pixels.
      const scaledInput = settle(graph, { tensor: input, factor })
      const overBatch = graph.op('ReduceSum', [tensor, graph.integers([0])], { keepdims: 0 })
      return {
        parameters: [
          graph.op('Gemm', [scaledInput, tensor], { transA: 1 }),
          settle(graph, { tensor: overBatch, factor })
        ],
        input: () => ({ tensor: graph.op('Gemm', [tensor, weight], { transB: 1 }), factor })
      }
    }
  })
}

/** How each activation is written in ONNX; `slope` is its derivative times `gradient`, told from its output. */
const functions: Record<
  Activation,
  {
    value: (graph: Graph, input: Tensor) => Tensor
    slope: (graph: Graph, output: Tensor, gradient: Tensor) => Tensor
  }
> = {
  tanh: {
    value: (graph, input) => graph.op('Tanh', [input]),
    slope: (graph, output, gradient) => {
      const square = graph.op('Mul', [output, output])
      return graph.op('Mul', [gradient, graph.op('Sub', [graph.float(1), square])])
    }
  },
  relu: {
    value: (graph, input) => graph.op('Relu', [input]),
    slope: (graph, output, gradient) =>
      graph.op('Where', [graph.op('Greater', [output, graph.float(0)]), gradient, graph.float(0)])
  },
  sigmoid: {
    value: (graph, input) => graph.op('Sigmoid', [input]),
    slope: (graph, output, gradient) => {
      const variance = graph.op('Mul', [output, graph.op('Sub', [graph.float(1), output])])
      return graph.op('Mul', [gradient, variance])
    }
  },
  linear: { value: (_, input) => input, slope: (_graph, _output, gradient) => gradient }
}

/** Applies an activation to each element; it has no parameters. */
export function activate(activation: Activation): Layer {
  const { value, slope } = functions[activation]
  return (graph, input) => {
    const output = value(graph, input)
    return {
      output,
      backward: (gradient) => ({
        parameters: [],
        input: () => ({ tensor: slope(graph, output, settle(graph, gradient)), factor: null })
      })
    }
  }
}
