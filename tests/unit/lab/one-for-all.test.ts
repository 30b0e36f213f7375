import { expect, it, vi } from 'vitest'
import { oneForAll } from '../../../src/main/lab/one-for-all'

it('does once what is asked for at the same moment, and gives all the same answer', async () => {
  const work = vi.fn(async () => ({}))
  const ask = oneForAll(work)
  const [first, second] = await Promise.all([ask(), Promise.resolve().then(ask)])
  expect(first).toBe(second)
  expect(work).toHaveBeenCalledTimes(1)
})

it('begins anew for who asks while it is under way: what has changed since must not be missed', async () => {
  let state = 'old'
  const begun: (() => void)[] = []
  const ask = oneForAll(async () => {
    const seen = state
    await new Promise<void>((resolve) => begun.push(resolve))
    return seen
  })
  const before = ask()
  await vi.waitFor(() => expect(begun).toHaveLength(1))
  state = 'new'
  const after = ask()
  await vi.waitFor(() => expect(begun).toHaveLength(2))
  for (const end of begun) end()
  expect(await Promise.all([before, after])).toEqual(['old', 'new'])
})

it('hands a failure to all who asked, and tries again for the next', async () => {
  const work = vi.fn().mockRejectedValueOnce(new Error('gone')).mockResolvedValueOnce('back')
  const ask = oneForAll(work)
  expect((await Promise.allSettled([ask(), ask()])).map(({ status }) => status)).toEqual(['rejected', 'rejected'])
  expect(await ask()).toBe('back')
})
