// The thread in which a GIF is written, so that the window goes on.
import { createGifWriter, type GifWriter } from './gif-writer'

export type ToGifWorker =
  | { type: 'begin'; width: number; height: number; colours: string[] }
  | { type: 'frame'; rgba: Uint8ClampedArray; seconds: number }
  | { type: 'finish' }
/** The bytes that there are so far, or all of them at the end. */
export type FromGifWorker = { bytes: number } | { file: Uint8Array }

const answer = (message: FromGifWorker, transfer: Transferable[] = []) => postMessage(message, { transfer })
const state: { writer: GifWriter | null } = { writer: null }

addEventListener('message', ({ data }: MessageEvent<ToGifWorker>) => {
  switch (data.type) {
    case 'begin':
      state.writer = createGifWriter(data.width, data.height, data.colours)
      return answer({ bytes: 0 })
    case 'frame':
      return answer({ bytes: state.writer?.add(data.rgba, data.seconds) ?? 0 })
    case 'finish': {
      const file = state.writer?.finish() ?? new Uint8Array()
      return answer({ file }, [file.buffer])
    }
  }
})
