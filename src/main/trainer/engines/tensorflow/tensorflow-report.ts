// What TensorFlow can train on here, in sentences: for scripts/setup-tensorflow.mjs, built to out/main/tensorflow-report.js.
import type { FoundDevice } from '@shared/contract'
import { devicesOf } from './tensorflow-devices'
import { packageFolders, tryLibrary } from './tensorflow-library'

export interface Report {
  /** False where TensorFlow can't train on anything. */
  isUsable: boolean
  /** One sentence a device. */
  sentences: string[]
}

/** Tries the library and tells of each device. */
export async function report(): Promise<Report> {
  const devices = devicesOf(await tryLibrary(packageFolders()))
  const isUsable = devices.some(({ usable }) => usable)
  return { isUsable, sentences: isUsable ? devices.map(sentenceOf) : [sentenceOf(devices[0] as FoundDevice)] }
}

function sentenceOf({ name, usable, detail, remedy, driver, runtimeVersion }: FoundDevice): string {
  if (usable) {
    return `TensorFlow ${runtimeVersion} trains on ${name}: ${[detail, driver].filter(Boolean).join(', ')}.`
  }
  const reason = runtimeVersion ? `Not on ${name}: ${detail}.` : `${detail}.`
  return remedy ? `${reason} ${remedy}.` : reason
}
