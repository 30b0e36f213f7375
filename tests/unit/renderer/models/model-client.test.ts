// Questions to the worker, one at a time on each channel.
import { expect, it } from 'vitest'
import type { FromWorker, ToWorker } from '../../../../src/renderer/models/messages'
import { createModelClient } from '../../../../src/renderer/models/model-client'

function client() {
  const posted: ToWorker[] = []
  let answer: (message: FromWorker) => void = () => undefined
  const { ask, drop } = createModelClient({
    post: (message) => void posted.push(message),
    onMessage: (listener) => (answer = listener)
  })
  const decode = (code: number) => ask('units', 'decode', { key: 'one 3', model: 0, codes: Float32Array.of(code) })
  return { decode, drop: () => drop('units'), answer: (message: FromWorker) => answer(message), posted }
}
const tasks = (posted: ToWorker[]) => posted.flatMap((message) => (message.type === 'task' ? [message.id] : []))

it('asks one question after another, and leaves out what a newer one has overtaken', async () => {
  const { decode, answer, posted } = client()
  const [first, second, third] = [decode(1), decode(2), decode(3)]
  expect(await second).toBeNull()
  expect(tasks(posted)).toEqual([1])
  answer({ id: 1, result: null })
  expect(await first).toBeNull()
  answer({ id: 3, result: Float32Array.of(0.3) })
  expect(await third).toEqual(Float32Array.of(0.3))
})

it('answers nothing to what was dropped, though the worker’s answer is on its way; the next is asked as ever', async () => {
  const { decode, drop, answer, posted } = client()
  const [under, waiting] = [decode(1), decode(2)]
  drop()
  expect(await waiting).toBeNull()
  const next = decode(3)
  answer({ id: 1, result: Float32Array.of(0.1) })
  expect(await under).toBeNull()
  expect(tasks(posted)).toEqual([1, 3])
  answer({ id: 3, result: Float32Array.of(0.3) })
  expect(await next).toEqual(Float32Array.of(0.3))
})
