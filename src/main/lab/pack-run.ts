// Writes a run as one file that a user has named (run-archive.ts).
import { LabError } from '@shared/errors'
import { formatBytes, quoted } from '@shared/format'
import type { ReadTools } from '../data/readers/read-images'
import { writeRunArchive } from '../export/run-archive'
import { atomicWritePieces, SHARED_FILE } from '../system/atomic-write'
import { exists } from '../system/exists'
import { withNeed } from './disk-need'
import { checkOutputFile } from './output-file'
import { readOwner } from './owner'
import { readRunFile } from './run-folder'
import { runParts, type ChosenParts } from './run-parts'

export interface PackChoice extends ChosenParts {
  /** Whether a file that is there is replaced. */
  force: boolean
}

/**
 * Writes the run in `folder` to the file `out`, all of it or nothing, and counts its bytes. Throws LabError `busy` while it is trained and once
 * it was given up, `not-found` or `bad-file` as readRunFile, `not-supported` where it is too large, `not-writable` also where something is
 * there already, `disk-full`.
 */
export async function packRun(folder: string, out: string, choice: PackChoice, tools: ReadTools): Promise<void> {
  const { id, experiment } = await readRunFile(folder)
  if (await readOwner(folder)) {
    throw new LabError('busy', `The run ${quoted(experiment.name)} is being trained`, {
      remedy: 'Pack it when it has ended'
    })
  }
  await checkOutputFile(out, folder)
  if (!choice.force && (await exists(out))) throw isThere(out)
  const files = await runParts(folder, choice)
  const needed = files.reduce((sum, { bytes }) => sum + bytes, 0)
  await atomicWritePieces(out, (write) => writeRunArchive(id, files, write, tools), SHARED_FILE).catch(
    async (error: unknown) => {
      throw await withNeed(error, out, `up to ${formatBytes(needed)}`)
    }
  )
}

const isThere = (path: string) =>
  new LabError('not-writable', `${path} could not be written`, {
    found: 'a file of that name',
    remedy: 'Name another file with --out, or replace it with --force'
  })
