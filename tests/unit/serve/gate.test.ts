import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { createGate } from '../../../src/main/serve/gate'

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['performance'] })
})
afterEach(() => vi.useRealTimers())

it('a link opens one session, which opens again and again', () => {
  const gate = createGate(80)
  const onUsed = vi.fn()
  const link = gate.issueLink({ onUsed })
  expect(gate.open({ session: link })).toBeNull()
  expect(onUsed).not.toHaveBeenCalled()
  const session = gate.open({ link }) ?? ''
  expect(session).toMatch(/^[A-Za-z0-9_-]{43}$/)
  expect(session).not.toBe(link)
  expect(onUsed).toHaveBeenCalledTimes(1)
  expect(gate.open({ link })).toBeNull()
  expect(gate.open({ link: session })).toBeNull()
  expect([gate.open({ session }), gate.open({ session })]).toEqual([session, session])
  expect(onUsed).toHaveBeenCalledTimes(1)
})

it('a link with a lifetime opens within it', () => {
  const gate = createGate(80)
  const late = gate.issueLink({ lifetime: 60_000 })
  vi.advanceTimersByTime(60_000)
  expect(gate.open({ link: late })).toBeNull()
  const inTime = gate.issueLink({ lifetime: 60_000 })
  vi.advanceTimersByTime(59_000)
  expect(gate.open({ link: inTime })).not.toBeNull()
})

it('links and sessions stand beside each other and are of one server', () => {
  const [gate, other] = [createGate(80), createGate(80)]
  const [first, second] = [gate.issueLink(), gate.issueLink()]
  const session = gate.open({ link: second }) ?? ''
  expect(gate.open({ link: first })).not.toBeNull()
  expect(gate.open({ session })).toBe(session)
  expect(other.open({ session })).toBeNull()
})

it('keeps so many sessions: the one used longest ago goes, never one with a page', () => {
  const gate = createGate(80)
  const open = () => gate.open({ link: gate.issueLink() }) ?? ''
  const closed = () => {
    const session = open()
    gate.leave(session)
    return session
  }
  const connected = open()
  const [used, unused] = [closed(), closed()]
  for (let count = 3; count < 256; count++) closed()
  for (const session of [connected, used]) expect(gate.open({ session })).toBe(session)
  gate.leave(used)
  closed()
  expect(gate.open({ session: unused })).toBeNull()
  for (let count = 0; count < 300; count++) closed()
  expect(gate.open({ session: connected })).toBe(connected)
  expect(gate.open({ session: used })).toBeNull()
})
