// The reconstructions of any run's epochs, read in ranges as they are asked for; for one run at a time beside the one that is open.
import type { LabCalls } from '@shared/contract'
import { digitBytes, type RunFile } from '@shared/run'
import { createDigitCache } from '../stores/digit-cache'

/** Epochs read together. */
const RANGE = 16
/** Bytes that one call answers with, at most. */
const MOST_BYTES = 32 * 1024 * 1024
const CACHE_BYTES = 64 * 1024 * 1024

/** Reconstructions [models × 20 × pixels of an image] uint8 after an epoch, 0 being before the first step; null where they are not kept. Rejects as `readDigits` does. */
export type EpochDigits = (epoch: number) => Promise<Uint8Array | null>

export function createEpochDigits(calls: Pick<LabCalls, 'readDigits'>, file: RunFile, lastEpoch: number): EpochDigits {
  const cache = createDigitCache(CACHE_BYTES)
  const range = Math.max(1, Math.min(RANGE, Math.floor(MOST_BYTES / digitBytes(file))))
  const underWay = new Map<number, Promise<unknown>>()

  async function read(first: number): Promise<void> {
    const last = first === 0 ? 0 : Math.min(lastEpoch, first + range - 1)
    cache.putHistory(await calls.readDigits(file.id, first, last))
  }

  return async (epoch) => {
    const found = cache.get(epoch)
    if (found) return found
    const first = epoch === 0 ? 0 : epoch - ((epoch - 1) % range)
    const reading = underWay.get(first) ?? read(first).finally(() => underWay.delete(first))
    underWay.set(first, reading)
    await reading
    return cache.get(epoch)
  }
}
