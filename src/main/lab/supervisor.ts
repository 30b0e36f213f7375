// Owns the trainer process: starts it when there is work, keeps it for the next, ends it when it hangs, and says why it died.
import { LabError, type ErrorKind } from '@shared/errors'
import type { EndedRun, TrainerCommand, TrainerEvent, TrainJob } from '../trainer/messages'
import { watchOomKills } from '../system/oom-kills'
import { crashError } from './trainer-death'
import type { SpawnTrainer, ChildExit, TrainerProcess } from './child-process'
import { watchOver, type WatchdogOptions } from './watchdog'

export type TrainingEnded = Extract<TrainerEvent, { type: 'ended' }>
export type Measured = Extract<TrainerEvent, { type: 'measured' }>
export type QualityMeasured = Extract<TrainerEvent, { type: 'qualityMeasured' }>
export type BaselineComputed = Extract<TrainerEvent, { type: 'baselineComputed' }>
export type DevicesFound = Extract<TrainerEvent, { type: 'devicesFound' }>
type Question =
  | Omit<Extract<TrainerCommand, { type: 'measure' }>, 'request'>
  | Omit<Extract<TrainerCommand, { type: 'quality' }>, 'request'>
  | Omit<Extract<TrainerCommand, { type: 'devices' }>, 'request'>
  | Omit<Extract<TrainerCommand, { type: 'baseline' }>, 'request'>

/** One run that the trainer works on. */
export interface SupervisedTraining {
  pause(): void
  resume(): void
  stop(): void
  /** Says that all of `epoch` is stored. */
  recorded(epoch: number): void
  /** Rejects with the LabError that ended the run. */
  ended: Promise<TrainingEnded>
}

export interface Supervisor {
  /** Trains a run; one at a time. `onEvent` hears everything that is about it, the end included. */
  train(job: TrainJob, onEvent: (event: TrainerEvent) => void): SupervisedTraining
  measure(question: Omit<Extract<Question, { type: 'measure' }>, 'type'>): Promise<Measured>
  /** Measures a run that has ended. Rejects at once, with LabError `busy`, when `signal` says that it is not wanted any more. */
  quality(run: EndedRun, signal: AbortSignal): Promise<QualityMeasured>
  devices(): Promise<DevicesFound>
  baseline(question: Omit<Extract<Question, { type: 'baseline' }>, 'type'>): Promise<BaselineComputed>
  /** Ends the process for good; whatever it still does is lost. Resolves when it has gone. Later work is refused as `busy`. */
  close(): Promise<void>
}

export type Patience = Pick<WatchdogOptions, 'hangSeconds' | 'busySeconds'>

export interface SupervisorOptions {
  spawn: SpawnTrainer
  /** When a silent process counts as hung. */
  patience?: Patience
  /** How many processes the kernel has ended for want of memory; replaced by tests. */
  oomKills?: () => number | null
  /** Hears of the end of a process that nobody asked to end. */
  onDeath?: (error: LabError) => void
  /** Hears what a process wrote to stderr last that did not end well, at the close. */
  onLastWords?: (stderr: string) => void
}

const QUIT_MILLISECONDS = 3_000
/** Failures after which the process may hold memory, be about to end, or have lost its way to a GPU: the next work gets a fresh one. */
const needingRestart: readonly ErrorKind[] = ['internal', 'out-of-memory', 'trainer-crashed', 'device-lost']

interface Waiting<T> {
  resolve(value: T): void
  reject(error: LabError): void
}

/** One living process and what is expected of it. */
interface Living {
  process: TrainerProcess
  ready: Promise<void>
  gone: Promise<void>
  training: (Waiting<TrainingEnded> & { onEvent(event: TrainerEvent): void }) | null
  requests: Map<number, Waiting<TrainerEvent>>
  /** How many threads the run may take that it was started for; undefined: all. */
  threads: number | undefined
  /** It failed in a way that may leave memory behind: the next work gets a fresh process. */
  needsRestart: boolean
}

