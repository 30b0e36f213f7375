// The graph of some training steps one after another, without a Loop, which WebGPU lacks: picked batches in, state and losses out.
import { PIXELS } from '@shared/experiment'
import type { Images, ModelSpec } from '../../../engine'
import { adam, type Parameter } from '../adam'
import { createGraph, type Tensor } from '../graph-builder'
import { crossEntropyGradient } from '../loss'
import { scalePixels } from '../network'
import type { DeviceGraph } from './device-session'
import { flatLength } from './flat-state'
import { join, reshape, slices } from './parts'
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

  // One pick for all steps: four launches instead of four a step.
  const pixels = scalePixels(graph, graph.op('Gather', [images, order]))
  const transposed = graph.op('Transpose', [pixels], { perm: [0, 2, 1] })
  const ofStep = slices(graph, rates, steps, 0)
  const batches = slices(graph, pixels, steps, 0)
  const columns = slices(graph, transposed, steps, 0)

  const network = wideNetwork(graph, models)
  let last: Parameter = { weight, firstMoment, secondMoment }
  const losses: Tensor[] = []
  for (let index = 0; index < steps; index++) {
    const targets = reshape(graph, batches[index] as Tensor, [-1, PIXELS])
    const back = { transposed: reshape(graph, columns[index] as Tensor, [PIXELS, -1]), ones }
    const { logits, backward } = network(last.weight, targets, back)
    const crossEntropies = wideCrossEntropies(graph, logits, targets)
    losses.push(graph.op('ReduceSum', [crossEntropies, graph.integers([1])], { keepdims: 0 }))
    const gradient = backward(crossEntropyGradient(graph, graph.op('Sigmoid', [logits]), targets))
    last = adam(graph, last, graph.op('Mul', [gradient, gradientFactor]), ofStep[index] as Tensor)
  }

  const state = [last.weight, last.firstMoment, last.secondMoment]
  for (const tensor of state) graph.output(tensor, 'float32', [flatLength(models)])
  const allLosses = reshape(graph, join(graph, losses, 0), [steps, models.length])
  graph.output(allLosses, 'float32', [steps, models.length])
  return { bytes: graph.toBytes(), outputs: [...state, allLosses] }
}
