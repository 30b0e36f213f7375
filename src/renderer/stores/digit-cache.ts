// The reconstructions of the epochs that were looked at, within a limit of memory; the longest unused go first, epoch 0 never.
import type { DigitHistory } from '@shared/contract'

const LIMIT_BYTES = 96 * 1024 * 1024

export interface DigitCache {
  /** One epoch's pixels [models × 20 × pixels of an image], or null where they are not here. */
  get(epoch: number): Uint8Array | null
  put(epoch: number, pixels: Uint8Array): void
  /** Takes a range as `readDigits` answers it. */
  putHistory(history: DigitHistory): void
  clear(): void
}

export function createDigitCache(limitBytes = LIMIT_BYTES): DigitCache {
  const epochs = new Map<number, Uint8Array>()
  let bytes = 0

  function forget(epoch: number): void {
    bytes -= epochs.get(epoch)?.byteLength ?? 0
    epochs.delete(epoch)
  }

  function put(epoch: number, pixels: Uint8Array): void {
    forget(epoch)
    epochs.set(epoch, pixels)
    bytes += pixels.byteLength
    for (const oldest of [...epochs.keys()]) {
      if (bytes <= limitBytes || oldest === epoch) break
      if (oldest !== 0) forget(oldest)
    }
  }

  return {
    get(epoch) {
      const pixels = epochs.get(epoch)
      if (!pixels) return null
      epochs.delete(epoch)
      epochs.set(epoch, pixels)
      return pixels
    },
    put,
    putHistory({ firstEpoch, epochs: count, pixels }) {
      const size = pixels.length / count
      for (let index = 0; index < count; index++) {
        put(firstEpoch + index, pixels.slice(index * size, (index + 1) * size))
      }
    },
    clear() {
      epochs.clear()
      bytes = 0
    }
  }
}
