// The contract spoken over any transport: calls are checked on arrival, events go to every view, errors cross as data.
// What carries the messages (Electron's ports, a WebSocket) is the transport's affair.
import { createBirpc } from 'birpc'
import * as v from 'valibot'
import { callArguments, eventNames, type LabCalls, type LabEvents } from './contract'
import { LabError, Unreachable } from './errors'
import { formatCount } from './format'
import { issueInWords, quotedValue } from './issue'
import { createLimit } from './limit'
import { errorsAsData } from './rpc-errors'

/** Two ends that exchange plain data (Uint8Array, NaN and infinities included) in order; `send` after the close does nothing. */
export interface Transport {
  send(message: unknown): void
  onMessage(listener: (message: unknown) => void): void
  /** Called once, whoever closed; called at once when it is closed already. */
  onClose(listener: () => void): void
  /** True while the other end takes messages more slowly than they come, or shows them to nobody; progress inside an epoch is left out then. */
  isCongested?(): boolean
  /** Resolves when the other end has read most of what was sent, or is gone; answers wait for it. */
  whenRead?(): Promise<void>
}

export type LabListener = <E extends keyof LabEvents>(event: E, payload: Parameters<LabEvents[E]>[0]) => void

/** The lab as a transport needs it. */
export interface LabService {
  calls: LabCalls
  subscribe(listener: LabListener): () => void
  /** The calls for one view, where what it sends is to go with it; absent: all views have the same ones. */
  openView?(): LabView
}

/** What is one view's own. */
export interface LabView {
  calls: LabCalls
  /** The view has gone. */
  close(): void
}

/** The lab as a view sees it, wherever it runs. */
export interface LabClient {
  calls: LabCalls
  /** Answers with the function that stops listening. */
  on<E extends keyof LabEvents>(event: E, listener: LabEvents[E]): () => void
  /** Called once when the connection has ended; calls reject from then on. */
  onClose(listener: () => void): void
}

type CallName = keyof LabCalls
type EventName = keyof LabEvents
type EventListener = (payload: unknown) => void

// Work for one view: a window has two or three calls under way. A call counts until its answer is sent.
const MOST_AT_ONCE = 8
const MOST_WAITING = 256
const MOST_ARGUMENTS = 16 // more than any call has

// Training, estimates and reports take as long as they take: no call times out.
const NO_TIMEOUT = -1

/** Answers the calls that arrive over `transport` and sends it every event, until it closes or the returned function is called. */
export function serveLab(lab: LabService, transport: Transport): () => void {
  const view = lab.openView?.()
  const calls = view?.calls ?? lab.calls
  const rpc = createBirpc<LabEvents, Record<string, never>, false>(
    {},
    {
      ...boundedChannel(transport),
      proxify: false,
      timeout: NO_TIMEOUT,
      resolver: (name) => callHandler(calls, name),
      onGeneralError: () => true
    }
  )
  const unsubscribe = lab.subscribe((event, payload) => {
    if (event === 'stepProgress' && transport.isCongested?.()) return
    const sent = rpc.$callRaw({ method: event, args: [payload], event: true })
    sent.catch(() => undefined) // the view has gone: onClose follows
  })
  const stop = () => {
    unsubscribe()
    view?.close()
    rpc.$close()
  }
  transport.onClose(stop)
  return stop
}

/** Connects a view to the lab at the other end of `transport`. Calls reject with LabError. */
export function connectLab(transport: Transport): LabClient {
  const listeners = new Map<EventName, Set<EventListener>>(eventNames.map((name) => [name, new Set()]))
  const ended = new Unreachable('internal', 'The connection to the lab has ended', {
    remedy: 'Start the application again if it was closed, then reload this page'
  })
  const rpc = createBirpc<LabCalls, Record<string, never>, false>(
    {},
    {
      ...channel(transport, (message) => isResponse(message) || isRequest(message)),
      proxify: false,
      timeout: NO_TIMEOUT,
      resolver: (name) => (isEventName(name) ? (payload: unknown) => emit(listeners.get(name), payload) : undefined),
      onGeneralError: () => false
    }
  )
  const call =
    (name: CallName) =>
    async (...args: unknown[]) => {
      if (rpc.$closed) throw ended
      return rpc.$callRaw({ method: name, args: args.map(plainCopy) })
    }
  transport.onClose(() => rpc.$close(ended))
  return {
    calls: Object.fromEntries(callNames().map((name) => [name, call(name)])) as unknown as LabCalls,
    on(event, listener) {
      const all = listeners.get(event)
      all?.add(listener as EventListener)
      return () => all?.delete(listener as EventListener)
    },
    onClose: (listener) => transport.onClose(listener)
  }
}

