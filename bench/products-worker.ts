// Entry of a thread that runs the bare products of one group whenever it is told to.
import { parentPort, workerData } from 'node:worker_threads'
import { openProducts, type ProductsJob } from './products-session'

export interface ProductsCall {
  steps: number
  batch: number
}

const products = openProducts(workerData as ProductsJob)

parentPort?.on('message', async ({ steps, batch }: ProductsCall) => {
  await (await products).run(steps, batch)
  parentPort?.postMessage('done')
})
