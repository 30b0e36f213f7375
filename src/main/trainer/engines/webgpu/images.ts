// Sets of images in the GPU's memory: the training images for good, a few others until newer ones come.
import type { Images } from '../engine'
import { allocate, Usage } from './device'

/** Others than the training images: test images and probes, say. */
const MOST_OTHERS = 2
/** Bytes written at once. A multiple of the padding is cut from it. */
const PIECE_BYTES = 8 * 2 ** 20

/** Bytes of a row padded to whole vec4s of pixels. */
export const rowBytes = (size: number) => 4 * Math.ceil(size / 4)

/** What is bound once for each set of images, known by its `pixels`: `make` gets the set's buffer when the set is first seen. */
export function createImageSets<Bound>(device: GPUDevice, make: (images: GPUBuffer) => Bound) {
  const sets = new Map<Uint8Array, { buffer: GPUBuffer; bound: Bound }>()

  async function upload({ pixels, count, size }: Images): Promise<GPUBuffer> {
    const row = rowBytes(size)
    const { images } = await allocate(device, { images: Math.max(count * row, 4) }, Usage.STORAGE | Usage.COPY_DST)
    const rows = Math.max(1, Math.floor(PIECE_BYTES / row))
    for (let first = 0; first < count; first += rows) {
      const some = Math.min(rows, count - first)
      const piece = new Uint8Array(some * row) // a copy: shared memory can't be written from, and rows may need padding
      for (let i = 0; i < some; i++) piece.set(pixels.subarray((first + i) * size, (first + i + 1) * size), i * row)
      device.queue.writeBuffer(images, first * row, piece)
    }
    return images
  }

  return {
    /** The set's own, uploaded if it is not there yet; known by the identity of `pixels`. The first set ever asked for stays. */
    async get(images: Images): Promise<Bound> {
      const known = sets.get(images.pixels)
      if (known) return known.bound
      const [, oldest] = sets.keys()
      if (sets.size > MOST_OTHERS && oldest) {
        sets.get(oldest)?.buffer.destroy()
        sets.delete(oldest)
      }
      const buffer = await upload(images)
      const bound = make(buffer)
      sets.set(images.pixels, { buffer, bound })
      return bound
    }
  }
}
