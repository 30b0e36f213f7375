// The trainer's side of its messages: takes the lab's commands, trains one run at a time, and reports what it can't survive.
import type { FoundDevice } from '@shared/contract'
import { LabError, type LabErrorData } from '@shared/errors'
import { codeSizes, lossOf, trainImages, type Experiment } from '@shared/experiment'
import { boundsOf } from '../data/bounds'
import type { Dataset } from '../data/dataset'
import { availableThreads, processorTitle } from '../system/processor'
import type { PcaRequest } from './pca-baseline'
import { createControl, type Control } from './control'
import type { Engine, SessionConfig } from './engines/engine'
import { startHeartbeat } from './heartbeat'
import { measure } from './measure'
import type { TrainerCommand, TrainerEvent, TrainJob } from './messages'
import type { ParentPort } from '../system/parent-port'
import { checkWanted, measureEndedRun } from './run-quality'
import { train } from './train'
import { toTrainerError } from './trainer-error'
import { openWatched } from './watched-session'
import { startWorkingClock } from './working-clock'

export interface TrainerParts {
  port: ParentPort<TrainerCommand, TrainerEvent>
  /** All engines, in the order in which a view lists them. */
  engines: readonly Engine[]
  /** The engine that a device belongs to by its name; undefined where there is none. */
  engineOf(device: string): Engine | undefined
  /** Reads a data set from the folder of its files. */
  loadDataset(name: string, folder: string): Promise<Dataset>
  /** Whether the folder still holds what was read from it; absent: always. */
  isCurrent?(dataset: Dataset, folder: string): Promise<boolean>
  /** Computes the PCA baseline; see pca-baseline.ts. */
  pcaBaseline(request: Omit<PcaRequest, 'workerPath'>): Promise<number[]>
}

type Request = Exclude<Extract<TrainerCommand, { request: number }>, { type: 'cancel' }>

/** Serves the parent until it goes away, says `quit`, or something is thrown that nobody caught. */
export function runTrainer({ port, engines, engineOf, loadDataset, isCurrent, pcaBaseline }: TrainerParts): void {
  const clock = startWorkingClock()
  const heartbeat = startHeartbeat(() => port.send({ type: 'alive' }), clock)
  const datasets = cachedDataset(loadDataset, isCurrent)
  const cancels = new Map<number, AbortController>()
  let control: Control | null = null
  let work: Promise<unknown> = Promise.resolve()

  async function trainRun(job: TrainJob, control: Control): Promise<TrainerEvent> {
    const { experiment, cacheFolder } = job
    const engine = engineFor(job.device)
    const dataset = await datasets(experiment.dataset, job.dataFolder)
    const baseline = { cacheFolder, dataset, ...baselineOf(experiment) }
    const { signal } = control // a stopped run takes the baseline only where it is cached
    return train(job, {
      dataset,
      control,
      threads: job.threads ?? availableThreads(),
      open: (config) => openWatched(engine, config, heartbeat),
      send: (event) => port.send(event),
      pcaMse: () =>
        pcaBaseline({ ...baseline, signal }).catch((thrown) => {
          if (!signal.aborted) writeDefect(thrown)
          return null
        }),
      device: withThreads(await deviceNamed(engine, job.device), job.threads)
    })
  }

  async function answer(request: Request): Promise<TrainerEvent> {
    if (request.type === 'devices') {
      const devices = await Promise.all(engines.map(devicesOf))
      return { type: 'devicesFound', request: request.request, devices: devices.flat() }
    }
    if (request.type === 'baseline') {
      const { experiment, cacheFolder, dataFolder } = request
      const dataset = await datasets(experiment.dataset, dataFolder)
      const pcaMse = await pcaBaseline({ cacheFolder, dataset, ...baselineOf(experiment) })
      const bounds = boundsOf(dataset, trainImages(experiment), lossOf(experiment))
      return { type: 'baselineComputed', request: request.request, bounds: { ...bounds, pcaMse } }
    }
    if (request.type === 'quality') return answerQuality(request)
    const { experiment, device, budgetMilliseconds } = request
    const engine = engineFor(device)
    const measured = await measure(experiment, {
      dataset: await datasets(experiment.dataset, request.dataFolder),
      device,
      threads: availableThreads(),
      now: clock,
      budgetMilliseconds,
      open: (config) => openWatched(engine, config, heartbeat)
    })
    return { type: 'measured', request: request.request, ...measured }
  }

  async function answerQuality(question: Extract<Request, { type: 'quality' }>): Promise<TrainerEvent> {
    const { request, experiment, cacheFolder } = question
    const { signal } = cancels.get(request) as AbortController
    checkWanted(signal) // something else has come while it waited for its turn
    const engine = engineFor(question.device)
    const dataset = await datasets(experiment.dataset, question.dataFolder)
    const open = (config: SessionConfig) => openWatched(engine, config, heartbeat)
    const quality = await measureEndedRun(question, { dataset, threads: availableThreads(), open, signal })
    const pcaMse = await pcaBaseline({ cacheFolder, dataset, ...baselineOf(experiment), signal }).catch(() => null)
    checkWanted(signal)
    return { type: 'qualityMeasured', request, quality, pcaMse }
  }

  function engineFor(device: string): Engine {
    const engine = engineOf(device)
    if (engine) return engine
    throw new LabError('device-unavailable', 'There is no such device', { found: device })
  }

  function reply(request: Request): Promise<void> {
    return answer(request)
      .catch((thrown): TrainerEvent => {
        return { type: 'requestFailed', request: request.request, error: errorOf(thrown) }
      })
      .then((event) => port.send(event))
      .finally(() => cancels.delete(request.request))
  }

  /** Runs and measurements wait for one another: two sessions on one GPU crash, two on one CPU measure nothing. */
  function enqueue(task: () => Promise<void>): void {
    work = work.then(task)
  }

  function measureAlone(request: Request): void {
    if (!control) enqueue(() => reply(request))
    else port.send({ type: 'requestFailed', request: request.request, error: busy.data })
  }

  function receive(command: TrainerCommand): void {
    switch (command.type) {
      case 'train': {
        const own = (control = createControl(clock))
        enqueue(async () => {
          const end = await trainRun(command.job, own).catch(failed)
          if (control === own) control = null
          port.send(end)
        })
        return
      }
      case 'pause':
        control?.pause()
        if (control) port.send({ type: 'paused' })
        return
      case 'resume':
        control?.resume()
        if (control) port.send({ type: 'resumed' })
        return
      case 'stop':
        return control?.stop()
      case 'recorded':
        return control?.recorded(command.epoch)
      case 'quality':
        cancels.set(command.request, new AbortController())
        return measureAlone(command)
      case 'cancel':
        return cancels.get(command.request)?.abort()
      case 'measure':
        return measureAlone(command)
      case 'devices':
      case 'baseline':
        void reply(command)
        return
      case 'quit':
        return leave(port, 0)
    }
  }

  const die = (thrown: unknown) => {
    port.send(failed(thrown))
    leave(port, 1)
  }
  process.on('uncaughtException', die)
  process.on('unhandledRejection', die)
  port.onClose(() => process.exit(0))
  port.onCommand(receive)
  port.send({ type: 'ready' })
}

