// The engine that trains with ONNX Runtime: it parts the models into groups and makes their answers one.
import type { FoundDevice } from '@shared/contract'
import { LabError, toLabErrorData } from '@shared/errors'
import { processorModel, processorTitle } from '../../../system/processor'
import type { Engine, Training, TrainingJob } from '../../engine'
import { createCallLength } from '../call-length'
import { balance } from './balance'
import { callMilliseconds } from './call-milliseconds'
import { createFindGpus } from './gpu/gpu-devices'
import { createGpuThread } from './gpu/gpu-thread'
import { providerOf } from './gpu/provider'
import type { Group } from './group'
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
      const everyModel = job.models.map((_, model) => model)
      return join(job, [await gpu.open(job, provider)], [everyModel], provider.steps)
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
  const opened = await Promise.allSettled(
    shares.map(({ models, threads }) =>
      openGroupIn(place, {
        ...job,
        models: models.map((model) => job.models[model] as (typeof job.models)[0]),
        threads
      })
    )
  )
  const groups = opened.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []))
  const failure = opened.find((result) => result.status === 'rejected')
  if (failure?.status === 'rejected') {
    await Promise.all(groups.map((group) => group.close()))
    throw failure.reason
  }
  return join(
    job,
    groups,
    shares.map((share) => share.models)
  )
}

/**
 * Groups as one training. `places[g]` are the job's indices of group g's models. A GPU takes `stepsAtOnce` steps in one run.
 */
function join(job: TrainingJob, groups: Group[], places: number[][], stepsAtOnce = 1): Training {
  const count = job.models.length
  const callLength = createCallLength(callMilliseconds(job.models), stepsAtOnce)

  const all = <Answer>(call: (group: Group) => Promise<Answer>) => Promise.all(groups.map(call))

  /** One entry a model from each group's, in the job's order. */
  const inOrder = <Value>(answers: ArrayLike<Value>[]): Value[] => {
    const values = new Array<Value>(count)
    answers.forEach((ofGroup, group) => {
      places[group]?.forEach((model, place) => (values[model] = ofGroup[place] as Value))
    })
    return values
  }

  return {
    get stepsPerCall() {
      return callLength.stepsPerCall
    },
    async steps(order) {
      const asked = performance.now()
      const answers = await all((group) => group.steps(order))
      const steps = Math.ceil(order.length / job.batchSize)
      callLength.ended(asked, steps)
      const losses = new Float32Array(steps * count)
      for (let step = 0; step < steps; step++) {
        const row = answers.map((ofGroup, group) => {
          const width = places[group]?.length ?? 0
          return ofGroup.subarray(step * width, (step + 1) * width)
        })
        losses.set(inOrder(row), step * count)
      }
      return losses
    },
    async evaluate() {
      const answers = await all((group) => group.evaluate())
      return { bce: inOrder(answers.map(({ bce }) => bce)), mse: inOrder(answers.map(({ mse }) => mse)) }
    },
    async measureQuality() {
      const answers = await all((group) => group.measureQuality())
      return { psnr: inOrder(answers.map(({ psnr }) => psnr)), ssim: inOrder(answers.map(({ ssim }) => ssim)) }
    },
    async reconstruct(indices) {
      const answers = await all((group) => group.reconstruct(indices))
      const perModel = answers.map((pixels, group) => {
        const models = places[group] ?? []
        const length = pixels.length / models.length
        return models.map((_, place) => pixels.subarray(place * length, (place + 1) * length))
      })
      const ordered = inOrder(perModel)
      const pixels = new Uint8Array(ordered.reduce((sum, ofModel) => sum + ofModel.length, 0))
      ordered.forEach((ofModel, model) => pixels.set(ofModel, model * ofModel.length))
      return pixels
    },
    async save() {
      return inOrder(await all((group) => group.save()))
    },
    async load(states) {
      await Promise.all(
        groups.map((group, index) => {
          const names = places[index]?.map((model) => job.models[model]?.name)
          return group.load(states.filter((state) => names?.includes(state.name)))
        })
      )
    },
    async close() {
      await all((group) => group.close())
    }
  }
}
