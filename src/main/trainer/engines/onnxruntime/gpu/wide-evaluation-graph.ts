// The graph that looks at all models without changing them, on a device: each image's errors, and reconstructions for who asks.
import { PIXELS } from '@shared/experiment'
import type { Images, ModelSpec } from '../../../engine'
import { createGraph } from '../graph-builder'
import { scalePixels } from '../network'
import type { DeviceGraph } from './device-session'
import { flatLength } from './flat-state'
import { wideCrossEntropies, wideNetwork } from './wide-network'

/**
 * Inputs by name: images uint8 [count, 784] (unless stored), order int32 [images], weights float32 [flatLength]. Outputs by position:
 * cross-entropies and squared errors of each image, summed over its pixels, float32 [models, images]; reconstructions [models, images, 784].
 */
export function wideEvaluationGraph(models: ModelSpec[], stored?: Images): DeviceGraph {
  const graph = createGraph()
  const images = stored
    ? graph.stored('images', 'uint8', stored.pixels, [stored.count, PIXELS])
    : graph.input('images', 'uint8', ['count', PIXELS])
  const order = graph.input('order', 'int32', ['images'])
  const weights = graph.input('weights', 'float32', [flatLength(models)])
  const targets = scalePixels(graph, graph.op('Gather', [images, order]))
  const { logits } = wideNetwork(graph, models)(weights, targets)
  const reconstructions = graph.op('Sigmoid', [logits])
  const errors = graph.op('Sub', [reconstructions, targets])
  const squares = graph.op('ReduceSum', [graph.op('Mul', [errors, errors]), graph.integers([2])], { keepdims: 0 })
  const crossEntropies = wideCrossEntropies(graph, logits, targets)
  graph.output(crossEntropies, 'float32', [models.length, 'images'])
  graph.output(squares, 'float32', [models.length, 'images'])
  graph.output(reconstructions, 'float32', [models.length, 'images', PIXELS])
  return { bytes: graph.toBytes(), outputs: [crossEntropies, squares, reconstructions] }
}
