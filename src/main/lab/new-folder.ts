// The folder of a new run, claimed as soon as it is there: of two starts under one name, one gets it.
import { lstat, readdir, rmdir } from 'node:fs/promises'
import { LabError } from '@shared/errors'
import { fileError } from '../system/atomic-write'
import { isRead, readClaim } from '../system/claim-file'
import type { Claim } from './claim'
import { claimRun, settledOwner } from './owner'
import { createRunFolder, runFolderFiles, sweepTemporaryFiles } from './run-folder'

/**
 * Makes the folder, or takes one in which a start was cut off; null if something else has that name, or another start has taken it.
 * Throws LabError `not-writable` or `disk-full`.
 */
export async function claimNewFolder(folder: string): Promise<Claim | null> {
  const isNew = await createRunFolder(folder)
  if (!isNew && !(await canBeTaken(folder))) return null
  const claim = await tryToClaim(folder, isNew)
  if (!claim) return null
  try {
    if (await holdsNoRun(folder)) {
      await sweepTemporaryFiles(folder)
      return claim
    }
  } catch (error) {
    await claim.release().catch(() => undefined)
    throw fileError(error, folder)
  }
  await claim.release() // another start has come and gone meanwhile
  return null
}

/** True of a folder that is empty, or holds no more than a start that was cut off leaves; takes as settledOwner where one has. */
export async function canBeTaken(folder: string): Promise<boolean> {
  return (await holdsNoRun(folder)) && (await settledOwner(runFolderFiles(folder).owner)) === null
}

/** True of a folder with nothing but a claim, or half of one or of a first run.json: an owner.json with anything else in it is not ours. */
export async function holdsNoRun(folder: string): Promise<boolean> {
  const entry = await lstat(folder).catch(() => null)
  const names = entry?.isDirectory() ? await readdir(folder).catch(() => null) : null
  if (!names?.every((name) => /^(owner\.json|\.(run|owner)\.json\.[\d.]+\.tmp)$/.test(name))) return false
  const { owner } = runFolderFiles(folder)
  const claim = await readClaim(owner)
  return claim === null || isRead(claim) || (await lstat(owner).catch(() => null))?.size === 0
}

async function tryToClaim(folder: string, isNew: boolean): Promise<Claim | null> {
  try {
    return await claimRun(folder, 'queued', isNew)
  } catch (error) {
    if (error instanceof LabError && error.kind === 'busy') return null
    if (isNew) await rmdir(folder).catch(() => undefined)
    throw error
  }
}
