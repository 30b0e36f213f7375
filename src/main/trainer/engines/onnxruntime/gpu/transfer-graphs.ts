// The small graphs that carry data over: images onto a device, where they stay, and the state back to the CPU.
import { PIXELS } from '@shared/experiment'
import { createGraph } from '../graph-builder'
import type { DeviceGraph } from './device-session'
import { stateNames } from './step-graph'

/** Inputs: images uint8 [count, 784] and order int32 [count]. Output: the images in that order. WebGPU's Identity takes no uint8. */
export function uploadGraph(): DeviceGraph {
  const graph = createGraph()
  const images = graph.input('images', 'uint8', ['count', PIXELS])
  const onDevice = graph.op('Gather', [images, graph.input('order', 'int32', ['count'])])
  graph.output(onDevice, 'uint8', ['count', PIXELS])
  return { bytes: graph.toBytes(), outputs: [onDevice] }
}

/** Inputs: stateNames, float32 [length]. Outputs by position: the same. */
export function downloadGraph(length: number): DeviceGraph {
  const graph = createGraph()
  const outputs = stateNames.map((name) => graph.op('Identity', [graph.input(name, 'float32', [length])]))
  for (const output of outputs) graph.output(output, 'float32', [length])
  return { bytes: graph.toBytes(), outputs }
}
