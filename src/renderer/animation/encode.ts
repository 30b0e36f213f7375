// Makes the file of an animation: draws one frame after another and hands it to what writes the format. Between frames the window gets its turn.
import { MOST_SAVED_BYTES } from '@shared/bridge'
import { LabError } from '@shared/errors'
import { formatBytes } from '@shared/format'
import type { EpochDigits } from './epoch-digits'
import { contextOf, type FramePainter } from './frame-painter'
import { frameSeconds } from './frames'

export type AnimationFormat = 'gif' | 'webm'

/** What writes a format, frame by frame. */
export interface FrameSink {
  /** Takes what the canvas shows, for so long. Answers with the file's bytes so far. */
  add(context: CanvasRenderingContext2D, seconds: number): Promise<number>
  finish(): Promise<Uint8Array>
  /** Gives up what is not finished; must be called in the end. */
  close(): void
}

export interface AnimationJob {
  painter: FramePainter
  /** At least one. */
  epochs: readonly number[]
  digits: EpochDigits
  /** Frames a second. */
  rate: number
  format: AnimationFormat
  openSink(canvas: HTMLCanvasElement): Promise<FrameSink>
  signal: AbortSignal
  /** Frames that are done, and the file's bytes so far. */
  onProgress(frames: number, bytes: number): void
}

/** The file; null where it was given up. Frames whose images were not kept are left out. Throws LabError. */
export async function encodeAnimation(job: AnimationJob): Promise<Uint8Array | null> {
  const { painter, epochs, digits, rate, format, signal, onProgress } = job
  const context = contextOf(painter.width, painter.height)
  const stays = frameSeconds(epochs.length, rate, format)
  const sink = await job.openSink(context.canvas)
  try {
    let isEmpty = true
    for (const [frame, epoch] of epochs.entries()) {
      const pixels = await digits(epoch)
      if (signal.aborted) return null
      if (!pixels) continue
      painter.draw(context, epoch, pixels)
      const bytes = await sink.add(context, stays[frame] ?? 0)
      isEmpty = false
      checkSize(bytes)
      onProgress(frame + 1, bytes)
      await nextTurn()
      if (signal.aborted) return null
    }
    if (isEmpty) throw new LabError('not-found', 'No images of these epochs were kept')
    const file = await sink.finish()
    checkSize(file.byteLength)
    return signal.aborted ? null : file
  } finally {
    sink.close()
  }
}

function checkSize(bytes: number): void {
  if (bytes <= MOST_SAVED_BYTES) return
  throw new LabError('bad-value', 'The animation becomes too large', {
    found: `more than ${formatBytes(MOST_SAVED_BYTES)}`,
    remedy: 'Choose a smaller width or fewer frames'
  })
}

/** Lets what waits for the window go first: keys, the pointer, drawing. */
function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel()
    port1.onmessage = () => {
      port1.close()
      resolve()
    }
    port2.postMessage(null)
  })
}
