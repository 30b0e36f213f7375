// digits.bin in a run's folder: written epoch by epoch, and read (trainer/kept-digits.ts).
import type { DigitHistory } from '@shared/contract'
import type { RunFile } from '@shared/run'
import { fileError, writeAll } from '../system/atomic-write'
import { openToWriteInPlace } from '../system/regular-file'
import { readDigitsAt } from '../trainer/kept-digits'
import { runFolderFiles } from './run-folder'

/** Writes one epoch's reconstructions [models × 20 × pixels] where they belong. Throws LabError `disk-full` or `not-writable`. */
export async function writeDigits(folder: string, epoch: number, digits: Uint8Array): Promise<void> {
  const path = runFolderFiles(folder).digits
  try {
    const file = await openToWriteInPlace(path)
    try {
      await writeAll(file, digits, (epoch - 1) * digits.byteLength)
      await file.datasync()
    } finally {
      await file.close()
    }
  } catch (error) {
    throw fileError(error, path)
  }
}

/** Reads the epochs of a run's folder as readDigitsAt. Throws as that. */
export function readDigits(folder: string, file: RunFile, first: number, last: number): Promise<DigitHistory> {
  return readDigitsAt(runFolderFiles(folder).digits, file, first, last)
}
