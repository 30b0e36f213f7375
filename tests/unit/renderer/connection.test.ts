import { createPinia, setActivePinia } from 'pinia'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { LabError } from '@shared/errors'
import { serveLab, type LabService } from '@shared/rpc'
import { keepConnected } from '../../../src/renderer/connection'
import { host, type Connection } from '../../../src/renderer/window-host'
import { useLabStore } from '../../../src/renderer/stores/lab-store'

beforeEach(() => {
  setActivePinia(createPinia())
  vi.useFakeTimers({ toFake: ['setTimeout'] })
})
afterEach(() => {
  vi.useRealTimers()
  vi.restoreAllMocks()
})

/** A connection to a lab in this process, and whether it is open. */
function connectionTo(describe: () => Promise<unknown>) {
  const ends = [end(), end()] as const
  const lab = { calls: { describe }, subscribe: () => () => undefined } as unknown as LabService
  const state = { isOpen: true }
  const close = () => {
    if (!state.isOpen) return
    state.isOpen = false
    for (const { closers } of ends) for (const listener of closers) listener()
  }
  serveLab(lab, { ...ends[0].transport, send: (message) => ends[1].hear(message) })
  const connection: Connection = { ...ends[1].transport, send: (message) => ends[0].hear(message), close }
  return { connection, state }
}

function end() {
  const hearers: ((message: unknown) => void)[] = []
  const closers: (() => void)[] = []
  return {
    closers,
    hear: (message: unknown) => void Promise.resolve().then(() => hearers.forEach((hear) => hear(message))),
    transport: {
      onMessage: (listener: (message: unknown) => void) => void hearers.push(listener),
      onClose: (listener: () => void) => void closers.push(listener)
    }
  }
}

it('shows what the lab itself fails with, and closes a connection before it opens the next', async () => {
  const describe = vi.fn((): Promise<unknown> => Promise.reject(new LabError('bad-file', 'The data is damaged')))
  const opened: ReturnType<typeof connectionTo>[] = []
  vi.spyOn(host, 'openTransport').mockImplementation(() => {
    opened.push(connectionTo(describe))
    return Promise.resolve((opened[opened.length - 1] as (typeof opened)[0]).connection)
  })
  const lab = useLabStore()
  void keepConnected(lab)
  await vi.waitFor(() => expect(lab.problem?.problem).toBe('The data is damaged'))
  expect(lab.connection).toBe('lost')
  expect(opened.map(({ state }) => state.isOpen)).toEqual([false])

  describe.mockImplementation(() => Promise.resolve({ devices: [] }))
  await vi.advanceTimersByTimeAsync(250)
  await vi.waitFor(() => expect(lab.connection).toBe('open'))
  expect(lab.problem).toBeNull()
  expect(opened.map(({ state }) => state.isOpen)).toEqual([false, true])

  opened[1]?.connection.close()
  await vi.waitFor(() => expect(lab.connection).toBe('lost'))
  expect(lab.problem).toBeNull()
})

it('shows why the lab refuses the page', async () => {
  const refusal = new LabError('no-session', 'This link has been used before', { remedy: 'Open another' })
  vi.spyOn(host, 'openTransport').mockRejectedValue(refusal)
  const lab = useLabStore()
  void keepConnected(lab)
  await vi.waitFor(() => expect(lab.problem).toEqual(refusal.data))
  expect(lab.connection).toBe('lost')
})

it('blames nobody where the lab can’t be reached or goes while it answers', async () => {
  const silent = connectionTo(() => new Promise(() => undefined))
  vi.spyOn(host, 'openTransport')
    .mockRejectedValueOnce(new Error('The lab does not answer'))
    .mockResolvedValueOnce(silent.connection)
    .mockReturnValue(new Promise(() => undefined))
  const lab = useLabStore()
  void keepConnected(lab)
  await vi.waitFor(() => expect(lab.connection).toBe('lost'))
  await vi.advanceTimersByTimeAsync(250)
  silent.connection.close()
  await vi.advanceTimersByTimeAsync(500)
  expect([lab.connection, lab.problem]).toEqual(['lost', null])
  expect(host.openTransport).toHaveBeenCalledTimes(3)
})
