// A group of autoencoders on one batch: the encoders are one dense layer, since they see the same pixels; behind it each model is a chain.
import type { ModelSpec } from '../../engine'
import { chain } from './gradient'
import type { Graph, Tensor } from './graph-builder'
import { activate, dense, type Gradient } from './layers'
import { biasParts } from './parameters'

export interface NetworkPass {
  /** Logits of each model's reconstruction, [batch, 784]. */
  logits: Tensor[]
  /** From the gradients of the logits to those of the group's parameters, in the order of groupTensors. */
  backward(gradients: Gradient[]): Tensor[]
}

/** Pixels as the models take them: uint8 / 255, float32. */
export function scalePixels(graph: Graph, pixels: Tensor): Tensor {
  return graph.op('DequantizeLinear', [pixels, graph.float(1 / 255)])
}

/** Runs `input` [batch, 784] through all models. `parameters`: in the order of groupTensors. */
export function network(graph: Graph, models: ModelSpec[], parameters: Tensor[], input: Tensor): NetworkPass {
  const [encoderWeight, bias, ...decoderWeights] = parameters
  if (!encoderWeight || !bias) throw new Error('A group has an encoder and a bias tensor')
  const parts = graph.integers(biasParts(models))
  const [encoderBias, ...decoderBiases] = graph.ops('Split', [bias, parts], models.length + 1, { axis: 0 })

  const encoder = dense(encoderWeight, encoderBias as Tensor)(graph, input)
  const widths = graph.integers(models.map((model) => model.latentDim))
  const codes = graph.ops('Split', [encoder.output, widths], models.length, { axis: 1 })
  const passes = models.map((model, index) => {
    const decoder = dense(decoderWeights[index] as Tensor, decoderBiases[index] as Tensor)
    return chain(graph, [activate(model.activation), decoder], codes[index] as Tensor)
  })

  return {
    logits: passes.map((pass) => pass.output),
    backward(gradients) {
      const ways = passes.map((pass, index) => pass.backward(gradients[index] as Gradient))
      const codeGradients = ways.map((way) => way.input().tensor)
      const gradient = { tensor: graph.op('Concat', codeGradients, { axis: 1 }), factor: null }
      const [encoderGradient, encoderBiasGradient] = encoder.backward(gradient).parameters as [Tensor, Tensor]
      const decoderBiasGradients = ways.map((way) => way.parameters[1] as Tensor)
      return [
        encoderGradient,
        graph.op('Concat', [encoderBiasGradient, ...decoderBiasGradients], { axis: 0 }),
        ...ways.map((way) => way.parameters[0] as Tensor)
      ]
    }
  }
}
