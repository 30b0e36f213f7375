import { expect, it } from 'vitest'
import { createLimit } from '@shared/limit'

const turn = () => new Promise((resolve) => setImmediate(resolve))

it('runs so many at once, the others in order, and refuses what finds no place to wait', async () => {
  const limited = createLimit({ atOnce: 2, waiting: 2, refusal: () => new Error('full') })
  const begun: string[] = []
  const ends = new Map<string, (failed?: Error) => void>()
  const task = (name: string) =>
    limited(
      () =>
        new Promise<string>((resolve, reject) => {
          begun.push(name)
          ends.set(name, (failed) => (failed ? reject(failed) : resolve(name)))
        })
    )
  const results = ['a', 'b', 'c', 'd'].map((name) => task(name).catch((error: Error) => error.message))
  await expect(task('e')).rejects.toThrow('full')
  expect(begun).toEqual(['a', 'b'])
  ends.get('b')?.(new Error('b failed'))
  await turn()
  expect(begun).toEqual(['a', 'b', 'c'])
  results.push(task('f'))
  for (const name of ['a', 'c', 'd', 'f']) {
    ends.get(name)?.()
    await turn()
  }
  expect(await Promise.all(results)).toEqual(['a', 'b failed', 'c', 'd', 'f'])
  expect(begun).toEqual(['a', 'b', 'c', 'd', 'f'])
})
