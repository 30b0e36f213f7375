// Frames into a GIF: pixels go to a worker, one frame at a time.
import { messageOf } from '@shared/errors'
import type { FrameSink } from './encode'
import type { FromGifWorker, ToGifWorker } from './gif-worker'

export function openGifSink(width: number, height: number, colours: readonly string[]): FrameSink {
  const worker = new Worker(new URL('./gif-worker.ts', import.meta.url), { type: 'module' })

  /** One question at a time. */
  function ask(message: ToGifWorker, transfer: Transferable[] = []): Promise<FromGifWorker> {
    return new Promise((resolve, reject) => {
      worker.onmessage = ({ data }: MessageEvent<FromGifWorker>) => resolve(data)
      worker.onerror = (event) => reject(new Error(`The GIF could not be written: ${messageOf(event.message)}`))
      worker.postMessage(message, transfer)
    })
  }
  const begun = ask({ type: 'begin', width, height, colours: [...colours] })

  return {
    async add(context, seconds) {
      await begun
      const rgba = context.getImageData(0, 0, width, height).data
      const answer = await ask({ type: 'frame', rgba, seconds }, [rgba.buffer])
      return 'bytes' in answer ? answer.bytes : 0
    },
    async finish() {
      const answer = await ask({ type: 'finish' })
      return 'file' in answer ? answer.file : new Uint8Array()
    },
    close: () => worker.terminate()
  }
}
