// The engine that trains with ONNX Runtime: it parts the models into groups and makes their answers one.
import type { FoundDevice } from '@shared/contract'
import { LabError, toLabErrorData } from '@shared/errors'
import { processorModel, processorTitle } from '../../../system/processor'
import type { Engine, Training, TrainingJob } from '../../engine'
import { createCallLength } from '../call-length'
import { balance } from './balance'
import { callMilliseconds } from './call-milliseconds'
import { createFindGpus } from './gpu/gpu-devices'
import { gpuPartsOf } from './gpu/gpu-group'
import { stepsPerRun } from './gpu/gpu-memory'
import { createGpuThread } from './gpu/gpu-thread'
import { providerOf } from './gpu/provider'
import { partsOf, type Group } from './group'
import { atOnce, join } from './join'
import { openGroupIn, type Place } from './place'
import { runtimeVersion } from './session'

/** An engine whose groups run in `place`: the application gives each a thread. */
export function createOnnxruntimeEngine(place: Place): Engine {
  const gpu = createGpuThread(place)
  const findGpus = createFindGpus(gpu)
  return {
    name: 'onnxruntime',
    async devices() {
      const cpu = await cpuDevice()
      return cpu.usable ? [cpu, ...(await findGpus(cpu.runtimeVersion))] : [cpu]
    },
    async open(job) {
      if (job.device === 'cpu') return openOnCpu(job, place)
      const provider = providerOf(job.device)
      if (!provider) throw noSuchDevice(job.device)
      const turns = gpuPartsOf(job, provider).length
      return toTraining(job, await gpu.open(job, provider), {
        turns,
        stepsAtOnce: stepsPerRun(job.batchSize, provider)
      })
    }
  }
}

function noSuchDevice(found: string): LabError {
  return new LabError('device-unavailable', 'There is no such device for onnxruntime', {
    found,
    expected: 'cpu, webgpu, cuda or dml',
    remedy: 'Choose the device cpu'
  })
}

async function cpuDevice(): Promise<FoundDevice> {
  const cpu = { engine: 'onnxruntime' as const, name: 'cpu', title: processorTitle(), driver: '' }
  try {
    return { ...cpu, usable: true, detail: processorModel(), remedy: '', runtimeVersion: await runtimeVersion() }
  } catch (error) {
    const { found, remedy } = toLabErrorData(error)
    return { ...cpu, usable: false, detail: `ONNX Runtime could not be loaded (${found})`, remedy, runtimeVersion: '' }
  }
}

async function openOnCpu(job: TrainingJob, place: Place): Promise<Training> {
  const shares = balance(job.models, job.threads)
  const jobs = shares.map(({ models, threads }) => ({
    ...job,
    models: models.map((model) => job.models[model] as (typeof job.models)[0]),
    threads,
    memoryBudget: (job.memoryBudget ?? Infinity) / shares.length // they work side by side
  }))
  const opened = await Promise.allSettled(jobs.map((ofGroup) => openGroupIn(place, ofGroup)))
  const groups = opened.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []))
  const failure = opened.find((result) => result.status === 'rejected')
  if (failure?.status === 'rejected') {
    await Promise.allSettled(groups.map((group) => group.close()))
    throw failure.reason
  }
  const places = shares.map((share) => share.models)
  const turns = Math.max(...jobs.map((ofGroup) => partsOf(ofGroup).parts.length))
  return toTraining(job, join(job.models, groups, places, atOnce), { turns, stepsAtOnce: 1 })
}

/** A group of all models as a training. A GPU takes `stepsAtOnce` steps in one run. */
function toTraining(
  { models, batchSize }: TrainingJob,
  group: Group,
  { turns, stepsAtOnce }: { turns: number; stepsAtOnce: number }
): Training {
  const callLength = createCallLength(callMilliseconds(models), stepsAtOnce)
  /** Whether other work was asked for since the last steps. */
  let interrupted = true
  const interrupting =
    <Arguments extends unknown[], Answer>(call: (...given: Arguments) => Answer) =>
    (...given: Arguments): Answer => {
      interrupted = true
      return call(...given)
    }
  return {
    turns,
    close: group.close,
    evaluate: interrupting(group.evaluate),
    measureQuality: interrupting(group.measureQuality),
    reconstruct: interrupting(group.reconstruct),
    save: interrupting(group.save),
    load: interrupting(group.load),
    get stepsPerCall() {
      return callLength.stepsPerCall
    },
    async steps(order) {
      const asked = performance.now()
      const alone = !interrupted
      interrupted = false
      const losses = await group.steps(order)
      callLength.ended(asked, Math.ceil(order.length / batchSize), alone)
      return losses
    }
  }
}
