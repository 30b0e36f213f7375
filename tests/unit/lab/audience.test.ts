// Who hears what happens, and who counts as a view.
import { expect, test, vi } from 'vitest'
import { createAudience } from '../../../src/main/lab/audience'

test('what the application follows itself is no view; both hear all, a view until it goes', () => {
  const onViews = vi.fn()
  const audience = createAudience(onViews)
  const [host, view, other] = [vi.fn(), vi.fn(), vi.fn()]
  audience.follow(host)
  expect([audience.hasViews(), onViews.mock.calls]).toEqual([false, []])
  const leave = audience.subscribe(view)
  const leaveToo = audience.subscribe(other)
  audience.tell('runRemoved', 'a')
  leave()
  leave()
  expect(audience.hasViews()).toBe(true)
  leaveToo()
  audience.tell('runRemoved', 'b')
  expect([audience.hasViews(), onViews.mock.calls]).toEqual([false, [[true], [false]]])
  expect([host, view].map(({ mock }) => mock.calls.map(([, id]) => id as string))).toEqual([['a', 'b'], ['a']])
})
