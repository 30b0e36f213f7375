// Takes a run folder that lies elsewhere into the runs folder: checked as `lab check` does, copied, and there under its name at once or not at all.
import { randomInt } from 'node:crypto'
import { lstat, mkdir, readdir, rename, rm } from 'node:fs/promises'
import { basename, dirname, isAbsolute, join, relative } from 'node:path'
import type { ImportedRun } from '@shared/contract'
import { LabError } from '@shared/errors'
import { quoted } from '@shared/format'
import { checkNotCancelled, quietly, type ReadTools } from '../data/readers/read-images'
import { fileError } from '../system/atomic-write'
import { makeFolder, PRIVATE_FOLDER } from '../system/make-folder'
import { checkRun } from './check-run'
import { copyOne } from './copy-one'
import { idOfName, idPattern } from './odd-folders'
import { readOwner } from './owner'
import { readRunFile, runFolderFiles } from './run-folder'

/** A name that no list of runs shows. */
const UNDER_WAY = '.bottleneck-lab-import-'
const CUT_OFF_MILLISECONDS = 60 * 60 * 1000

/**
 * Checks the run in the folder `from` and copies it into `runsFolder`; counts its bytes once for each. What of it is not whole is told and copied
 * all the same, but for run.json, without which there is no run. Throws LabError `bad-value` where the path is not absolute or the run is there
 * already, `not-found` or `bad-file` as readRunFile, `busy` while it is trained and once it was given up, `disk-full` or `not-writable`.
 */
export async function importRun(from: string, runsFolder: string, tools: ReadTools = quietly): Promise<ImportedRun> {
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
  const { signal, onProgress } = tools
  const files = await filesOf(from)
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0)
  const parts = await checkRun(from, { signal, onProgress: (done, all) => onProgress((bytes * done) / all, 2 * bytes) })
  checkNotCancelled(signal) // what the check gave up for it counts as a part that is not whole
  let copied = bytes
  const onBytes = (more: number) => onProgress((copied += more), 2 * bytes)
  await copyRun(files, to, runsFolder, (path, copy) => copyOne(path, copy, signal, onBytes))
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

interface RunPart {
  path: string
  /** Below the run's folder: `run.json`, `weights/0002.safetensors`. */
  name: string
  bytes: number
}

/** What of a run is copied: regular files only, as a link in a folder from elsewhere may point anywhere. */
async function filesOf(folder: string): Promise<RunPart[]> {
  const { owner, weights, ...files } = runFolderFiles(folder)
  const isThere = (await lstat(weights).catch(() => null))?.isDirectory() ?? false
  const names = isThere ? await readdir(weights) : []
  const paths = [...Object.values(files).filter((path) => path !== owner), ...names.map((name) => join(weights, name))]
  const entries = await Promise.all(paths.map(async (path) => ({ path, entry: await lstat(path).catch(() => null) })))
  return entries.flatMap(({ path, entry }) =>
    entry?.isFile() ? [{ path, name: relative(folder, path), bytes: entry.size }] : []
  )
}

async function copyRun(
  files: readonly RunPart[],
  to: string,
  runsFolder: string,
  copy: (from: string, to: string) => Promise<void>
): Promise<void> {
  const underWay = join(runsFolder, `${UNDER_WAY}${process.pid}-${randomInt(2 ** 47)}`)
  try {
    await makeFolder(runsFolder)
    await sweepCutOffImports(runsFolder)
    await mkdir(underWay, PRIVATE_FOLDER)
    for (const { path, name } of files) {
      await makeFolder(dirname(join(underWay, name)))
      await copy(path, join(underWay, name))
    }
    await rename(underWay, to)
  } catch (error) {
    await rm(underWay, { recursive: true, force: true }).catch(() => undefined)
    throw fileError(error, to)
  }
}

async function sweepCutOffImports(runsFolder: string): Promise<void> {
  for (const name of (await readdir(runsFolder)).filter((one) => one.startsWith(UNDER_WAY))) {
    const made = await lstat(join(runsFolder, name)).catch(() => null)
    const isOld = made !== null && Date.now() - made.mtimeMs > CUT_OFF_MILLISECONDS
    if (isOld) await rm(join(runsFolder, name), { recursive: true, force: true }).catch(() => undefined)
  }
}
