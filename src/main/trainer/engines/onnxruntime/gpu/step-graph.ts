// The graph of some training steps one after another, without a Loop, which WebGPU lacks: picked batches in, state and losses out.
import { PIXELS } from '@shared/experiment'
import type { Images, ModelSpec } from '../../../engine'
import { adam, type Parameter } from '../adam'
import { createGraph, type Graph, type Tensor } from '../graph-builder'
import { crossEntropyGradient } from '../loss'
import { scalePixels } from '../network'
import type { DeviceGraph } from './device-session'
import { flatLength } from './flat-state'
import { join, reshape, split } from './parts'
import { wideCrossEntropies, wideNetwork } from './wide-network'

/** The state of a training by its names as inputs of the graph; each a flat vector, see flat-state.ts. */
export const stateNames = ['weights', 'firstMoments', 'secondMoments'] as const

/**
 * Inputs by name: images uint8 [count, 784] (not if they are given here to be stored in the graph), order int32 [steps, batch], rates float32 [steps], gradientFactor float32
 * scalar: (1 − β1) / (batch·784), ones float32 [1, batch], and stateNames float32 [flatLength]. Outputs by position: the state after the steps, then each step's losses before its
 * update, summed over batch and pixels, float32 [steps, models].
 */
export function stepGraph(models: ModelSpec[], steps: number, stored?: Images): DeviceGraph {
  const graph = createGraph()
  const images = stored
    ? graph.stored('images', 'uint8', stored.pixels, [stored.count, PIXELS])
    : graph.input('images', 'uint8', ['count', PIXELS])
  const order = graph.input('order', 'int32', [steps, 'batch'])
  const rates = graph.input('rates', 'float32', [steps])
  const gradientFactor = graph.input('gradientFactor', 'float32', [])
  const ones = graph.input('ones', 'float32', [1, 'batch'])
  const [weight, firstMoment, secondMoment] = stateNames.map((name) =>
    graph.input(name, 'float32', [flatLength(models)])
  ) as [Tensor, Tensor, Tensor]

  // One pick for all steps: three launches instead of three a step.
  const pixels = scalePixels(graph, graph.op('Gather', [images, order]))
  const single = Array.from({ length: steps }, () => 1)
  const batches = split(graph, pixels, single, 0).map((batch) => reshape(graph, batch, [-1, PIXELS]))
  const ofStep = split(graph, rates, single, 0)

  let last: Parameter = { weight, firstMoment, secondMoment }
  const losses: Tensor[] = []
  batches.forEach((targets, index) => {
    const { gradient, loss } = gradients(graph, models, last.weight, ones, targets)
    const scaled = graph.op('Mul', [gradient, gradientFactor])
    last = adam(graph, last, scaled, ofStep[index] as Tensor)
    losses.push(loss)
  })

  const state = [last.weight, last.firstMoment, last.secondMoment]
  for (const tensor of state) graph.output(tensor, 'float32', [flatLength(models)])
  const allLosses = reshape(graph, join(graph, losses, 0), [steps, models.length])
  graph.output(allLosses, 'float32', [steps, models.length])
  return { bytes: graph.toBytes(), outputs: [...state, allLosses] }
}

/** The gradient of the loss summed over batch and pixels, flat, and that loss, [models]. */
function gradients(graph: Graph, models: ModelSpec[], weights: Tensor, ones: Tensor, targets: Tensor) {
  const { output: logits, backward } = wideNetwork(graph, models, weights, ones, targets)
  const loss = graph.op('ReduceSum', [wideCrossEntropies(graph, logits, targets), graph.integers([1])], { keepdims: 0 })
  const ofLogits = crossEntropyGradient(graph, graph.op('Sigmoid', [logits]), targets)
  const { parameters } = backward({ tensor: ofLogits, factor: null })
  const flat = parameters.map((part) => reshape(graph, part, [-1]))
  return { gradient: join(graph, flat, 0), loss }
}
