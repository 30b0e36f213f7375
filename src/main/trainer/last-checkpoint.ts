// The last checkpoint and the one before, which stays until the last is proved whole: one flipped bit costs an epoch, not the run.
import { rm } from 'node:fs/promises'
import { LabError, type LabErrorData } from '@shared/errors'
import { fileError, renameWithRetry } from '../system/atomic-write'
import { isReadFailure } from '../system/regular-file'
import { previousCheckpoint, readCheckpoint, type Checkpoint, type CheckpointOwner } from './checkpoint'

export interface Resumed {
  checkpoint: Checkpoint
  /** Why the last one could not be read, where this is the one before. */
  lost: LabErrorData | null
}

/**
 * Reads the checkpoint at `path`. Where it is damaged or missing, the one before takes its place, if it is whole; one that a
 * disk did not hand over may be whole itself. Throws as readCheckpoint, and LabError `not-writable`.
 */
export async function resumeCheckpoint(path: string, owner: CheckpointOwner): Promise<Resumed> {
  try {
    return { checkpoint: await readCheckpoint(path, owner), lost: null }
  } catch (error) {
    if (!(error instanceof LabError) || error.kind === 'not-supported' || isReadFailure(error)) throw error
    const previous = previousCheckpoint(path)
    const checkpoint = await readCheckpoint(previous, owner).catch(() => {
      throw error
    })
    // else the next checkpoint would push it out and keep the damaged one
    await renameWithRetry(previous, path).catch((thrown: unknown) => {
      throw fileError(thrown, path)
    })
    return { checkpoint, lost: error.data }
  }
}

/**
 * Reads the checkpoint at `path` of a run that may be training: while one replaces another there is none at `path` for a moment, and the
 * one before has its other name. Throws as readCheckpoint.
 */
export async function readStandingCheckpoint(path: string, owner: CheckpointOwner): Promise<Checkpoint> {
  const isMissing = (error: unknown) => error instanceof LabError && error.kind === 'not-found'
  return readCheckpoint(path, owner).catch((error: unknown) => {
    if (!isMissing(error)) throw error
    return readCheckpoint(previousCheckpoint(path), owner).catch((thrown: unknown) => {
      if (!isMissing(thrown)) throw thrown
      return readCheckpoint(path, owner) // by now the new one has its name, and the one before may be deleted
    })
  })
}

/** Reads the checkpoint at `path` back and, if it is whole, deletes the one before. */
export async function removePrevious(path: string, owner: CheckpointOwner): Promise<void> {
  const isWhole = await readCheckpoint(path, owner).then(
    () => true,
    () => false
  )
  if (isWhole) await rm(previousCheckpoint(path), { force: true }).catch(() => undefined) // the next end tries again
}
