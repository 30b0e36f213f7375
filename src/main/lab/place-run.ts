// Puts a run from elsewhere into the runs folder: there under its name at once or not at all.
import { randomInt } from 'node:crypto'
import { lstat, mkdir, readdir, rename, rm } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { ImportedRun } from '@shared/contract'
import { LabError } from '@shared/errors'
import { quoted } from '@shared/format'
import type { RunFile } from '@shared/run'
import { fileError } from '../system/atomic-write'
import { makeFolder, PRIVATE_FOLDER } from '../system/make-folder'
import { idOfName, idPattern } from './odd-folders'

/** A name that no list of runs shows. */
const UNDER_WAY = '.bottleneck-lab-import-'
const CUT_OFF_MILLISECONDS = 60 * 60 * 1000

/** What a run is known by; of one whose own id is none, the name that it lay under elsewhere. */
export function idOf({ id }: Pick<RunFile, 'id'>, from: string): string {
  return idPattern.test(id) ? id : idOfName(basename(from))
}

/** Throws LabError `bad-value` where a run is there already; `from` is where it comes from. */
export async function checkIsNew(from: string, to: string, name: string): Promise<void> {
  if (!(await isTaken(to))) return
  throw new LabError('bad-value', `The run ${quoted(name)} can’t be imported`, {
    found: `a run folder ${basename(to)} in the runs folder already`,
    expected: 'a run that is not there yet',
    remedy: from === to ? '' : 'Delete the one that is there first, if it is the same'
  })
}

export async function isTaken(folder: string): Promise<boolean> {
  return (await lstat(folder).catch(() => null)) !== null
}

/**
 * Has `fill` write a new folder, which then goes among the others under the id that it answers with; not where that run is there already. What
 * fails leaves nothing. Throws what `fill` throws, the system's errors as LabError `disk-full` or `not-writable`.
 */
export async function placeRun(
  runsFolder: string,
  fill: (underWay: string) => Promise<ImportedRun>
): Promise<ImportedRun> {
  const underWay = join(runsFolder, `${UNDER_WAY}${process.pid}-${randomInt(2 ** 47)}`)
  const remove = () => rm(underWay, { recursive: true, force: true }).catch(() => undefined)
  try {
    await makeFolder(runsFolder)
    await sweepCutOffImports(runsFolder)
    await mkdir(underWay, PRIVATE_FOLDER)
    const imported = await fill(underWay)
    if (imported.isThere) await remove()
    else await rename(underWay, join(runsFolder, imported.id))
    return imported
  } catch (error) {
    await remove()
    throw fileError(error, runsFolder)
  }
}

async function sweepCutOffImports(runsFolder: string): Promise<void> {
  for (const name of (await readdir(runsFolder)).filter((one) => one.startsWith(UNDER_WAY))) {
    const made = await lstat(join(runsFolder, name)).catch(() => null)
    const isOld = made !== null && Date.now() - made.mtimeMs > CUT_OFF_MILLISECONDS
    if (isOld) await rm(join(runsFolder, name), { recursive: true, force: true }).catch(() => undefined)
  }
}
