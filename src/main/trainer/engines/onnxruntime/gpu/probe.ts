// Whether a GPU can be used at all: a small graph runs on it, and the answer must be right.
import { LabError } from '@shared/errors'
import { createGraph } from '../graph-builder'
import { tensorFactory } from '../session'
import { providerTitles } from './device-error'
import { openDeviceSession, type DeviceGraph } from './device-session'
import type { Provider } from './provider'

const SIDE = 32

/** Does nothing if the provider's device computes. Throws LabError `device-unavailable` or `not-supported` with the runtime's words. */
export async function probe(provider: Provider): Promise<void> {
  const tensor = await tensorFactory()
  const session = await openDeviceSession(productGraph(), { provider, traffic: { toDevice: 0, fromDevice: 0 } })
  try {
    const numbers = Float32Array.from({ length: SIDE * SIDE }, (_, place) => place % 7)
    const [product] = await session.run({ matrix: tensor('float32', numbers, [SIDE, SIDE]) }, [0])
    const answer = product?.data as Float32Array
    if (!isSquareOf(answer, numbers)) {
      throw new LabError('device-unavailable', `The GPU computes wrongly with ${providerTitles[provider.name]}`, {
        remedy: 'Choose the device cpu; a newer graphics driver may help'
      })
    }
  } finally {
    await session.release()
  }
}

function productGraph(): DeviceGraph {
  const graph = createGraph()
  const matrix = graph.input('matrix', 'float32', [SIDE, SIDE])
  const product = graph.op('MatMul', [matrix, matrix])
  graph.output(product, 'float32', [SIDE, SIDE])
  return { bytes: graph.toBytes(), outputs: [product] }
}

/** Small whole numbers: every device has to have them exactly. */
function isSquareOf(answer: Float32Array, numbers: Float32Array): boolean {
  return answer.every((value, place) => {
    const [row, column] = [Math.floor(place / SIDE), place % SIDE]
    let sum = 0
    for (let i = 0; i < SIDE; i++) sum += (numbers[row * SIDE + i] ?? 0) * (numbers[i * SIDE + column] ?? 0)
    return value === sum
  })
}
