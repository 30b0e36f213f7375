// Folders in the runs folder that are not as the library makes them: names that are no ids, and what a start that was cut off has left.
import { readdir, rmdir, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { Unreadable } from '@shared/contract'
import { LabError } from '@shared/errors'
import { createLimit } from '@shared/limit'
import { claimNewFolder, holdsNoRun } from './new-folder'
import { readOwner } from './owner'
import { runFolderFiles } from './run-folder'

export const idPattern = /^[a-z0-9-]{1,64}$/
/** As the library names new folders. */
const newIdPattern = /^\d{4}-\d\d-\d\d-\d{6}-/
/** A folder is made, then claimed: younger ones may be on their way. */
const START_MILLISECONDS = 60_000
/** A disk in the network answers slowly, but many at once. */
const LOOKS_AT_ONCE = 16

/** The ids of folders whose names are none, `my-run` of `My run`: those that were given before stay, no two are equal. */
export function idsOfNames(names: readonly string[], before: ReadonlyMap<string, string>): Map<string, string> {
  const odd = names.filter((name) => !idPattern.test(name))
  const ids = new Map([...before].filter(([, name]) => odd.includes(name)))
  const named = new Set(ids.values())
  for (const name of odd.filter((one) => !named.has(one)).sort()) {
    const wanted = idOfName(name)
    let id = wanted
    for (let copy = 2; names.includes(id) || ids.has(id); copy++) id = `${wanted}-${copy}`
    ids.set(id, name)
  }
  return ids
}

/** A name with what an id can't have replaced by dashes. */
export function idOfName(name: string): string {
  const plain = name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')
  return plain.slice(0, 56) || 'run'
}

/** Of a folder without run.json: why it is no run though it looks like one; null where it does not. */
export async function missingRun(folder: string): Promise<Unreadable | null> {
  const { checkpoint, previousCheckpoint, digits } = runFolderFiles(folder)
  const names = (await readdir(folder).catch(() => [])).map((name) => join(folder, name))
  const kept = names.filter((path) => [checkpoint, previousCheckpoint, digits].includes(path))
  if (kept.length > 0) return { path: folder, error: noRunFile(folder) }
  return (await isCutOffStart(folder)) ? { path: folder, error: cutOffStart(folder) } : null
}

/** Removes what starts that were cut off have left in the runs folder, and nothing that holds anything else. */
export async function sweepCutOffStarts(runsFolder: string): Promise<void> {
  const names = (await readdir(runsFolder).catch(() => [])).filter((name) => newIdPattern.test(name))
  const limited = createLimit({ atOnce: LOOKS_AT_ONCE })
  await Promise.all(names.map((name) => limited(() => sweepIfCutOff(join(runsFolder, name)))))
}

async function sweepIfCutOff(folder: string): Promise<void> {
  if (!(await isCutOffStart(folder))) return
  const claim = await claimNewFolder(folder).catch(() => null) // so that nobody begins a run there meanwhile
  await claim?.release().catch(() => undefined)
  await rmdir(folder).catch(() => undefined) // the next start tries again
}

/** True of a folder with no more than a start leaves that was cut off, if nobody is at it. */
async function isCutOffStart(folder: string): Promise<boolean> {
  if (!(await holdsNoRun(folder))) return false
  const [made, names] = await Promise.all([stat(folder).catch(() => null), readdir(folder).catch(() => [])])
  if (names.length === 0 && !newIdPattern.test(basename(folder))) return false
  return made !== null && Date.now() - made.mtimeMs > START_MILLISECONDS && (await readOwner(folder)) === null
}

const noRunFile = (folder: string) =>
  new LabError('bad-file', `The run folder ${folder} holds no run.json`, {
    remedy: 'Put a copy of it back, or delete the folder'
  }).data

const cutOffStart = (folder: string) =>
  new LabError('bad-file', `The folder ${folder} was left by a run that was cut off before it began`, {
    remedy: 'Delete it, or leave it'
  }).data
