// The trainer's end: an engine whose sessions live in the hidden page of Electron's main process.
import type { FoundDevice } from '@shared/contract'
import { LabError } from '@shared/errors'
import type {
  Engine,
  EngineSession,
  ForwardResult,
  ForwardValue,
  Images,
  ModelState,
  SessionConfig,
  TrainedSteps
} from '../../engine'
import type { AdapterAnswer, Answer, Calls, Request } from './messages'

/** Electron's MessagePortMain, as far as it is used. */
export interface Port {
  postMessage(request: Request): void
  on(event: 'message', listener: (event: { data: Answer }) => void): void
  on(event: 'close', listener: () => void): void
  start(): void
}

const PATIENCE_MILLISECONDS = 20_000
const NO_PAGE = 'Without a window the installed program can’t train with WebGPU'

/** Sets of images that the page keeps for a session, the training images among them. */
const MOST_SETS = 4

/** Engine of a trainer that gets `port` from the main process when that opens the page, or null where there is none. */
export function createPageEngine(port: Promise<Port | null>): Engine {
  const channel = port.then((open) => open && openChannel(open))
  let sessions = 0
  return {
    async devices() {
      const ask = await channel
      if (!ask) return [unusable(NO_PAGE)]
      const adapter = ask(0, 'adapter').result as Promise<AdapterAnswer>
      return [await Promise.race([adapter.then(deviceOf), silence()])]
    },
    async open(config) {
      checkDevice(config.device)
      const ask = await channel
      if (!ask) throw new LabError('device-unavailable', NO_PAGE)
      return openSession(ask, ++sessions, config)
    }
  }
}

/** The device where the page does not answer: a list of devices must not wait for it for ever. */
function silence(): Promise<FoundDevice> {
  return new Promise((resolve) =>
    setTimeout(() => resolve(unusable('The page for WebGPU does not answer')), PATIENCE_MILLISECONDS).unref()
  )
}

/** Asks the page; `call` is the number under which it answers. */
type Ask = <Name extends keyof Calls>(
  session: number,
  name: Name,
  ...args: Calls[Name]
) => { call: number; result: Promise<unknown> }

function openChannel(port: Port): Ask {
  const waiting = new Map<number, { resolve(result: unknown): void; reject(error: LabError): void }>()
  const ended: LabError[] = []
  let calls = 0
  port.on('message', ({ data }) => {
    const caller = waiting.get(data.call)
    waiting.delete(data.call)
    if ('error' in data) caller?.reject(LabError.from(data.error))
    else caller?.resolve(data.result)
  })
  port.on('close', () => {
    const remedy = 'Start the program again, or train on the CPU'
    const error = new LabError('device-lost', 'The page that trains with WebGPU has ended', { remedy })
    ended.push(error)
    for (const { reject } of waiting.values()) reject(error)
  })
  port.start()
  return (session, name, ...args) => {
    const call = ++calls
    const result = new Promise((resolve, reject) => {
      if (ended[0]) return reject(ended[0])
      waiting.set(call, { resolve, reject })
      port.postMessage({ call, session, name, args } as Request)
    })
    return { call, result }
  }
}

async function openSession(ask: Ask, session: number, { models, train }: SessionConfig): Promise<EngineSession> {
  const sets = new Map<Uint8Array, number>()
  let count = 0

  /** The number of a set, which is sent if the page has not got it. */
  function setOf({ pixels, ...others }: Images): number {
    const known = sets.get(pixels)
    if (known !== undefined) return known
    const [, oldest] = sets.keys()
    const forget = sets.size === MOST_SETS && oldest ? sets.get(oldest) : undefined
    if (forget !== undefined && oldest) sets.delete(oldest)
    sets.set(pixels, ++count)
    // A copy: memory that threads share can't go to another process.
    void ask(session, 'images', count, { pixels: pixels.slice(), ...others }, forget).result.catch(() => undefined)
    return count
  }

  await ask(session, 'open', models, setOf(train)).result
  return {
    steps(order, signal) {
      // A stop that comes before the call would reach the page behind it.
      const { call, result } = ask(session, 'steps', signal?.aborted ? new Int32Array() : order.slice())
      const stop = () => void ask(session, 'stop', call).result.catch(() => undefined)
      signal?.addEventListener('abort', stop, { once: true })
      return (result as Promise<TrainedSteps>).finally(() => signal?.removeEventListener('abort', stop))
    },
    forward: <Value extends ForwardValue>(images: Images, indices: Int32Array, values: readonly Value[]) =>
      ask(session, 'forward', setOf(images), indices.slice(), values).result as Promise<ForwardResult<Value>>,
    save: () => ask(session, 'save').result as Promise<ModelState[]>,
    load: (states) => ask(session, 'load', states).result as Promise<void>,
    close: () => ask(session, 'close').result as Promise<void>
  }
}

function checkDevice(device: string): void {
  if (device === 'webgpu') return
  throw new LabError('device-unavailable', 'In its window the program trains on the high-performance adapter alone', {
    found: device,
    expected: 'webgpu',
    remedy: 'Run the command line in plain Node to choose an adapter by its name'
  })
}

function deviceOf(adapter: AdapterAnswer): FoundDevice {
  if (!adapter) return unusable('Chromium finds no adapter for WebGPU')
  const { name, software, chromium } = adapter
  return {
    ...unusable(`${name}: the high-performance adapter, the only one that the window’s WebGPU offers`),
    title: `WebGPU · ${name}`,
    usable: true,
    runtimeVersion: chromium,
    ...(software && { software })
  }
}

function unusable(detail: string): FoundDevice {
  return { name: 'webgpu', title: 'WebGPU', usable: false, detail, remedy: '', driver: '', runtimeVersion: '' }
}
