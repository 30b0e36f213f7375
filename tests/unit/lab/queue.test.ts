import { expect, test } from 'vitest'
import { createQueue } from '../../../src/main/lab/queue'

const turn = () => new Promise((resolve) => setImmediate(resolve))

test('one at a time, in the order of arrival, without those that were taken out', async () => {
  const queue = createQueue()
  const done: string[] = []
  const ends = new Map<string, () => void>()
  const task = (id: string) => () =>
    new Promise<void>((resolve) => {
      ends.set(id, () => {
        done.push(id)
        resolve()
      })
    })
  for (const id of ['a', 'b', 'c', 'd']) queue.add(id, task(id))
  expect(queue.ids()).toEqual(['a', 'b', 'c', 'd'])
  expect([...ends.keys()]).toEqual(['a'])
  expect(queue.remove('b')).toBe(true)
  expect(queue.remove('a')).toBe(false)
  for (const id of ['a', 'c', 'd']) {
    ends.get(id)?.()
    await turn()
  }
  expect(done).toEqual(['a', 'c', 'd'])
  queue.add('e', task('e'))
  expect(queue.ids()).toEqual(['e'])
})
