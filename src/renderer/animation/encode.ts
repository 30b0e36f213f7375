// Makes the file of an animation: draws one frame after another and hands it to what writes the format. Between frames the window gets its turn.
import { MOST_SAVED_BYTES } from '@shared/bridge'
import { LabError } from '@shared/errors'
import { formatBytes } from '@shared/format'
import type { EpochDigits } from './epoch-digits'
import { contextOf, type FramePainter } from './frame-painter'
import { frameSeconds, HOLD_SECONDS } from './frames'

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
  /** Frames that are drawn, and the file's bytes so far. */
  onProgress(frames: number, bytes: number): void
}

/** The file; null where it was given up. Frames whose images were not kept are left out; the last that is drawn is held. Throws LabError. */
export async function encodeAnimation(job: AnimationJob): Promise<Uint8Array | null> {
  const { painter, epochs, rate, format, signal, onProgress } = job
  const context = contextOf(painter.width, painter.height)
  const sink = await job.openSink(context.canvas)
  try {
    let drawn = 0
    let frame = await nextFrame(job, epochs)
    while (frame && !signal.aborted) {
      const following = await nextFrame(job, frame.rest) // whether this one is the last is known then
      if (signal.aborted) return null
      painter.draw(context, frame.epoch, frame.pixels)
      const bytes = await sink.add(context, following ? frameSeconds(rate, format) : HOLD_SECONDS)
      checkSize(bytes)
      onProgress(++drawn, bytes)
      await nextTurn()
      frame = following
    }
    if (signal.aborted) return null
    if (drawn === 0) throw new LabError('not-found', 'No images of these epochs were kept')
    const file = await sink.finish()
    checkSize(file.byteLength)
    return signal.aborted ? null : file
  } finally {
    sink.close()
  }
}

interface Frame {
  epoch: number
  pixels: Uint8Array
  /** The epochs after it. */
  rest: readonly number[]
}

/** The first of these epochs whose images were kept; null where there is none. */
async function nextFrame({ digits, signal }: AnimationJob, epochs: readonly number[]): Promise<Frame | null> {
  for (const [at, epoch] of epochs.entries()) {
    const pixels = await digits(epoch)
    if (signal.aborted) return null
    if (pixels) return { epoch, pixels, rest: epochs.slice(at + 1) }
  }
  return null
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
