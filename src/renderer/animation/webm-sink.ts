// Frames into a WebM video: encoded by the browser (WebCodecs), put into the file by mediabunny.
import { BufferTarget, CanvasSource, getFirstEncodableVideoCodec, Output, Quality, WebMOutputFormat } from 'mediabunny'
import { LabError } from '@shared/errors'
import type { FrameSink } from './encode'

/** The better first. */
const CODECS = ['vp9', 'vp8'] as const

/** Throws LabError `not-supported` where the browser can't encode such a video. */
export async function openWebmSink(canvas: HTMLCanvasElement): Promise<FrameSink> {
  const { width, height } = canvas
  const codec =
    typeof VideoEncoder === 'undefined' ? null : await getFirstEncodableVideoCodec([...CODECS], { width, height })
  if (!codec) {
    const remedy = 'Save it as GIF, or open the window in a recent Chrome, Edge or Firefox'
    throw new LabError('not-supported', 'This browser can’t encode WebM video of this size', { remedy })
  }
  const target = new BufferTarget()
  const output = new Output({ format: new WebMOutputFormat(), target })
  let bytes = 0
  const source = new CanvasSource(canvas, {
    codec,
    quality: new Quality('very-high'), // digits are small: what is lost of them shows
    onEncodedPacket: (packet) => (bytes += packet.byteLength)
  })
  output.addVideoTrack(source)
  await output.start()
  let at = 0

  return {
    async add(_context, seconds) {
      await source.add(at, seconds)
      at += seconds
      return bytes
    },
    async finish() {
      await output.finalize()
      return new Uint8Array(target.buffer ?? new ArrayBuffer(0))
    },
    close() {
      if (output.state === 'started') void output.cancel()
    }
  }
}
