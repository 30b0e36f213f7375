// Part of `npm run reference`: the same models from the same weights on the same batches, in Keras and here.
// Prints a line an experiment; exits 1 where they differ by more than they may.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { modelsOf, presets, type Experiment } from '../src/shared/experiment'
import { shuffle } from '../src/shared/random'
import { datasetNamed } from '../src/main/data/dataset'
import { appPaths } from '../src/main/system/paths'
import { availableThreads } from '../src/main/system/processor'
import { createCpuEngine } from '../src/main/trainer/engines/cpu/cpu-engine'
import type { ModelState } from '../src/main/trainer/engines/engine'
import { initialState } from '../src/main/trainer/initial-state'
import { peerEnvironment } from './peer'
import { installed, succeed } from './python'

const STEPS = 50
const WITHIN = 1e-5
/** A relu whose input is 0 but for rounding may be on in one and off in the other: a gradient more or less, which Adam makes large. */
const SWITCHED_SHARE = 1e-3
const scripts = join(__dirname, '../../bench/peers')

const deep: Experiment = {
  ...presets['keras-blog'],
  name: 'deep, MSE',
  base: { ...presets['keras-blog'].base, hidden: [128], activation: 'sigmoid', loss: 'mse' },
  varied: { key: 'latentDim', values: [8, 32] }
}

interface Trained {
  /** All models, all tensors in order. */
  weights: Float32Array
  /** [batches × models] */
  losses: number[]
}

async function main(): Promise<void> {
  const say = (line: string) => process.stderr.write(`${line}\n`)
  const parts = { python: 'python3', peersHome: join(appPaths().cache, 'peers'), scripts, say }
  const python = await installed('keras', parts).catch((error: Error) => error)
  if (python instanceof Error) return void process.stdout.write(`not compared with Keras: ${python.message}\n`)
  for (const experiment of [presets['keras-blog'], presets.article, deep]) await compare(experiment, python)
}

async function compare(experiment: Experiment, python: string): Promise<void> {
  const [ours, keras] = [await trainHere(experiment), await trainInKeras(experiment, python)]
  const weights = differences(ours.weights, keras.weights)
  const losses = differences(ours.losses, keras.losses)
  const allowed = experiment.base.activation === 'relu' ? SWITCHED_SHARE * weights.length : 0
  const off = weights.filter((difference) => !(difference <= WITHIN)).length
  const isGood = off <= allowed && losses.every((difference) => difference <= WITHIN)
  if (!isGood) process.exitCode = 1
  process.stdout.write(
    `${isGood ? 'ok  ' : 'FAIL'} ${experiment.name}, ${STEPS} steps from the same weights as Keras: ` +
      `${weights.length - off} of ${weights.length} weights within ${WITHIN}, all within ${largest(weights)}, losses within ${largest(losses)}\n`
  )
}

/** Models of an experiment and the images of its first steps. */
function workOf(experiment: Experiment, pixels: number, images: number) {
  const models = modelsOf(experiment, pixels)
  const [{ batchSize, seed }] = models as [(typeof models)[number]]
  return { models, batchSize, order: shuffle(seed, 1, images).subarray(0, STEPS * batchSize) }
}

async function trainHere(experiment: Experiment): Promise<Trained> {
  const source = datasetNamed(experiment.dataset)
  const { train } = await source.load(source.folder())
  const { models, order } = workOf(experiment, train.size, train.count)
  const session = await createCpuEngine().open({ models, train, device: 'cpu', threads: availableThreads() })
  try {
    await session.load(models.map(initialState))
    const { losses } = await session.steps(order)
    return { losses: [...losses], weights: joined(await session.save()) }
  } finally {
    await session.close()
  }
}

async function trainInKeras(experiment: Experiment, python: string): Promise<Trained> {
  const folder = mkdtempSync(join(tmpdir(), 'bottleneck-lab-keras-'))
  try {
    const { info, folder: dataFolder } = datasetNamed(experiment.dataset)
    const { models, batchSize, order } = workOf(experiment, info.rows * info.columns, info.trainCount)
    const { learningRate, loss } = models[0] as (typeof models)[number]
    const batches = Array.from({ length: STEPS }, (_, step) => [
      ...order.subarray(step * batchSize, (step + 1) * batchSize)
    ])
    const request = join(folder, 'request.json')
    const weights = join(folder, 'weights.f32')
    writeFileSync(request, JSON.stringify({ learningRate, loss, layers: models.map(({ layers }) => layers), batches }))
    writeFileSync(weights, joined(models.map(initialState)))
    const args = [join(scripts, 'keras_weights.py'), dataFolder(), request, weights]
    const printed = await succeed(python, args, peerEnvironment(availableThreads()))
    const bytes = readFileSync(weights)
    return {
      losses: (JSON.parse(printed) as number[][]).flat(),
      weights: new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4)
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

const joined = (states: readonly ModelState[]) =>
  Float32Array.from(states.flatMap(({ weights }) => weights.flatMap((tensor) => [...tensor])))

/** How far apart they are, one by one; throws where their lengths differ. */
function differences(a: ArrayLike<number>, b: ArrayLike<number>): number[] {
  if (a.length !== b.length) throw new Error(`Keras answered ${b.length} values in place of ${a.length}`)
  return Array.from(a, (value, index) => Math.abs(value - (b[index] as number)))
}

const largest = (values: readonly number[]) =>
  values.reduce((most, value) => (value <= most ? most : value), 0).toExponential(1)

void main()
