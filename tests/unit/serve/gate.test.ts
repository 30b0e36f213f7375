import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { createGate } from '../../../src/main/serve/gate'

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'] })
})
afterEach(() => vi.useRealTimers())

it('a ticket opens once and for a minute', () => {
  const gate = createGate(80)
  const used = gate.issueTicket()
  expect([gate.admits(used), gate.admits(used)]).toEqual([true, false])
  const late = gate.issueTicket()
  vi.advanceTimersByTime(59_000)
  expect(gate.admits('')).toBe(false)
  vi.advanceTimersByTime(2_000)
  expect(gate.admits(late)).toBe(false)
  const inTime = gate.issueTicket()
  vi.advanceTimersByTime(59_000)
  expect(gate.admits(inTime)).toBe(true)
})

it('a new ticket ends the one before it, not the lasting token', () => {
  const gate = createGate(80)
  const [first, second] = [gate.issueTicket(), gate.issueTicket()]
  expect([gate.admits(first), gate.admits(second), gate.admits(gate.token)]).toEqual([false, true, true])
})
