// Changes run.json of a run that nobody trains: claimed, so that nobody else writes between the reading and the writing.
import type { RunFile, RunState } from '@shared/run'
import { claimRun } from './owner'
import { readRunFile, writeRunFile } from './run-folder'

/**
 * Writes what `change` makes of the file as it lies there, and answers with it; null, and nothing is written, where `change` says so.
 * Other processes see `state` meanwhile. Throws LabError, `busy` if a living process owns the run.
 */
export async function changeRun(
  folder: string,
  state: RunState,
  change: (now: RunFile) => RunFile | null
): Promise<RunFile | null> {
  const claim = await claimRun(folder, state)
  try {
    const changed = change(await readRunFile(folder))
    if (!changed) return null
    await claim.check()
    await writeRunFile(folder, changed)
    return changed
  } finally {
    await claim.release()
  }
}
