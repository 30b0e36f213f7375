// Takes a run folder that lies elsewhere into the runs folder: checked as `lab check` does, copied, and there under its name at once or not at all.
import { randomInt } from 'node:crypto'
import { chmod, constants, copyFile, lstat, mkdir, readdir, rename, rm } from 'node:fs/promises'
import { basename, isAbsolute, join } from 'node:path'
import type { ImportedRun } from '@shared/contract'
import { LabError } from '@shared/errors'
import { quoted } from '@shared/format'
import { fileError } from '../system/atomic-write'
import { makeFolder, PRIVATE_FILE, PRIVATE_FOLDER } from '../system/make-folder'
import { checkRun } from './check-run'
import { idOfName, idPattern } from './odd-folders'
import { readOwner } from './owner'
import { readRunFile, runFolderFiles } from './run-folder'

/** A name that no list of runs shows. */
const UNDER_WAY = '.bottleneck-lab-import-'
const CUT_OFF_MILLISECONDS = 60 * 60 * 1000

/**
 * Copies the run in the folder `from` into `runsFolder`. What of it is not whole is told and copied all the same, but for run.json, without which
 * there is no run. Throws LabError `bad-value` where the path is not absolute or the run is there already, `not-found` or `bad-file` as readRunFile,
 * `busy` while it is trained, `disk-full` or `not-writable`.
 */
export async function importRun(from: string, runsFolder: string): Promise<ImportedRun> {
  if (!isAbsolute(from)) {
    throw new LabError('bad-value', 'The path of the run folder is not usable', {
      found: from,
      expected: 'a whole path'
    })
  }
  const file = await readRunFile(from)
  if (await readOwner(from)) {
    throw new LabError('busy', `The run ${quoted(file.experiment.name)} is being trained`, {
      remedy: 'Import it when it has ended'
    })
  }
  const id = idPattern.test(file.id) ? file.id : idOfName(basename(from))
  const to = join(runsFolder, id)
  await checkIsNew(from, to, file.experiment.name)
  const parts = await checkRun(from)
  await copyRun(from, to, runsFolder)
  const problems = parts.filter(({ whole }) => whole !== true).map(({ part, detail }) => ({ part, detail }))
  return { id, problems }
}

async function checkIsNew(from: string, to: string, name: string): Promise<void> {
  if (!(await lstat(to).catch(() => null))) return
  throw new LabError('bad-value', `The run ${quoted(name)} can’t be imported`, {
    found: `a run folder ${basename(to)} in the runs folder already`,
    expected: 'a run that is not there yet',
    remedy: from === to ? '' : 'Delete the one that is there first, if it is the same'
  })
}

async function copyRun(from: string, to: string, runsFolder: string): Promise<void> {
  const underWay = join(runsFolder, `${UNDER_WAY}${process.pid}-${randomInt(2 ** 47)}`)
  try {
    await makeFolder(runsFolder)
    await sweepCutOffImports(runsFolder)
    await mkdir(underWay, PRIVATE_FOLDER)
    const { owner, weights, ...files } = runFolderFiles(from)
    for (const path of Object.values(files)) if (path !== owner) await copyIfThere(path, join(underWay, basename(path)))
    await copyFilesIn(weights, join(underWay, basename(weights)))
    await rename(underWay, to)
  } catch (error) {
    await rm(underWay, { recursive: true, force: true }).catch(() => undefined)
    throw fileError(error, to)
  }
}

/** The weights of epochs, where there are any. */
async function copyFilesIn(from: string, to: string): Promise<void> {
  const names = (await lstat(from).catch(() => null))?.isDirectory() ? await readdir(from) : []
  if (names.length > 0) await mkdir(to, PRIVATE_FOLDER)
  for (const name of names) await copyIfThere(join(from, name), join(to, name))
}

/** Regular files only: a link in a folder from elsewhere may point anywhere. */
async function copyIfThere(from: string, to: string): Promise<void> {
  const entry = await lstat(from).catch(() => null)
  if (!entry?.isFile()) return
  await copyFile(from, to, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE)
  await chmod(to, PRIVATE_FILE)
}

async function sweepCutOffImports(runsFolder: string): Promise<void> {
  for (const name of (await readdir(runsFolder)).filter((one) => one.startsWith(UNDER_WAY))) {
    const made = await lstat(join(runsFolder, name)).catch(() => null)
    const isOld = made !== null && Date.now() - made.mtimeMs > CUT_OFF_MILLISECONDS
    if (isOld) await rm(join(runsFolder, name), { recursive: true, force: true }).catch(() => undefined)
  }
}
