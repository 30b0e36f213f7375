// @vitest-environment happy-dom
// Images of codes that are asked for while a pointer moves, and what becomes of an answer that nobody waits for any more.
import { nextTick, shallowRef } from 'vue'
import { beforeEach, expect, it, vi } from 'vitest'
import type { FromWorker, ToWorker } from '../../../../src/renderer/models/messages'
import { useCopies, useDecoded } from '../../../../src/renderer/views/latent/use-decoded'
import { mount, openLab } from '../mounted/mount'

const posted: ToWorker[] = []
let answer: (message: FromWorker) => void
vi.mock('../../../../src/renderer/models/open-model-worker', () => ({
  openModelWorker: () => ({
    post: (message: ToWorker) => posted.push(message),
    onMessage: (listener: typeof answer) => (answer = listener)
  })
}))

beforeEach(async () => {
  posted.length = 0
  await openLab()
})

const at = { key: 'one 3', model: 0 }
const lastTask = () => posted.flatMap((message) => (message.type === 'task' ? [message.id] : [])).pop() ?? 0

/** Calls back within a component. */
async function within<Found>(setup: () => Found): Promise<Found> {
  let found: Found | undefined
  await mount({
    setup() {
      found = setup()
      return () => null
    }
  })
  return found as Found
}

it('shows no image once there is no code, whatever was asked before', async () => {
  const code = shallowRef<{ key: string; model: number; codes: Float32Array } | null>({
    ...at,
    codes: Float32Array.of(1)
  })
  const pixels = await within(() => useDecoded('units', () => code.value))
  answer({ id: lastTask(), result: Float32Array.of(0.1) })
  await vi.waitFor(() => expect(pixels.value).toEqual(Float32Array.of(0.1)))
  code.value = { ...at, codes: Float32Array.of(2) }
  await nextTick()
  code.value = null
  await nextTick()
  answer({ id: lastTask(), result: Float32Array.of(0.2) })
  await nextTick()
  expect(pixels.value).toBeNull()
})

it('shows no copy once there is no image, whatever was asked before', async () => {
  const input = shallowRef<{ key: string; model: number; images: Float32Array } | null>({
    ...at,
    images: new Float32Array(4)
  })
  const copies = await within(() => useCopies('copy', () => input.value))
  input.value = null
  await nextTick()
  answer({ id: lastTask(), result: [{ codes: new Float32Array(1), pixels: new Float32Array(4) }] })
  await nextTick()
  expect(copies.value).toBeNull()
})
