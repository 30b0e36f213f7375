// Sessions that work elsewhere, in a thread or in another process's page: their calls go over a port and are answered by serveSessions.
import { createBirpc } from 'birpc'
import type { LabError } from '@shared/errors'
import type { ModelConfig } from '@shared/model'
import { errorsAsData } from '@shared/rpc-errors'
import type { EngineSession, ForwardResult, ForwardValue, Images, ModelState, TrainedSteps } from './engine'

/** One end of a line that carries plain data and typed arrays in order. */
export interface RemotePort {
  send(message: unknown): void
  onMessage(listener: (message: unknown) => void): void
}

/** What the other end needs to open a session. */
export interface RemoteJob {
  models: readonly ModelConfig[]
  train: Images
  device: string
}

/** Functions of the other end. A session is named by its number, and so is a set of images, which is sent once. */
export interface RemoteCalls {
  addImages(set: number, images: Images, forget: number | undefined): void
  open(session: number, job: Omit<RemoteJob, 'train'>, train: number): Promise<void>
  /** `call`: a number by which to stop it. */
  steps(session: number, call: number, order: Int32Array): Promise<TrainedSteps>
  stop(call: number): void
  forward(session: number, set: number, indices: Int32Array, values: readonly ForwardValue[]): Promise<ForwardResult>
  save(session: number): Promise<ModelState[]>
  load(session: number, states: readonly ModelState[]): Promise<void>
  close(session: number): Promise<void>
}

interface SentSet {
  set: number
  /** Rejects where it could not be sent. */
  sent: Promise<unknown>
}

/** Sets of images that the other end keeps. */
const MOST_SETS = 4

/** What both ends have in common: no call times out, and errors cross as data. */
export function lineOver(port: RemotePort) {
  return {
    proxify: false as const,
    timeout: -1,
    post: (message: unknown) => port.send(message),
    on(listener: (message: unknown) => void) {
      port.onMessage(listener)
    },
    ...errorsAsData
  }
}

/** The sessions at the other end of a port. Others is what that end answers beside sessions' calls. */
export interface RemoteSessions<Others> {
  ask<Name extends keyof (RemoteCalls & Others)>(name: Name, ...args: unknown[]): Promise<unknown>
  open(job: RemoteJob): Promise<EngineSession>
  /** Rejects all calls, now and later: the other end has gone. */
  end(reason: LabError): void
}

/** `sendable`: pixels as they can go over the port; by default as they are. */
export function connectSessions<Others = object>(
  port: RemotePort,
  sendable = (pixels: Uint8Array) => pixels
): RemoteSessions<Others> {
  const rpc = createBirpc<RemoteCalls, object, false>({}, lineOver(port))
  let ended: LabError | undefined
  const sets = new Map<Uint8Array, SentSet>()
  let numbers = 0
  const ask = async (name: PropertyKey, ...args: unknown[]): Promise<unknown> => {
    if (ended) throw ended
    return rpc.$callRaw({ method: name as string, args })
  }

  /** A set by its number, sent at once if the other end has not got it: what is asked next comes behind it. */
  function setOf({ pixels, ...others }: Images): SentSet {
    const known = sets.get(pixels)
    if (known) return known
    const [oldest] = sets.keys()
    const forget = sets.size === MOST_SETS && oldest ? sets.get(oldest)?.set : undefined
    if (forget !== undefined && oldest) sets.delete(oldest)
    const set = ++numbers
    const sent = ask('addImages', set, { pixels: sendable(pixels), ...others }, forget)
    sent.catch(() => sets.delete(pixels))
    const added = { set, sent }
    sets.set(pixels, added)
    return added
  }

  async function open({ train, ...job }: RemoteJob): Promise<EngineSession> {
    const session = ++numbers
    const { set, sent } = setOf(train)
    await Promise.all([sent, ask('open', session, job, set)])
    return {
      async steps(order, signal) {
        const call = ++numbers
        const answer = ask('steps', session, call, signal?.aborted ? new Int32Array() : order.slice())
        const stop = () => void ask('stop', call).catch(() => undefined)
        signal?.addEventListener('abort', stop, { once: true })
        return (answer as Promise<TrainedSteps>).finally(() => signal?.removeEventListener('abort', stop))
      },
      async forward<Value extends ForwardValue>(images: Images, indices: Int32Array, values: readonly Value[]) {
        const { set, sent } = setOf(images)
        const [, answer] = await Promise.all([sent, ask('forward', session, set, indices.slice(), values)])
        return answer as ForwardResult<Value>
      },
      save: () => ask('save', session) as Promise<ModelState[]>,
      load: (states) => ask('load', session, states) as Promise<void>,
      close: () => ask('close', session) as Promise<void>
    }
  }

  return {
    ask,
    open,
    end(reason) {
      ended ??= reason
      rpc.$close(ended)
    }
  }
}
