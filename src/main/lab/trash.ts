// Where deleted runs wait for an undo, beside the place that they had: a folder of this process's own, which others leave alone while it lives.
import { randomInt } from 'node:crypto'
import { readdir, rename, rm, rmdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileError } from '../system/atomic-write'
import { makeFolder } from '../system/make-folder'
import type { Claim } from './claim'
import { claimRun, isAbandoned } from './owner'

const TRASH = '.bottleneck-lab-trash'

export interface Trash {
  /** Moves the run folder into the trash; answers with where it is now. Throws LabError. */
  put(folder: string, id: string): Promise<string>
  /** Deletes the trash and what is in it of `folders`; `notRemoved` hears of what stays. */
  empty(folders: readonly string[], notRemoved: (error: unknown) => void): Promise<void>
}

export function createTrash(): Trash {
  const name = `${process.pid}-${randomInt(2 ** 47)}` // in another container a process has the same number
  const claims = new Map<string, Promise<Claim>>()

  /** Of two that come at once, the second waits for the first one's. */
  function claimTrash(trash: string): Promise<Claim> {
    const claim = claims.get(trash) ?? claimRun(trash, 'stopped')
    claims.set(trash, claim)
    claim.catch(() => claims.delete(trash)) // the next tries again
    return claim
  }

  return {
    async put(folder, id) {
      const trash = join(dirname(folder), TRASH, name)
      const to = join(trash, id)
      try {
        await sweepTrash(dirname(trash))
        await makeFolder(trash)
        await claimTrash(trash)
        await rename(folder, to)
      } catch (error) {
        throw fileError(error, folder)
      }
      return to
    },
    async empty(folders, notRemoved) {
      await Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true }).catch(notRemoved)))
      for (const [trash, claim] of claims) {
        await claim.then((held) => held.release()).catch(notRemoved)
        await removeIfEmpty(trash)
        await removeIfEmpty(dirname(trash))
      }
      claims.clear()
    }
  }
}

/** Deletes what processes that are gone had put aside, and nothing else that may lie there. */
async function sweepTrash(trash: string): Promise<void> {
  for (const name of await readdir(trash).catch(() => [])) {
    const folder = join(trash, name)
    const isOurs = /^\d+(-\d+)?$/.test(name) && (await isAbandoned(folder))
    if (isOurs) await rm(folder, { recursive: true, force: true }).catch(() => undefined) // the next sweep tries again
  }
}

async function removeIfEmpty(folder: string): Promise<void> {
  await rmdir(folder).catch(() => undefined)
}
