// Starts the worker that runs models; a file of its own so that tests can answer in its place.
import type { FromWorker, ToWorker } from './messages'

export interface ModelPort {
  post(message: ToWorker): void
  onMessage(listener: (message: FromWorker) => void): void
}

export function openModelWorker(): ModelPort {
  const worker = new Worker(new URL('./model-worker.ts', import.meta.url), { type: 'module' })
  return {
    post: (message) => worker.postMessage(message),
    onMessage: (listener) => worker.addEventListener('message', ({ data }: MessageEvent<FromWorker>) => listener(data))
  }
}