/** Starts nothing yet: the process comes with the first work. */
export function createSupervisor(options: SupervisorOptions): Supervisor {
  const { spawn, patience, onDeath, onLastWords } = options
  let living: Living | null = null
  let lastRequest = 0
  let closed = false
  const leaving = new Set<Promise<void>>()

  function start(threads?: number): Living {
    if (closed) throw closing()
    const oomWatch = watchOomKills(options.oomKills)
    const process = spawn()
    const own: Living = {
      process,
      training: null,
      requests: new Map(),
      threads,
      needsRestart: false,
      ready: Promise.resolve(),
      gone: Promise.resolve()
    }
    const becomesReady = deferred<void>()
    const goes = deferred<void>()
    own.ready = becomesReady.promise
    own.gone = goes.promise

    process.onEvent((event) => {
      watchdog.heard()
      if (event.type === 'alive') oomWatch.note()
      if (event.type === 'ready') return becomesReady.resolve()
      if (event.type === 'failed' && needingRestart.includes(event.error.kind)) {
        own.needsRestart = true
        retire(own)
      }
      hear(own, event)
      const isLost = event.type === 'requestFailed' && needingRestart.includes(event.error.kind)
      if (isLost && living === own && isIdle(own)) retire(own)
    })
    const watchdog = watchOver({ ...patience, pid: () => process.pid, onHang: (error) => die(error) })

    function die(error: LabError, exit?: ChildExit): void {
      watchdog.end()
      if (living === own) {
        living = null
        onDeath?.(error)
      }
      if (!exit) process.kill()
      becomesReady.reject(error)
      failAll(own, error)
    }
    process.onExit((exit) => {
      die(closed ? closing() : crashError(exit, oomWatch.hasRisen()), exit)
      const endedWell = closed && !own.needsRestart && exit.code === 0 && exit.signal === null
      if (!endedWell && exit.stderr.trim() !== '') onLastWords?.(exit.stderr.trim())
      goes.resolve()
    })
    own.ready.catch(() => undefined) // whoever waits for an answer hears it
    return own
  }

  /** Asks a process to end and sees to it that it does. */
  function retire(last: Living): void {
    if (living === last) living = null
    send(last, { type: 'quit' })
    const kill = setTimeout(() => last.process.kill(), QUIT_MILLISECONDS)
    const left = last.gone.then(() => {
      clearTimeout(kill)
      leaving.delete(left)
    })
    leaving.add(left)
  }

  function send(to: Living, command: TrainerCommand): void {
    to.ready.then(
      () => to.process.send(command),
      () => undefined
    )
  }

  function ask<T extends TrainerEvent>(question: Question, signal?: AbortSignal): Promise<T> {
    const request = ++lastRequest
    return new Promise<T>((resolve, reject) => {
      const to = (living ??= start())
      to.requests.set(request, { resolve: (event) => resolve(event as T), reject })
      send(to, { ...question, request })
      signal?.addEventListener('abort', () => {
        if (to.requests.has(request)) send(to, { type: 'cancel', request })
        reject(new LabError('busy', 'Something else was asked of the trainer'))
      })
    })
  }

  return {
    train(job, onEvent) {
      if (living && hasOtherThreads(living, job)) retire(living)
      const to = (living ??= start(job.threads))
      if (to.training) throw new LabError('busy', 'The trainer is at work on another run')
      const { promise: ended, ...waiting } = deferred<TrainingEnded>()
      to.training = { ...waiting, onEvent }
      send(to, { type: 'train', job })
      const steer = (type: 'pause' | 'resume' | 'stop') => () => send(to, { type })
      const recorded = (epoch: number) => send(to, { type: 'recorded', epoch })
      return { pause: steer('pause'), resume: steer('resume'), stop: steer('stop'), recorded, ended }
    },
    measure: (question) => ask<Measured>({ type: 'measure', ...question }),
    quality: (run, signal) => ask<QualityMeasured>({ type: 'quality', ...run }, signal),
    devices: () => ask<DevicesFound>({ type: 'devices' }),
    baseline: (question) => ask<BaselineComputed>({ type: 'baseline', ...question }),
    async close() {
      closed = true
      if (living) retire(living)
      await Promise.all(leaving)
    }
  }
}

/** Whether TensorFlow may have been loaded there for another number of threads: it keeps the first for as long as its process lives. */
function hasOtherThreads(living: Living, job: TrainJob): boolean {
  const { threads } = living
  return isIdle(living) && job.device.startsWith('tensorflow') && threads !== job.threads
}

function isIdle({ training, requests }: Living): boolean {
  return !training && requests.size === 0
}

/** For work that comes when no more is taken. */
export function closing(): LabError {
  return new LabError('busy', 'The application is closing', { remedy: 'Start it again' })
}

/** Hands an event to whoever waits for it. */
function hear(living: Living, event: TrainerEvent): void {
  if ('request' in event) {
    const waiting = living.requests.get(event.request)
    living.requests.delete(event.request)
    if (event.type === 'requestFailed') waiting?.reject(LabError.from(event.error))
    else waiting?.resolve(event)
    return
  }
  const { training } = living
  if (!training || event.type === 'alive') return
  if (event.type === 'ended' || event.type === 'failed') living.training = null
  training.onEvent(event)
  if (event.type === 'ended') training.resolve(event)
  if (event.type === 'failed') training.reject(LabError.from(event.error))
}

function failAll(living: Living, error: LabError): void {
  living.training?.reject(error)
  living.training = null
  for (const waiting of living.requests.values()) waiting.reject(error)
  living.requests.clear()
}

function deferred<T>(): Waiting<T> & { promise: Promise<T> } {
  let settle: Waiting<T> | undefined
  const promise = new Promise<T>((resolve, reject) => (settle = { resolve, reject }))
  return { promise, ...(settle as unknown as Waiting<T>) }
}
