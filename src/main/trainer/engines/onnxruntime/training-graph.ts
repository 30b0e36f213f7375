// The graph that trains a group of models: K steps in a Loop, each forward, loss, backward and Adam on a batch picked from all images.
import { PIXELS } from '@shared/experiment'
import type { ModelSpec } from '../../engine'
import { adam, type Parameter } from './adam'
import { createGraph, type Graph, type Tensor } from './graph-builder'
import { centre, crossEntropies, crossEntropyGradient } from './loss'
import { network, scalePixels } from './network'
import { groupTensors } from './parameters'

/** What a step shares with the others of a call. */
interface StepInputs {
  /** Chosen images, uint8 [batch, 784]. */
  pixels: Tensor
  /** Scalar: (1 − β1) / (batch·784), which makes the sum's gradient the mean's, scaled as adam wants it. */
  gradientFactor: Tensor
  /** Scalar: Adam's rate of this step. */
  rate: Tensor
}

/**
 * One step: the parameters after it, and each model's loss before it, summed over batch and pixels, a scalar a model.
 * onnxruntime works from the end of the list of nodes: the last result with all that it needs first. So a model's results stand
 * together, and it is done with one model's [batch, 784] tensors, which the cache just holds, before it starts another's.
 */
function step(graph: Graph, models: ModelSpec[], parameters: Parameter[], inputs: StepInputs) {
  const targets = scalePixels(graph, inputs.pixels)
  const centredTargets = centre(graph, targets)
  const weights = parameters.map((parameter) => parameter.weight)
  const { logits, backward } = network(graph, models, weights, targets)
  const losses = logits.map((ofModel) => crossEntropies(graph, ofModel, centredTargets))
  const gradients = backward(
    logits.map((ofModel) => ({
      tensor: crossEntropyGradient(graph, graph.op('Sigmoid', [ofModel]), targets),
      factor: inputs.gradientFactor
    }))
  )
  const sharedParameters = parameters.length - models.length
  const updated: Parameter[] = []
  const lossSums: Tensor[] = []
  parameters.forEach((parameter, index) => {
    updated.push(adam(graph, parameter, gradients[index] as Tensor, inputs.rate))
    const loss = losses[index - sharedParameters]
    if (loss) lossSums.push(graph.op('ReduceSum', [loss], { keepdims: 0 }))
  })
  return { updated, losses: lossSums }
}

/**
 * Inputs by name: images uint8 [count, 784], order int32 [steps, batch], rates float32 [steps], gradientFactor float32 scalar,
 * steps int64 scalar, then for each tensor of groupTensors `weight/…`, `firstMoment/…`, `secondMoment/…`.
 * Outputs by position: the same state after the steps, then each model's losses summed over batch and pixels, float32 [steps].
 */
export function trainingGraph(models: ModelSpec[]): Uint8Array {
  const graph = createGraph()
  const images = graph.input('images', 'uint8', ['count', PIXELS])
  const order = graph.input('order', 'int32', ['steps', 'batch'])
  const rates = graph.input('rates', 'float32', ['steps'])
  const gradientFactor = graph.input('gradientFactor', 'float32', [])
  const steps = graph.input('steps', 'int64', [])
  const tensors = groupTensors(models)
  const stateShapes = tensors.flatMap(({ shape }) => [shape, shape, shape])
  const initial = parameterInputs(graph, tensors).flatMap(stateOf)

  const body = graph.body()
  const index = body.input('index', 'int64', [])
  const goOn = body.input('goOn', 'bool', [])
  const { updated, losses } = step(body, models, parameterInputs(body, tensors), {
    pixels: body.op('Gather', [images, body.op('Gather', [order, index])]),
    gradientFactor,
    rate: body.op('Gather', [rates, index])
  })
  body.output(body.op('Identity', [goOn]), 'bool', [])
  updated.flatMap(stateOf).forEach((tensor, place) => body.output(tensor, 'float32', stateShapes[place] as number[]))
  for (const loss of losses) body.output(loss, 'float32', [])

  const noCondition = '' as Tensor
  const outputs = graph.ops('Loop', [steps, noCondition, ...initial], initial.length + models.length, {
    body: body.finish()
  })
  outputs.forEach((tensor, place) => graph.output(tensor, 'float32', stateShapes[place] ?? ['steps']))
  return graph.toBytes()
}

function parameterInputs(graph: Graph, tensors: { name: string; shape: number[] }[]): Parameter[] {
  return tensors.map(({ name, shape }) => ({
    weight: graph.input(`weight/${name}`, 'float32', shape),
    firstMoment: graph.input(`firstMoment/${name}`, 'float32', shape),
    secondMoment: graph.input(`secondMoment/${name}`, 'float32', shape)
  }))
}

function stateOf({ weight, firstMoment, secondMoment }: Parameter): Tensor[] {
  return [weight, firstMoment, secondMoment]
}
