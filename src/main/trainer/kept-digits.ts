// Reads digits.bin: the reconstructions of every epoch one after another, each epoch's proved by the SHA-256 that run.json has of it.
import type { DigitHistory } from '@shared/contract'
import { LabError } from '@shared/errors'
import { digitBytes, epochsDone, type RunFile } from '@shared/run'
import { notUsable, readInto, withRegularFile, type FileKind } from '../system/regular-file'
import { sha256 } from '../system/sha256'

export const DIGITS_FILE: FileKind = {
  what: 'The file of digits',
  remedy: 'Put a whole copy of it in its place; losses and metrics are not affected'
}

/** What run.json keeps of an epoch's digits: SHA-256, in hex. */
export const digitsDigest = (digits: Uint8Array): string => sha256(digits)

/**
 * Reads, of the file at `path`, the epochs from `first` to `last` (from 1, both included) that are complete; fewer or none where there are not as many. Throws
 * LabError `bad-file` where those of an epoch are not what the run wrote.
 */
export async function readDigitsAt(path: string, file: RunFile, first: number, last: number): Promise<DigitHistory> {
  const models = file.models.length
  const size = digitBytes(file)
  const none = { firstEpoch: first, epochs: 0, models, pixels: new Uint8Array() }
  const read = withRegularFile(path, DIGITS_FILE, async (stored, bytes) => {
    const complete = Math.min(last, epochsDone(file), Math.floor(bytes / size))
    const epochs = Math.max(0, complete - first + 1)
    const pixels = new Uint8Array(epochs * size)
    if ((await readInto(stored, pixels, (first - 1) * size)) < pixels.byteLength) {
      throw new LabError('bad-file', `${path} ended while it was read`)
    }
    checkDigits(pixels, first, file, path)
    return { firstEpoch: first, epochs, models, pixels }
  })
  return read.catch((error: unknown) => {
    if (error instanceof LabError && error.kind === 'not-found') return none
    throw error
  })
}

/** Throws LabError `bad-file` at the first epoch whose digits are not those that run.json has the digest of. */
function checkDigits(pixels: Uint8Array, first: number, file: RunFile, path: string): void {
  const size = digitBytes(file)
  for (let epoch = first, start = 0; start < pixels.length; epoch += 1, start += size) {
    const expected = file.digitsSha256?.[epoch - 1] ?? null
    if (expected === null || digitsDigest(pixels.subarray(start, start + size)) === expected) continue
    throw notUsable(
      path,
      DIGITS_FILE,
      `other digits of epoch ${epoch} than the run wrote`,
      'those that fit their SHA-256'
    )
  }
}
