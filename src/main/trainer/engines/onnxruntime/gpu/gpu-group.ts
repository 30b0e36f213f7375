// All models of a run in training on a GPU: sessions, what stays on the device, and what comes back.
import type { Tensor } from 'onnxruntime-node'
import { PIXELS } from '@shared/experiment'
import type { Images } from '../../../engine'
import { GRADIENT_FACTOR, adamRate } from '../../adam-factors'
import { byKind, byModel, notLoaded } from '../../model-states'
import { evaluateImages, measureQualityOfImages, reconstructImages, type BatchAnswer } from '../../test-images'
import { unshared, type Group, type GroupJob } from '../group'
import { inTurn } from '../in-turn'
import { openInTurns } from '../turns'
import { tensorFactory, type Feeds, type MakeTensor } from '../session'
import { split } from '../split'
import { openDeviceSession, type DeviceSession, type DeviceSessionOptions, type Traffic } from './device-session'
import { flatLength, flatten, unflatten } from './flat-state'
import { gpuGraphBytes, stepsPerRun } from './gpu-memory'
import type { Provider } from './provider'
import { stateNames, stepGraph } from './step-graph'
import { downloadGraph, uploadGraph } from './transfer-graphs'
import { wideEvaluationGraph } from './wide-evaluation-graph'

export type GpuJob = Omit<GroupJob, 'threads'>

const statePlaces = stateNames.map((_, place) => place)
const lossPlace = stateNames.length

/** Opens all models as one group, or as several that take turns where one graph would take more memory than the job allows. */
export function openGpuGroups(job: GpuJob, provider: Provider): Promise<Group> {
  return openInTurns(job, gpuPartsOf(job, provider), (part) => openGpuGroup(part, provider))
}

/** The parts, as indices of their models. */
export function gpuPartsOf(
  {
    models,
    batchSize,
    train,
    test,
    memoryBudget = Infinity
  }: Pick<GpuJob, 'models' | 'batchSize' | 'train' | 'test' | 'memoryBudget'>,
  provider: Provider
): number[][] {
  const images = train.count + test.count
  return split(models, (part) => gpuGraphBytes({ models: part, batchSize, images }, provider) <= memoryBudget)
}

