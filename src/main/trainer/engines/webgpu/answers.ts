// What `forward` was asked for: where the GPU leaves it, and how it comes to one array a model.
import type { ForwardResult, ForwardValue } from '../engine'
import type { Buffers } from './wgsl-kernels'
import type { Layer, Plan } from './plan'

/** A value of a model: for each image a row of `stride` floats from `start` bytes into a buffer, of which `width` from `skip` on are it. */
interface Source {
  name: ForwardValue
  model: number
  buffer: GPUBuffer
  start: number
  stride: number
  skip: number
  width: number
}

export interface Answers {
  /** Bytes that are read back for each image. */
  bytesAnImage: number
  /** Copies the answers to `count` images to `readable`, `offset` bytes into it. */
  copy(encoder: GPUCommandEncoder, readable: GPUBuffer, offset: number, count: number): void
  /** Takes from the bytes of a copy what belongs to the images from `first` on. */
  take(bytes: ArrayBuffer, offset: number, first: number, count: number): void
  result: ForwardResult
}

export function answersOf(
  plan: Plan,
  buffers: Pick<Buffers, 'parts' | 'gradients' | 'activations'>,
  values: readonly ForwardValue[],
  images: number
): Answers {
  const sources = plan.layers.flatMap((layers, model) => sourcesOf(plan, layers, model, buffers))
  const wanted = sources.filter(({ name }) => values.includes(name))
  const result: ForwardResult = { bce: [], mse: [], reconstruction: [], code: [] }
  for (const { name, model, width } of wanted) result[name][model] = new Float32Array(images * width)
  return {
    result,
    bytesAnImage: wanted.reduce((sum, { stride }) => sum + 4 * stride, 0),
    copy(encoder, readable, offset, count) {
      let at = offset
      for (const { buffer, start, stride } of wanted) {
        encoder.copyBufferToBuffer(buffer, start, readable, at, 4 * count * stride)
        at += 4 * count * stride
      }
    },
    take(bytes, offset, first, count) {
      let at = offset
      for (const { name, model, stride, skip, width } of wanted) {
        const rows = new Float32Array(bytes, at, count * stride)
        const target = result[name][model] as Float32Array
        for (let i = 0; i < count; i++) {
          target.set(rows.subarray(i * stride + skip, i * stride + skip + width), (first + i) * width)
        }
        at += 4 * count * stride
      }
    }
  }
}

function sourcesOf(
  { rows }: Plan,
  layers: readonly Layer[],
  model: number,
  { parts, gradients, activations }: Pick<Buffers, 'parts' | 'gradients' | 'activations'>
): Source[] {
  const error = { model, buffer: parts, start: 8 * model * rows, stride: 2, width: 1 }
  const ofLayer = (buffer: GPUBuffer, { outcome, outputs, outputs4 }: Layer) => {
    return { model, buffer, start: 16 * outcome, stride: 4 * outputs4, skip: 0, width: outputs }
  }
  return [
    { name: 'bce', skip: 0, ...error },
    { name: 'mse', skip: 1, ...error },
    { name: 'reconstruction', ...ofLayer(gradients, layers.at(-1) as Layer) },
    { name: 'code', ...ofLayer(activations, layers[layers.length / 2 - 1] as Layer) }
  ]
}
