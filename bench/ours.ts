// Our engines as contenders: every device that one of them calls usable.
import type { FoundDevice } from '../src/shared/contract'
import { modelName } from '../src/shared/experiment'
import { shuffle } from '../src/shared/random'
import type { Engine, ModelSpec, Training } from '../src/main/trainer/engine'
import { initialState } from '../src/main/trainer/initialize'
import { createRunningMean } from '../src/main/trainer/running-mean'
import { CALLS_UNDER_WAY } from '../src/main/trainer/train'
import { passShape, type Contender, type Recipe } from './contender'
import type { Setup } from './setup'

/** Steps that nobody times: the first ones pay for what an engine compiles and allocates. */
const WARM_UP_STEPS = 2

export interface OursOptions extends Pick<Setup, 'dataset' | 'threads'> {
  /** So many seeds of each latent dimension, all in one training. */
  seeds?: number
}

/** A contender for each usable device; the others, with the reason, join `skipped`. */
export async function findOurs(setup: Setup): Promise<Contender[]> {
  const contenders: Contender[] = []
  for (const engine of setup.engines) {
    for (const device of await engine.devices()) {
      if (device.usable) contenders.push(createOurs(engine, device, setup))
      else setup.skipped.push({ name: nameOf(device), title: `ours, ${titleOf(device)}`, reason: device.detail })
    }
  }
  return contenders
}

export function createOurs(engine: Pick<Engine, 'open'>, device: FoundDevice, options: OursOptions): Contender {
  const { dataset, threads, seeds = 1 } = options
  const { train, test } = dataset
  let open: { recipe: Recipe; training: Training } | null = null
  let passes = 0

  async function close(): Promise<void> {
    await open?.training.close()
    open = null
  }
  async function trainingOf(recipe: Recipe): Promise<Training> {
    if (open?.recipe === recipe) return open.training
    await close()
    const models = modelsOf(recipe, seeds)
    const { batchSize, learningRate } = recipe
    const job = { models, batchSize, learningRate, train, test, device: device.name, threads }
    const training = await engine.open(job)
    open = { recipe, training }
    const states = models.map((model) => initialState(model, recipe.seed))
    await training.load(states)
    await training.steps(shuffle(recipe.seed, 0, WARM_UP_STEPS * batchSize))
    await training.load(states)
    return training
  }

  return {
    name: seeds === 1 ? nameOf(device) : `${nameOf(device)}/${seeds} seeds`,
    title: `ours, ${titleOf(device)}`,
    kind: 'ours',
    async run({ recipe, images, validate }) {
      const training = await trainingOf(recipe)
      const began = performance.now()
      const order = shuffle(recipe.seed, ++passes, images)
      const losses = await trainPass(training, order, recipe.batchSize)
      if (validate) await training.evaluate()
      const seconds = (performance.now() - began) / 1000
      if (device.name !== 'cpu') await close() // two sessions on GPUs at once crash
      return { seconds, losses }
    },
    close
  }
}

/** Trains on `order` as the training loop does; answers with the mean loss of each model. */
async function trainPass(training: Training, order: Int32Array, batchSize: number): Promise<number[]> {
  const underWay: { images: number; losses: Promise<Float32Array> }[] = []
  let mean: ReturnType<typeof createRunningMean> | null = null
  for (let asked = 0; asked < order.length || underWay.length > 0;) {
    while (asked < order.length && underWay.length < CALLS_UNDER_WAY) {
      const part = order.subarray(asked, asked + training.stepsPerCall * batchSize)
      underWay.push({ images: part.length, losses: training.steps(part) })
      asked += part.length
    }
    const call = underWay.shift()
    if (!call) break
    const losses = await call.losses
    mean ??= createRunningMean(losses.length / passShape(call.images, batchSize).steps, batchSize)
    mean.add(losses, call.images)
  }
  return mean?.values() ?? []
}

/** Models of a recipe, `seeds` times each under names of their own: their weights start apart. */
function modelsOf({ latentDims, activation }: Recipe, seeds: number): ModelSpec[] {
  const suffixes = Array.from({ length: seeds }, (_, index) => (index === 0 ? '' : ` seed ${index + 1}`))
  return suffixes.flatMap((suffix) =>
    latentDims.map((latentDim) => ({ name: `${modelName(latentDim)}${suffix}`, latentDim, activation }))
  )
}

const nameOf = ({ engine, name }: FoundDevice) => `${engine}/${name}`

const titleOf = ({ engine, title }: FoundDevice) => `${engine} · ${title}`
