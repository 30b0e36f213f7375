// Entry of the worker in which Chromium's WebGPU works, built to out/main/gpu-page/worker.js: the page hands it a port to a trainer.
import type { Answer, Request } from './messages'
import { createServer } from './server'

interface WorkerPort {
  postMessage(answer: Answer): void
  onmessage: ((event: { data: Request }) => void) | null
}
declare const navigator: { gpu?: GPU }
declare const self: { onmessage: ((event: { ports: readonly WorkerPort[] }) => void) | null }

self.onmessage = ({ ports: [port] }) => {
  if (!port) return
  const serve = createServer(navigator.gpu, (answer) => port.postMessage(answer))
  port.onmessage = ({ data }) => serve(data)
}
