// What `forward` was asked for: where the GPU leaves it, and how it comes to one array a model.
import { codeUnits } from '@shared/model'
import type { ForwardResult, ForwardValue } from '../engine'
import type { Buffers } from './kernels'
import type { Layer, Plan } from './plan'

/** A value of each image: `skip` floats into a row of `stride` floats, `width` of them. */
interface Field {
  name: ForwardValue
  skip: number
  width: number
}

/** A row for each image in one of the buffers, `start` bytes into it. */
interface Source {
  model: number
  buffer: keyof Buffers
  start: number
  stride: number
  fields: Field[]
}

export interface Answers {
  /** Bytes that are read back for each image. */
  bytesAnImage: number
  /** Copies the answers to `count` images to `readable`, `offset` bytes into it. */
  copy(encoder: GPUCommandEncoder, readable: GPUBuffer, offset: number, count: number): void
  /** Takes from the bytes of a copy what belongs to images `first` … `first + count - 1`. */
  take(bytes: ArrayBuffer, offset: number, first: number, count: number): void
  result: ForwardResult
}

export function answersOf(
  plan: Plan,
  buffers: Pick<Buffers, 'parts' | 'gradients' | 'activations'>,
  values: readonly ForwardValue[],
  images: number
): Answers {
  const sources = plan.layers.flatMap((layers, model) => sourcesOf(plan, layers, model, values))
  const bytesAnImage = sources.reduce((sum, { stride }) => sum + 4 * stride, 0)
  const result: ForwardResult = { bce: [], mse: [], reconstruction: [], code: [] }
  for (const { model, fields } of sources) {
    for (const { name, width } of fields) result[name][model] = new Float32Array(images * width)
  }
  return {
    bytesAnImage,
    copy(encoder, readable, offset, count) {
      let at = offset
      for (const { buffer, start, stride } of sources) {
        encoder.copyBufferToBuffer(buffers[buffer as keyof typeof buffers], start, readable, at, 4 * count * stride)
        at += 4 * count * stride
      }
    },
    take(bytes, offset, first, count) {
      let at = offset
      for (const { model, stride, fields } of sources) {
        const rows = new Float32Array(bytes, at, count * stride)
        at += 4 * count * stride
        for (const { name, skip, width } of fields) {
          const target = result[name][model] as Float32Array
          for (let i = 0; i < count; i++) {
            const row = i * stride + skip
            target.set(rows.subarray(row, row + width), (first + i) * width)
          }
        }
      }
    },
    result
  }
}

function sourcesOf(plan: Plan, layers: readonly Layer[], model: number, values: readonly ForwardValue[]): Source[] {
  const last = layers.at(-1) as Layer
  const code = layers[layers.length / 2 - 1] as Layer
  const errors = (['bce', 'mse'] as const).map((name, skip) => ({ name, skip, width: 1 }))
  const ofLayer = (name: ForwardValue, buffer: keyof Buffers, { outcome, outputs4 }: Layer, width: number) => {
    return { model, buffer, start: 16 * outcome, stride: 4 * outputs4, fields: [{ name, skip: 0, width }] }
  }
  const all: Source[] = [
    { model, buffer: 'parts', start: 8 * model * plan.rows, stride: 2, fields: errors },
    ofLayer('reconstruction', 'gradients', last, plan.pixels),
    ofLayer('code', 'activations', code, codeUnits(plan.models[model]?.layers ?? []))
  ]
  return all
    .map((source) => ({ ...source, fields: source.fields.filter(({ name }) => values.includes(name)) }))
    .filter(({ fields }) => fields.length > 0)
}
