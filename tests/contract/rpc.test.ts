// The contract passes the same suite over every transport: in memory, over a MessageChannel, over a WebSocket.
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { MessageChannel, type MessagePort } from 'node:worker_threads'
import { afterEach, describe, expect, it } from 'vitest'
import { WebSocket, WebSocketServer } from 'ws'
import { webSocketTransport } from '../../src/main/serve/websocket-transport'
import type { EpochEnded, LabCalls, LabEvents } from '../../src/shared/contract'
import { LabError } from '../../src/shared/errors'
import { presets, type Experiment } from '../../src/shared/experiment'
import { connectLab, serveLab, type LabListener, type LabService, type Transport } from '../../src/shared/rpc'
import { stepProgress } from '../fixtures/step-progress'

interface Ends {
  server: Transport
  client: Transport
  close(): void
}

const transports: [string, () => Promise<Ends>][] = [
  ['memory', async () => memoryPair()],
  ['MessageChannel', channelPair],
  ['WebSocket', webSocketPair]
]

describe.each(transports)('the contract over %s', (_name, open) => {
  const opened: Ends[] = []
  afterEach(() => opened.splice(0).forEach((ends) => ends.close()))

  async function connect(calls: Partial<LabCalls> = {}) {
    const ends = await open()
    opened.push(ends)
    const lab = labOf(calls)
    const stop = serveLab(lab, ends.server)
    return { ends, lab, stop, client: connectLab(ends.client) }
  }

  it('hands over arguments and answers', async () => {
    const given: unknown[] = []
    const { client } = await connect({
      startRun: async (...args) => {
        given.push(...args)
        return 'a-1'
      }
    })
    expect(await client.calls.startRun(presets.article, 'cpu')).toBe('a-1')
    expect(given).toEqual([presets.article, 'cpu'])
  })

  it('answers with undefined where a call has no result', async () => {
    const { client } = await connect({ pauseRun: async () => undefined })
    expect(await client.calls.pauseRun('a-1')).toBeUndefined()
  })

  it('keeps bytes, NaN, infinities and null', async () => {
    const pixels = Uint8Array.from({ length: 3000 }, (_, index) => index % 256)
    const { client, lab } = await connect({ readProbes: async () => ({ pixels, labels: [7, -0.5], indices: [0] }) })
    const answer = await client.calls.readProbes('mnist')
    expect(answer.pixels).toBeInstanceOf(Uint8Array)
    expect(Buffer.compare(answer.pixels, pixels)).toBe(0)
    const heard = new Promise<EpochEnded>((resolve) => client.on('epochEnded', resolve))
    const epoch = {
      id: 'a-1',
      epoch: 1,
      trainLoss: [NaN, Infinity],
      valLoss: [-Infinity, 0.1],
      valMse: [1e-30, 0],
      digits: pixels,
      seconds: 1.5
    }
    lab.emit('epochEnded', epoch)
    expect(await heard).toEqual(epoch)
  })

  it('takes the contents of a reactive proxy', async () => {
    const { client } = await connect({ startRun: async (experiment) => experiment.varied.values.join(' ') })
    const reactive = (value: object): object =>
      new Proxy(value, {
        get(target, key) {
          const entry: unknown = Reflect.get(target, key)
          return typeof entry === 'object' && entry !== null ? reactive(entry) : entry
        }
      })
    expect(await client.calls.startRun(reactive(presets.article) as Experiment, 'cpu')).toBe('2 8 16 32 64 128')
  })

  it('carries a LabError whole', async () => {
    const error = new LabError('disk-full', 'The disk is full', {
      found: '0 bytes',
      expected: '1 MB',
      remedy: 'Free it'
    })
    const { client } = await connect({ continueRun: () => Promise.reject(error) })
    const caught = await client.calls.continueRun('a-1').catch((thrown: unknown) => thrown)
    expect(caught).toBeInstanceOf(LabError)
    expect((caught as LabError).data).toEqual(error.data)
    expect((caught as LabError).message).toBe(error.message)
  })

  it('turns any other error into an internal one', async () => {
    const { client } = await connect({ listRuns: () => Promise.reject(new TypeError('x is not a function')) })
    await expect(client.calls.listRuns()).rejects.toMatchObject({
      data: { kind: 'internal', problem: expect.stringContaining('x is not a function') }
    })
  })

  const bad: [string, string, unknown[], string][] = [
    [
      'dims 0',
      'startRun',
      [experimentWith({ varied: { key: 'latentDim', values: [0] } }), 'cpu'],
      'from 1 to the number of pixels'
    ],
    ['epochs 0.5', 'startRun', [experimentWith({ base: { ...presets.article.base, epochs: 0.5 } }), 'cpu'], '0.5'],
    [
      'learning rate NaN',
      'startRun',
      [experimentWith({ base: { ...presets.article.base, learningRate: NaN } }), 'cpu'],
      'no number'
    ],
    ['a further property', 'startRun', [experimentWith({ path: '/etc/passwd' }), 'cpu'], 'path'],
    ['a device that is no name', 'startRun', [presets.article, 7], 'device'],
    ['an engine beside the device', 'startRun', [presets.article, 'cpu', 'cpu'], 'argument'],
    ['a path as run id', 'openRun', ['../../etc/passwd'], 'etc/passwd'],
    ['no argument', 'openRun', [], 'nothing'],
    ['one argument too many', 'listRuns', [1], 'argument'],
    ['an unknown call', 'deleteEverything', [], 'deleteEverything'],
    ['an inherited name', 'constructor', [], 'constructor'],
    ['the prototype', '__proto__', [], '__proto__']
  ]
  it.each(bad)('refuses %s before the lab hears of it', async (_what, name, args, part) => {
    const heard: string[] = []
    const note = (call: string) => async () => void heard.push(call)
    const { ends } = await connect({
      startRun: note('startRun'),
      openRun: note('openRun'),
      listRuns: note('listRuns')
    } as never)
    const answer = await ask(ends.client, { t: 'q', i: '1', m: name, a: args })
    expect(answer).toMatchObject({ i: '1', e: { kind: 'bad-value' } })
    expect(JSON.stringify(answer)).toContain(part)
    expect(heard).toEqual([])
  })

  it('drops what is no message and goes on', async () => {
    const { ends, client } = await connect({ listRuns: async () => [] })
    for (const junk of [null, 1, 'q', [], {}, { t: 'q' }, { t: 'q', m: 'listRuns', a: 'x' }, { t: 's', i: 7 }]) {
      ends.client.send(junk)
    }
    expect(await client.calls.listRuns()).toEqual([])
  })

  it('sends every event in order to each listener, none after it left', async () => {
    const { client, lab } = await connect({ listRuns: async () => [] })
    const heard: string[] = []
    const leave = client.on('runRemoved', (id) => heard.push(`first ${id}`))
    client.on('runRemoved', (id) => heard.push(`second ${id}`))
    lab.emit('runRemoved', 'a')
    lab.emit('runRemoved', 'b')
    await client.calls.listRuns()
    leave()
    lab.emit('runRemoved', 'c')
    await client.calls.listRuns()
    expect(heard).toEqual(['first a', 'second a', 'first b', 'second b', 'second c'])
  })

  it('lets a second call pass one that takes long', async () => {
    let finish: () => void = () => undefined
    const { client } = await connect({
      continueRun: () => new Promise<void>((resolve) => (finish = resolve)),
      listRuns: async () => []
    })
    const slow = client.calls.continueRun('a-1')
    expect(await client.calls.listRuns()).toEqual([])
    finish()
    await slow
  })

  it('leaves out progress while the view is congested, but no epoch', async () => {
    const ends = await open()
    opened.push(ends)
    const lab = labOf({ listRuns: async () => [] })
    serveLab(lab, { ...ends.server, isCongested: () => true })
    const client = connectLab(ends.client)
    const heard: string[] = []
    client.on('stepProgress', () => heard.push('step'))
    client.on('runRemoved', () => heard.push('removed'))
    lab.emit('stepProgress', stepProgress)
    lab.emit('runRemoved', 'a')
    await client.calls.listRuns()
    expect(heard).toEqual(['removed'])
  })

  it('rejects what is under way and what follows when the connection ends, and stops listening to the lab', async () => {
    const { ends, client, lab } = await connect({ listRuns: () => new Promise(() => undefined) })
    const closed = new Promise<void>((resolve) => client.onClose(resolve))
    const pending = client.calls.listRuns().catch((thrown: unknown) => thrown)
    const serverClosed = new Promise<void>((resolve) => ends.server.onClose(resolve))
    ends.close()
    await Promise.all([closed, serverClosed])
    expect(await pending).toMatchObject({ message: expect.stringContaining('connection to the lab has ended') })
    await expect(client.calls.listRuns()).rejects.toBeInstanceOf(LabError)
    expect(lab.listenerCount()).toBe(0)
  })

  it('answers nothing after it was stopped', async () => {
    let asked = 0
    const { ends, stop, lab } = await connect({ listRuns: async () => (asked++, []) })
    expect(lab.listenerCount()).toBe(1)
    stop()
    ends.client.send({ t: 'q', i: '1', m: 'listRuns', a: [] })
    await new Promise((resolve) => setTimeout(resolve, 50))
    expect([asked, lab.listenerCount()]).toEqual([0, 0])
  })
})

