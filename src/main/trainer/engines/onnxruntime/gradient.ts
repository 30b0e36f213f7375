// Reverse mode over a chain of layers: forward notes each layer's pass, backward walks the notes from the last to the first.
import type { Graph, Tensor } from './graph-builder'
import type { Gradient, Layer, Pass } from './layers'

/** Runs `input` through the layers; the result behaves like the pass of one layer with all their parameters, first layer first. */
export function chain(graph: Graph, layers: Layer[], input: Tensor): Pass {
  const passes: Pass[] = []
  let output = input
  for (const layer of layers) {
    const pass = layer(graph, output)
    passes.push(pass)
    output = pass.output
  }
  return {
    output,
    backward(gradient: Gradient) {
      let arriving = () => gradient
      const parameters: Tensor[] = []
      for (const pass of [...passes].reverse()) {
        const backward = pass.backward(arriving())
        parameters.unshift(...backward.parameters)
        arriving = backward.input
      }
      return { parameters, input: arriving }
    }
  }
}