/** Views hand over reactive proxies, which structured clone refuses; their contents in plain arrays and objects pass. */
function plainCopy(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plainCopy)
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return value
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, plainCopy(entry)]))
}

/** The arguments of one call after validation, or LabError `bad-value` that names the call, what came and what may come. */
function checkArguments(name: CallName, args: unknown): unknown[] {
  const result = v.safeParse(callArguments[name] as v.GenericSchema<unknown, unknown[]>, args)
  if (result.success) return result.output
  const { name: argument, found, expected } = issueInWords(result.issues[0])
  throw new LabError('bad-value', `The call ${name} can't be made with its ${argument}`, { found, expected })
}

function callHandler(calls: LabCalls, name: string): (...args: unknown[]) => Promise<unknown> {
  return async (...args) => {
    if (!isCallName(name)) throw new LabError('bad-value', `There is no call named ${quotedValue(name)}`)
    const checked = checkArguments(name, args)
    return (calls[name] as (...args: unknown[]) => Promise<unknown>)(...checked)
  }
}

function emit(listeners: Set<EventListener> | undefined, payload: unknown): void {
  for (const listener of listeners ?? []) listener(payload)
}

/** The part of birpc's options that a transport decides; messages of another shape are dropped, all of them after the close. */
function channel(transport: Transport, accepts: (message: unknown) => boolean) {
  let open = true
  return {
    post: (message: unknown) => transport.send(message),
    on: (receive: (message: unknown) => void) =>
      transport.onMessage((message) => {
        if (open && accepts(message)) receive(message)
      }),
    off: () => {
      open = false
    },
    isOpen: () => open,
    ...errorsAsData
  }
}

/** The lab's end: so many calls at once and no more, whose answers go one at a time, as the view reads them. */
function boundedChannel(transport: Transport) {
  const limited = createLimit({ atOnce: MOST_AT_ONCE, waiting: MOST_WAITING, refusal: tooManyCalls })
  const inTurn = createLimit({ atOnce: 1 })
  const sent = (message: unknown) =>
    inTurn(async () => {
      await transport.whenRead?.()
      transport.send(message)
    })
  const plain = channel(transport, isRequest)
  return {
    ...plain,
    post: (message: unknown) => (isResponse(message) ? sent(message) : transport.send(message)),
    on: (receive: (message: unknown) => unknown) =>
      plain.on((message) => {
        const answered = limited(async () => {
          if (!plain.isOpen()) return
          checkCount(message as { a: unknown[] })
          await receive(message)
        })
        answered.catch((error: unknown) => {
          const { i } = message as { i?: string }
          if (i !== undefined) transport.send(plain.serialize({ t: 's', i, e: error }))
        })
      })
  }
}

function checkCount({ a: { length } }: { a: unknown[] }): void {
  if (length <= MOST_ARGUMENTS) return
  throw new LabError('bad-value', 'A call has fewer arguments', {
    found: formatCount(length),
    expected: `at most ${MOST_ARGUMENTS}`
  })
}

function tooManyCalls(): LabError {
  return new LabError('busy', 'This page asks for more than the lab can do', {
    found: `${MOST_AT_ONCE + MOST_WAITING} calls without an answer`,
    remedy: 'Wait until some of them are answered'
  })
}

/** Arguments are counted before they are looked at: structured clone carries lists of billions. */
const ArgumentsSchema = v.custom<unknown[]>(Array.isArray)
const RequestSchema = v.object({ t: v.literal('q'), m: v.string(), a: ArgumentsSchema, i: v.optional(v.string()) })
const ResponseSchema = v.object({ t: v.literal('s'), i: v.string() })

const isRequest = (message: unknown) => v.is(RequestSchema, message)
const isResponse = (message: unknown) => v.is(ResponseSchema, message)

const callNames = () => Object.keys(callArguments) as CallName[]

function isCallName(name: string): name is CallName {
  return Object.prototype.hasOwnProperty.call(callArguments, name)
}

function isEventName(name: string): name is EventName {
  return (eventNames as readonly string[]).includes(name)
}
