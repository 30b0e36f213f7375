// The engine that trains with ONNX Runtime: it parts the models into groups and makes their answers one.
import { cpus } from 'node:os'
import type { FoundDevice } from '@shared/contract'
import { LabError, toLabErrorData } from '@shared/errors'
import { availableThreads } from '../../../system/available-threads'
import type { Engine, Training, TrainingJob } from '../../engine'
import { createCallLength } from '../call-length'
import { balance } from './balance'
import type { Group } from './group'
import { openGroupIn, type Place } from './place'
import { runtimeVersion } from './session'

/** An engine whose groups run in `place`: the application gives each a thread. */
export function createOnnxruntimeEngine(place: Place): Engine {
  return { name: 'onnxruntime', devices, open: (job) => open(job, place) }
}

async function devices(): Promise<FoundDevice[]> {
  const processors = cpus()
  const threads = availableThreads()
  const cpu = {
    engine: 'onnxruntime' as const,
    name: 'cpu',
    title: `CPU · ${threads} thread${threads === 1 ? '' : 's'}`,
    driver: ''
  }
  try {
    return [
      {
        ...cpu,
        usable: true,
        detail: processors[0]?.model.trim() ?? 'unknown processor',
        remedy: '',
        runtimeVersion: await runtimeVersion()
      }
    ]
  } catch (error) {
    const { found, remedy } = toLabErrorData(error)
    return [
      { ...cpu, usable: false, detail: `ONNX Runtime could not be loaded (${found})`, remedy, runtimeVersion: '' }
    ]
  }
}

async function open(job: TrainingJob, place: Place): Promise<Training> {
  if (job.device !== 'cpu') {
    throw new LabError('device-unavailable', 'This device cannot be used with onnxruntime', {
      found: job.device,
      expected: 'cpu',
      remedy: 'Choose the device cpu'
    })
  }
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

/** Groups as one training. `places[g]` are the job's indices of group g's models. */
function join(job: TrainingJob, groups: Group[], places: number[][]): Training {
  const count = job.models.length
  const callLength = createCallLength()

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
