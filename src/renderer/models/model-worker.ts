// The thread in which models run on images: it has no lab, no files, and nothing but what the page hands it.
import type { FromWorker, ToWorker } from './messages'
import { createModelWork } from './model-work'

const turns = new MessageChannel()
const { receive } = createModelWork(
  (message: FromWorker) => postMessage(message),
  (go) => {
    turns.port1.onmessage = go
    turns.port2.postMessage(null)
  }
)
addEventListener('message', ({ data }: MessageEvent<ToWorker>) => receive(data))
