// Takes a run from elsewhere into the runs folder, a run folder or one file: checked as `lab check` does, and all of it there or nothing.
import { stat } from 'node:fs/promises'
import { dirname, isAbsolute, join } from 'node:path'
import type { ImportedRun } from '@shared/contract'
import { LabError } from '@shared/errors'
import { quoted } from '@shared/format'
import { checkNotCancelled, quietly, type ReadTools } from '../data/readers/read-images'
import { makeFolder } from '../system/make-folder'
import { checkRun, problemsOf } from './check-run'
import { copyOne } from './copy-one'
import { importArchive } from './import-archive'
import { readOwner } from './owner'
import { checkIsNew, idOf, placeRun } from './place-run'
import { readRunFile } from './run-folder'
import { runParts } from './run-parts'

/**
 * Checks the run in the folder or the file `from` and copies it into `runsFolder`; counts its bytes once for each. What of a folder is not
 * whole is told and copied all the same, but for run.json, without which there is no run. Throws LabError `bad-value` where the path is not
 * absolute or the run is there already, `not-found` or `bad-file` as readRunFile and importArchive, `busy` while it is trained and once it
 * was given up, `disk-full` or `not-writable`.
 */
export async function importRun(from: string, runsFolder: string, tools: ReadTools = quietly): Promise<ImportedRun> {
  if (!isAbsolute(from)) {
    throw new LabError('bad-value', 'The path of the run is not usable', { found: from, expected: 'a whole path' })
  }
  const there = await stat(from).catch(() => null)
  if (there?.isFile()) return importArchive(from, runsFolder, tools)
  if (there?.isDirectory()) return importFolder(from, runsFolder, tools)
  throw new LabError('not-found', `There is no run at ${from}`, { expected: 'a .bottleneck file or a run folder' })
}

async function importFolder(from: string, runsFolder: string, { signal, onProgress }: ReadTools): Promise<ImportedRun> {
  const file = await readRunFile(from)
  if (await readOwner(from)) {
    throw new LabError('busy', `The run ${quoted(file.experiment.name)} is being trained`, {
      remedy: 'Import it when it has ended'
    })
  }
  const id = idOf(file, from)
  await checkIsNew(from, join(runsFolder, id), file.experiment.name)
  const files = await runParts(from, { weights: true, analyses: false })
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0)
  const parts = await checkRun(from, { signal, onProgress: (done, all) => onProgress((bytes * done) / all, 2 * bytes) })
  checkNotCancelled(signal) // what the check gave up for it counts as a part that is not whole
  let copied = bytes
  const onBytes = (more: number) => onProgress((copied += more), 2 * bytes)
  return placeRun(runsFolder, async (underWay) => {
    for (const { path, name } of files) {
      await makeFolder(dirname(join(underWay, name)))
      await copyOne(path, join(underWay, name), signal, onBytes)
    }
    return { id, problems: problemsOf(parts) }
  })
}