const busy = new LabError('busy', 'The trainer is at work on a run')

const failed = (thrown: unknown): TrainerEvent => ({ type: 'failed', error: errorOf(thrown) })

/** The error as the lab gets it; the stack of a defect goes to stderr, which the lab logs. */
function errorOf(thrown: unknown): LabErrorData {
  const error = toTrainerError(thrown)
  if (error.kind === 'internal') writeDefect(thrown)
  return error
}

function writeDefect(thrown: unknown): void {
  process.stderr.write(`${thrown instanceof Error ? thrown.stack : String(thrown)}\n`)
}

function leave(port: TrainerParts['port'], code: number): void {
  void port.flush().finally(() => process.exit(code))
}

/** An engine that fails to list its devices must not hide those of the others. */
async function devicesOf(engine: Engine): Promise<FoundDevice[]> {
  return engine.devices().catch((thrown: unknown) => {
    writeDefect(thrown)
    return []
  })
}

async function deviceNamed(engine: Engine, name: string): Promise<FoundDevice> {
  const device = (await engine.devices()).find((one) => one.name === name)
  if (device) return device
  throw new LabError('device-unavailable', 'There is no such device', { found: name })
}

/** The device as the run has it: with as many threads of the processor as it may take. */
function withThreads(device: FoundDevice, threads: number | undefined): FoundDevice {
  return { ...device, title: device.title.replace(processorTitle(), processorTitle(threads)) }
}

/** What PCA is computed of for an experiment. */
function baselineOf(experiment: Experiment) {
  return { trainCount: trainImages(experiment), dims: codeSizes(experiment) }
}

/** Reads a data set once for all runs of this process; one that failed is read again the next time. */
function cachedDataset(
  load: TrainerParts['loadDataset'],
  isCurrent: TrainerParts['isCurrent']
): TrainerParts['loadDataset'] {
  const read = new Map<string, Promise<Dataset>>()
  return async (name, folder) => {
    const key = JSON.stringify([name, folder])
    const known = await read.get(key)
    if (known && (!isCurrent || (await isCurrent(known, folder)))) return known
    const reading = load(name, folder)
    read.clear()
    read.set(key, reading)
    reading.catch(() => read.delete(key))
    return reading
  }
}