it('a WebSocket that sends text or broken MessagePack is closed', async () => {
  for (const junk of ['{"t":"q"}', Buffer.from([0xc1]), Buffer.from([0x92, 0x01])]) {
    const { clientSocket, server, close } = await openWebSockets()
    serveLab(labOf({}), server)
    const closed = once(clientSocket, 'close')
    clientSocket.send(junk)
    expect((await closed)[0]).toBe(1003)
    close()
  }
})

function experimentWith(changes: Record<string, unknown>): Record<string, unknown> {
  return { ...presets.article, ...changes }
}

/** A lab that answers only the given calls. */
function labOf(calls: Partial<LabCalls>): LabService & { emit: LabListener; listenerCount(): number } {
  const listeners = new Set<LabListener>()
  return {
    calls: calls as LabCalls,
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    emit: <E extends keyof LabEvents>(event: E, payload: Parameters<LabEvents[E]>[0]) =>
      listeners.forEach((listener) => listener(event, payload)),
    listenerCount: () => listeners.size
  }
}

/** Sends one raw message and waits for the next that comes back. */
function ask(transport: Transport, message: unknown): Promise<unknown> {
  const answer = new Promise((resolve) => transport.onMessage(resolve))
  transport.send(message)
  return answer
}

function memoryPair(): Ends {
  const closeListeners: (() => void)[] = []
  const inbox = { server: [] as ((message: unknown) => void)[], client: [] as ((message: unknown) => void)[] }
  let open = true
  const end = (own: keyof typeof inbox, other: keyof typeof inbox): Transport => ({
    send(message) {
      const copy: unknown = structuredClone(message)
      queueMicrotask(() => {
        if (open) inbox[other].forEach((listener) => listener(copy))
      })
    },
    onMessage: (listener) => void inbox[own].push(listener),
    onClose: (listener) => void (open ? closeListeners.push(listener) : listener())
  })
  return {
    server: end('server', 'client'),
    client: end('client', 'server'),
    close() {
      open = false
      closeListeners.splice(0).forEach((listener) => listener())
    }
  }
}

async function channelPair(): Promise<Ends> {
  const { port1, port2 } = new MessageChannel()
  const transport = (port: MessagePort): Transport => ({
    send: (message) => port.postMessage(message),
    onMessage: (listener) => void port.on('message', listener),
    onClose: (listener) => void port.on('close', listener)
  })
  return { server: transport(port1), client: transport(port2), close: () => port1.close() }
}

async function openWebSockets() {
  const listening = new WebSocketServer({ port: 0, host: '127.0.0.1' })
  await once(listening, 'listening')
  const clientSocket = new WebSocket(`ws://127.0.0.1:${(listening.address() as AddressInfo).port}`)
  const [[serverSocket]] = (await Promise.all([once(listening, 'connection'), once(clientSocket, 'open')])) as [
    [WebSocket],
    unknown
  ]
  return {
    clientSocket,
    server: webSocketTransport(serverSocket),
    client: webSocketTransport(clientSocket),
    close() {
      clientSocket.close()
      listening.close()
    }
  }
}

async function webSocketPair(): Promise<Ends> {
  return openWebSockets()
}
