// The graph that looks at a group of models without changing them: reconstructions, and each image's errors.
import { PIXELS } from '@shared/experiment'
import type { ModelSpec } from '../../engine'
import { createGraph } from './graph-builder'
import { centre, crossEntropies } from './loss'
import { network, scalePixels } from './network'
import { groupTensors } from './parameters'

/**
 * Inputs by name: pixels uint8 [images, 784] and `weight/…` for each tensor of groupTensors. Outputs by position: cross-entropies and
 * squared errors of each image, summed over its pixels, float32 [images, models] both; then each model's reconstructions [images, 784].
 */
export function evaluationGraph(models: ModelSpec[]): Uint8Array {
  const graph = createGraph()
  const pixels = graph.input('pixels', 'uint8', ['images', PIXELS])
  const weights = groupTensors(models).map(({ name, shape }) => graph.input(`weight/${name}`, 'float32', shape))
  const targets = scalePixels(graph, pixels)
  const centredTargets = centre(graph, targets)
  const { logits } = network(graph, models, weights, targets)

  const losses = logits.map((ofModel) => crossEntropies(graph, ofModel, centredTargets))
  const reconstructions = logits.map((ofModel) => graph.op('Sigmoid', [ofModel]))
  const squaredErrors = reconstructions.map((ofModel) => {
    const error = graph.op('Sub', [ofModel, targets])
    return graph.op('ReduceSum', [graph.op('Mul', [error, error]), graph.integers([1])])
  })

  graph.output(graph.op('Concat', losses, { axis: 1 }), 'float32', ['images', models.length])
  graph.output(graph.op('Concat', squaredErrors, { axis: 1 }), 'float32', ['images', models.length])
  for (const ofModel of reconstructions) graph.output(ofModel, 'float32', ['images', PIXELS])
  return graph.toBytes()
}
