// settings.json: read at every start, checked, replaced as a whole.
import { readFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import * as v from 'valibot'
import { callArguments, type Settings } from '@shared/contract'
import { atomicWrite, fileError } from '../system/atomic-write'
import { makeFolder } from '../system/make-folder'

/** Of what a file holds, the known keys alone. */
const KnownSettingsSchema = v.object(callArguments.writeSettings.items[0].entries)

export const defaultSettings: Settings = { theme: 'system', runsFolder: null }

/**
 * The settings at `path`: what an older version did not write is the default, and keys that are gone are left out. The defaults where
 * they can't be read: settings must not stop a start.
 */
export async function readSettingsFile(path: string): Promise<Settings> {
  try {
    const read = JSON.parse(await readFile(path, 'utf8')) as object
    return v.parse(KnownSettingsSchema, { ...defaultSettings, ...read })
  } catch {
    return defaultSettings
  }
}

/** Throws LabError `not-writable` or `disk-full`. */
export async function writeSettingsFile(path: string, settings: Settings): Promise<void> {
  await makeFolder(dirname(path)).catch((error: unknown) => {
    throw fileError(error, path)
  })
  await atomicWrite(path, `${JSON.stringify(settings, null, 2)}\n`)
}

/** The settings of this process: read once, written as a whole. */
export interface SettingsStore {
  /** Reads the file the first time; the defaults stand until it has. */
  read(): Promise<void>
  current(): Settings
  /** Throws LabError `not-writable` or `disk-full`; the old ones stay then. */
  write(settings: Settings): Promise<void>
}

export function createSettingsStore(path: string): SettingsStore {
  let settings = defaultSettings
  let reading: Promise<void> | null = null
  return {
    read: () => (reading ??= readSettingsFile(path).then((read) => void (settings = read))),
    current: () => settings,
    async write(wanted) {
      await writeSettingsFile(path, wanted)
      settings = wanted
    }
  }
}
