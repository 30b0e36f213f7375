// Sessions over a port: what both ends do with calls, images, stops and failures. A real thread is in tensorflow.test.ts, a page in webgpu-electron.test.ts.
import { MessageChannel } from 'node:worker_threads'
import { afterEach, expect, it } from 'vitest'
import { LabError } from '@shared/errors'
import type { EngineSession, Images } from '../../../../src/main/trainer/engines/engine'
import { connectSessions, type RemotePort } from '../../../../src/main/trainer/engines/remote-session'
import { serveSessions } from '../../../../src/main/trainer/engines/serve-sessions'

const channels: MessageChannel[] = []
afterEach(() => channels.splice(0).forEach(({ port1 }) => port1.close()))

const portOf = (port: MessageChannel['port1']): RemotePort => ({
  send: (message) => port.postMessage(message),
  onMessage: (listener) => port.on('message', listener)
})

/** A session that writes down its calls, and whatever else a test has it do. */
function connect(changes: Partial<EngineSession> = {}, sendable?: (pixels: Uint8Array) => Uint8Array) {
  const calls: string[] = []
  const channel = new MessageChannel()
  channels.push(channel)
  const session: EngineSession = {
    async steps(order, signal) {
      calls.push(`steps ${order.length}`)
      if (signal && order.length > 1) await new Promise((stopped) => signal.addEventListener('abort', stopped))
      return { losses: new Float32Array(order.length), milliseconds: 1 }
    },
    async forward({ pixels }, indices) {
      calls.push(`forward ${pixels[0]} ${indices.join()}`)
      return { bce: [], mse: [], reconstruction: [], code: [] }
    },
    save: () => Promise.resolve([]),
    load: () => Promise.resolve(),
    close: () => Promise.resolve(void calls.push('close')),
    ...changes
  }
  serveSessions(
    ({ train }) => Promise.resolve(void calls.push(`open ${train.pixels[0]}`)).then(() => session),
    portOf(channel.port2)
  )
  return { calls, sessions: connectSessions(portOf(channel.port1), sendable) }
}

const images = (first: number): Images => ({ pixels: Uint8Array.of(first, 0), count: 2, size: 1 })
const job = { models: [], train: images(1), device: 'cpu' }
const indices = Int32Array.of(0)

it('carries calls out in the order in which they are made, images on their way or not', async () => {
  const { calls, sessions } = connect()
  const session = await sessions.open(job)
  await Promise.all([
    session.forward(images(2), indices, ['bce']),
    session.steps(indices),
    session.forward(job.train, indices, ['bce']),
    session.close()
  ])
  expect(calls).toEqual(['open 1', 'forward 2 0', 'steps 1', 'forward 1 0', 'close'])
})

it('sends a set of images once, and again when it was forgotten for later ones', async () => {
  const sent: number[] = []
  const { calls, sessions } = connect({}, (pixels) => (sent.push(pixels[0] as number), pixels))
  const session = await sessions.open(job)
  const sets = [2, 3, 4, 5].map(images)
  for (const set of [...sets, job.train, job.train]) await session.forward(set, indices, ['bce'])
  expect(sent).toEqual([1, 2, 3, 4, 5, 1])
  expect(calls.slice(1)).toEqual([2, 3, 4, 5, 1, 1].map((first) => `forward ${first} 0`))
})

it('stops the call that is meant', async () => {
  const { sessions } = connect()
  const session = await sessions.open(job)
  const [first, second] = [new AbortController(), new AbortController()]
  const calls = [first, second].map(({ signal }) => session.steps(Int32Array.of(0, 1), signal))
  second.abort()
  await calls[1]
  first.abort()
  await calls[0]
})

it('rejects with the error of the other end, its kind kept', async () => {
  const refuse = () => Promise.reject(new LabError('out-of-memory', 'Too much', { found: '9 GB' }))
  const { sessions } = connect({ save: refuse })
  const session = await sessions.open(job)
  await expect(session.save()).rejects.toMatchObject({ kind: 'out-of-memory', data: { found: '9 GB' } })
  await session.close()
  await expect(session.save()).rejects.toMatchObject({ kind: 'internal', data: { problem: 'The session is closed' } })
})

it('rejects where images or an answer can’t be sent', async () => {
  const { sessions } = connect({ save: () => Promise.resolve([() => 0] as never) })
  const session = await sessions.open(job)
  await expect(session.save()).rejects.toMatchObject({
    data: { problem: expect.stringMatching(/could not be cloned/) }
  })
  const unsendable = connect({}, () => {
    throw new RangeError('Array buffer allocation failed')
  })
  await expect(unsendable.sessions.open(job)).rejects.toThrow(/allocation failed/)
})

it('rejects calls under way and later ones when the other end has gone', async () => {
  const { sessions } = connect({ save: () => new Promise(() => undefined) })
  const session = await sessions.open(job)
  const waiting = session.save()
  sessions.end(new LabError('device-lost', 'Gone'))
  await expect(waiting).rejects.toMatchObject({ kind: 'device-lost' })
  await expect(session.steps(indices)).rejects.toMatchObject({ kind: 'device-lost' })
})
