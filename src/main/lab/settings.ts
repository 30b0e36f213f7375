// settings.json: read at every start, checked key by key, replaced as a whole. What can't be read of it is told and never lost.
import { link, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import * as v from 'valibot'
import { LabError, toLabErrorData, type LabErrorData } from '@shared/errors'
import { issueInWords } from '@shared/issue'
import { defaultSettings, SettingsSchema, type Settings } from '@shared/settings'
import { createLimit } from '@shared/limit'
import { atomicWrite, fileError } from '../system/atomic-write'
import type { Log } from '../system/log'
import { makeFolder } from '../system/make-folder'
import { parseJson } from '../system/parse-json'
import { notUsable, readRegularFile, type FileKind } from '../system/regular-file'

const { entries } = SettingsSchema
const ObjectSchema = v.custom<Record<string, unknown>>(
  (content) => typeof content === 'object' && content !== null && !Array.isArray(content)
)

const SETTINGS_FILE: FileKind = {
  what: 'The settings file',
  remedy: 'Mend it, or choose the settings anew: it is kept beside the new one then'
}
const MOST_BYTES = 2 ** 16
/** Characters of the keys that this version does not know, as they are written: with the others' they stay below MOST_BYTES. */
const MOST_UNKNOWN = 2 ** 14

export interface SettingsFile {
  /** What can be read, the rest by default: settings must not stop a start. */
  settings: Settings
  /** Keys that this version does not know, an older or newer one's say. */
  unknown: Record<string, unknown>
  /** Why not all of it can be read; null where there is no file, too. */
  problem: LabErrorData | null
}

/** The settings at `path`, which may be missing; those that can't be read are as in `others`. */
export async function readSettingsFile(path: string, others = defaultSettings): Promise<SettingsFile> {
  try {
    const content = v.safeParse(ObjectSchema, parseJson(String(await readRegularFile(path, MOST_BYTES, SETTINGS_FILE))))
    if (!content.success) throw notUsable(path, SETTINGS_FILE, 'no JSON object', 'one like {"theme": "dark"}')
    return settingsOf(content.output, path, others)
  } catch (error) {
    const isMissing = error instanceof LabError && error.kind === 'not-found'
    return { settings: others, unknown: {}, problem: isMissing ? null : toLabErrorData(error) }
  }
}

/** Each known key by itself: a slip in one leaves the others alone. */
function settingsOf(content: Record<string, unknown>, path: string, others: Settings): SettingsFile {
  const unknown = Object.fromEntries(Object.entries(content).filter(([key]) => !Object.hasOwn(entries, key)))
  const read: SettingsFile = isKeepable(unknown)
    ? { settings: others, unknown, problem: null }
    : { settings: others, unknown: {}, problem: tooMuch(path) }
  for (const key of Object.keys(entries) as (keyof Settings)[]) {
    if (content[key] === undefined) continue
    const value = v.safeParse(entries[key], content[key])
    if (value.success) read.settings = { ...read.settings, [key]: value.output }
    else read.problem ??= refused(path, key, value.issues[0])
  }
  return read
}

/** Nesting of thousands of levels has no text. */
function isKeepable(unknown: Record<string, unknown>): boolean {
  try {
    return JSON.stringify(unknown, null, 2).length <= MOST_UNKNOWN
  } catch {
    return false
  }
}

function tooMuch(path: string): LabErrorData {
  return notUsable(path, SETTINGS_FILE, 'much that this version does not know', 'the settings alone').data
}

function refused(path: string, key: string, issue: v.BaseIssue<unknown>): LabErrorData {
  const { found, expected } = issueInWords(issue)
  return notUsable(path, SETTINGS_FILE, `${key}: ${found}`, expected).data
}

/**
 * Writes `changed` into the file; what else can be read of it stays, and what can't becomes as in `others`. A file of which not all can be
 * read is kept under a name of its own. Throws LabError `not-writable` or `disk-full`; the file stays as it was then.
 */
export async function writeSettingsFile(
  path: string,
  changed: Partial<Settings>,
  others = defaultSettings
): Promise<void> {
  const { settings, unknown, problem } = await readSettingsFile(path, others) // anew: another process or an editor may have written
  const content = { ...unknown, ...settings, ...changed }
  const takeBack = await keepBeside(path, problem !== null)
  await atomicWrite(path, `${JSON.stringify(content, null, 2)}\n`).catch(async (error: unknown) => {
    await takeBack().catch(() => undefined) // it stays under the other name
    throw error
  })
}

/** Gives the file a further name if it `isToBeKept`; answers with how to take that back. Makes the folder. Throws as writeSettingsFile. */
async function keepBeside(path: string, isToBeKept: boolean): Promise<() => Promise<void>> {
  const kept = `${path}.unreadable-${new Date().toISOString().replace(/[:.]/g, '')}`
  try {
    await makeFolder(dirname(path))
    if (!isToBeKept) return async () => undefined
    await link(path, kept).catch(() => rename(path, kept)) // there are disks without links, and files that may not be linked
  } catch (error) {
    throw fileError(error, path)
  }
  return async () => {
    await rename(kept, path) // does nothing where both are names of one file
    await rm(kept, { force: true })
  }
}

/** The settings of this process: read once; of those that are written, the changed ones reach the file. */
export interface SettingsStore {
  /** Reads the file the first time; the defaults stand until it has. */
  read(): Promise<void>
  current(): Settings
  /** Why not all of the file could be read; null once it was written anew. */
  problem(): LabErrorData | null
  /** Throws LabError `not-writable` or `disk-full`; the old ones stay then. */
  write(settings: Settings): Promise<void>
}

export function createSettingsStore(path: string, log: Log): SettingsStore {
  let settings = defaultSettings
  let problem: LabErrorData | null = null
  let reading: Promise<void> | null = null
  const oneByOne = createLimit({ atOnce: 1 })

  async function readFirst(): Promise<void> {
    ;({ settings, problem } = await readSettingsFile(path))
    if (problem) log.warn(LabError.from(problem).message)
  }

  return {
    read: () => (reading ??= readFirst()),
    current: () => settings,
    problem: () => problem,
    write: (wanted) =>
      oneByOne(async () => {
        await writeSettingsFile(path, changes(settings, wanted), settings)
        settings = wanted
        problem = null
      })
  }
}

function changes(before: Settings, wanted: Settings): Partial<Settings> {
  const keys = Object.keys(wanted) as (keyof Settings)[]
  return Object.fromEntries(keys.filter((key) => wanted[key] !== before[key]).map((key) => [key, wanted[key]]))
}
