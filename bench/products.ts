// The bare matrix products as contenders, in the sessions that `balance` gives the models or in one session of all threads.
import { once } from 'node:events'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import type { Share } from '../src/main/trainer/engines/onnxruntime/balance'
import { passShape, type Contender } from './contender'
import type { ProductsCall } from './products-worker'

const STEPS_PER_CALL = 10

interface ProductsOptions {
  name: string
  title: string
  latentDims: readonly number[]
  shares: readonly Share[]
}

/** Each session runs its own calls one after another and waits for no other: a pass ends with the slowest. */
export function createProducts({ name, title, latentDims, shares }: ProductsOptions): Contender {
  const workers = shares.map(({ models, threads }) => {
    const workerData = { latentDims: models.map((model) => latentDims[model]), threads }
    return new Worker(join(__dirname, 'products-worker.js'), { workerData })
  })
  const runAll = async (worker: Worker, calls: readonly ProductsCall[]) => {
    for (const call of calls) {
      worker.postMessage(call)
      await once(worker, 'message')
    }
  }
  return {
    name,
    title,
    kind: 'products',
    async run({ recipe, images }) {
      const calls = callsOf(images, recipe.batchSize)
      const began = performance.now()
      await Promise.all(workers.map((worker) => runAll(worker, calls)))
      return { seconds: (performance.now() - began) / 1000, losses: [] }
    },
    close: async () => void (await Promise.all(workers.map((worker) => worker.terminate())))
  }
}

function callsOf(images: number, batch: number): ProductsCall[] {
  const { fullSteps, rest } = passShape(images, batch)
  const calls: ProductsCall[] = []
  for (let done = 0; done < fullSteps; done += STEPS_PER_CALL) {
    calls.push({ steps: Math.min(STEPS_PER_CALL, fullSteps - done), batch })
  }
  return rest > 0 ? [...calls, { steps: 1, batch: rest }] : calls
}