/** Opens the sessions of all models. What crosses to the device and back is added to `traffic`. */
export async function openGpuGroup(
  job: GpuJob,
  provider: Provider,
  traffic: Traffic = { toDevice: 0, fromDevice: 0 }
): Promise<Group> {
  const { models, batchSize, learningRate } = job
  const length = flatLength(models)
  const most = stepsPerRun(batchSize, provider)
  const tensor = await tensorFactory()
  const held: { release(): Promise<void> }[] = []
  const open = async (...given: Parameters<typeof openDeviceSession>) => {
    const session = await openDeviceSession(...given)
    held.push(session)
    return session
  }
  const staying = provider.resident ? statePlaces : []
  const options: DeviceSessionOptions = { provider, traffic }

  async function openAll() {
    const [train, test] = [unshared(job.train), unshared(job.test)]
    const stored = (images: Images) => (provider.resident ? undefined : images)
    const many = await open(stepGraph(models, most, stored(train)), { ...options, staying })
    const one = most === 1 ? many : await open(stepGraph(models, 1, stored(train)), { ...options, staying })
    const evaluation = await open(wideEvaluationGraph(models, stored(test)), options)
    const download = provider.resident ? await open(downloadGraph(length), options) : null
    if (!provider.resident) return { many, one, evaluation, download, trainImages: null, testImages: null }
    const upload = await open(uploadGraph(), { ...options, staying: [0] })
    const trainImages = await onDevice(upload, train, tensor)
    const testImages = await onDevice(upload, test, tensor)
    return { many, one, evaluation, download, trainImages, testImages }
  }

  const release = async () => {
    for (const session of held.splice(0)) await session.release()
  }
  const parts = await openAll().catch(async (error: unknown) => {
    await release()
    throw error
  })
  let state: Tensor[] = []
  let taken = 0

  /** Takes on a new state; the last one's memory is given back. */
  function replaceState(next: Tensor[]): void {
    for (const old of state) if (old.location !== 'cpu') old.dispose()
    state = next
  }

  function loaded(): Tensor[] {
    if (state.length > 0) return state
    throw notLoaded()
  }

  /** Takes `steps` steps in one run. Answers with the mean loss of each batch: [steps × models]. */
  async function run(order: Int32Array, steps: number): Promise<Float32Array> {
    const batch = order.length / steps
    const rates = Float32Array.from({ length: steps }, (_, index) => adamRate(learningRate, taken + index + 1))
    const feeds: Feeds = {
      order: tensor('int32', order, [steps, batch]),
      rates: tensor('float32', rates, [steps]),
      gradientFactor: tensor('float32', Float32Array.of(GRADIENT_FACTOR / (batch * PIXELS)), []),
      ones: tensor('float32', new Float32Array(batch).fill(1), [1, batch])
    }
    if (parts.trainImages) feeds.images = parts.trainImages
    loaded().forEach((part, place) => (feeds[stateNames[place] as string] = part))
    const session = steps === 1 ? parts.one : parts.many
    const outputs = await session.run(feeds, [...statePlaces, lossPlace])
    const sums = outputs.pop()?.data as Float32Array
    replaceState(outputs)
    taken += steps
    return sums.map((sum) => sum / (batch * PIXELS))
  }

  async function lookAt(indices: Int32Array, withReconstructions: boolean): Promise<BatchAnswer> {
    const feeds: Feeds = { order: tensor('int32', indices, [indices.length]), weights: loaded()[0] as Tensor }
    if (parts.testImages) feeds.images = parts.testImages
    const outputs = await parts.evaluation.run(feeds, withReconstructions ? [0, 1, 2] : [0, 1])
    const [crossEntropies = [], squaredErrors = [], reconstructions = []] = outputs.map((output) =>
      rows(output.data as Float32Array, models.length)
    )
    return { crossEntropies, squaredErrors, reconstructions }
  }

  async function stateOnCpu(): Promise<Float32Array[]> {
    const feeds = Object.fromEntries(loaded().map((part, place) => [stateNames[place] as string, part]))
    const tensors = parts.download ? await parts.download.run(feeds, statePlaces) : loaded()
    return tensors.map((part) => part.data as Float32Array)
  }

  return inTurn({
    async steps(order) {
      loaded()
      const losses: Float32Array[] = []
      for (let first = 0; first < order.length;) {
        const full = Math.floor((order.length - first) / batchSize)
        const steps = full >= most ? most : 1
        const images = Math.min(steps * batchSize, order.length - first)
        losses.push(await run(order.slice(first, first + images), steps))
        first += images
      }
      return Float32Array.from(losses.flatMap((part) => [...part]))
    },
    evaluate: () => evaluateImages(models.length, job.test, lookAt),
    measureQuality: () => measureQualityOfImages(models.length, job.test, lookAt),
    reconstruct: (indices) => reconstructImages(indices, lookAt),
    async save() {
      const kinds = (await stateOnCpu()).map((flat) => unflatten(models, flat))
      return byModel(models, { kinds, step: taken })
    },
    async load(states) {
      const { kinds, step } = byKind(models, states)
      replaceState(kinds.map((ofKind) => tensor('float32', flatten(models, ofKind), [length])))
      taken = step
    },
    async close() {
      replaceState([])
      parts.trainImages?.dispose()
      parts.testImages?.dispose()
      await release()
    }
  })
}

/** The images on the device, where they stay until the tensor is disposed of. */
async function onDevice(upload: DeviceSession, { pixels, count }: Images, tensor: MakeTensor): Promise<Tensor> {
  const everyImage = Int32Array.from({ length: count }, (_, index) => index)
  const feeds = { images: tensor('uint8', pixels, [count, PIXELS]), order: tensor('int32', everyImage, [count]) }
  const [images] = await upload.run(feeds, [0])
  return images as Tensor
}

/** A tensor's numbers by its first side. */
function rows(numbers: Float32Array, count: number): Float32Array[] {
  const length = numbers.length / count
  return Array.from({ length: count }, (_, index) => numbers.subarray(index * length, (index + 1) * length))
}
