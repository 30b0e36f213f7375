// A claim that this process holds: it gives signs of life while it does, and asks before each write whether it still does.
import { LabError } from '@shared/errors'
import type { RunState } from '@shared/run'
import { fileError, removeWithRetry } from '../system/atomic-write'
import { checkClaim, createClaimFile, rewriteClaim, type ClaimData, type ClaimProof } from '../system/claim-file'
import { systemCode } from '../system/system-error'
import { SIGN_MILLISECONDS } from './lease'
import { runFolderFiles } from './run-folder'

export interface Claim {
  readonly folder: string
  /** Whether the folder was made for this claim. */
  readonly madeFolder: boolean
  readonly proof: ClaimProof
  /** Resolves if another has taken the folder, when that is noticed. */
  readonly lost: Promise<LabError>
  /** Throws LabError `busy` if another has taken the folder: nothing may be written there any more. */
  check(): Promise<void>
  /** Says to other processes what the run is doing. Throws as `check`, and LabError `not-writable` or `disk-full`. */
  write(state: RunState): Promise<void>
  /** Gives the folder up; a claim of another stays. */
  release(): Promise<void>
}

/** Of the claims that this process makes or holds: one that it gave up and could not remove is no one's. */
export const tokensHere = new Set<string>()

/** Keeps the claim that `data` has just made. */
export function holdClaim(folder: string, data: ClaimData & { token: string }, madeFolder: boolean): Claim {
  const path = runFolderFiles(folder).owner
  const proof = { path, token: data.token }
  let current: ClaimData = data
  let tellLoss: (error: LabError) => void
  const lost = new Promise<LabError>((resolve) => (tellLoss = resolve))
  let signing: Promise<void> | null = null

  /** A sign of life is the claim written anew, since the times of a file may be only its owner's to set. */
  async function write(): Promise<void> {
    await rewriteClaim(proof, current).catch((error: unknown) => {
      if (systemCode(error) !== 'ENOENT') throw error
      return createClaimFile(path, current)
    })
  }

  const timer = setInterval(() => {
    signing ??= write()
      .catch((error: unknown) => {
        if (!(error instanceof LabError)) return // a disk that fails fails those who write
        clearInterval(timer)
        tellLoss(error)
      })
      .finally(() => (signing = null))
  }, SIGN_MILLISECONDS).unref()

  return {
    folder,
    madeFolder,
    proof,
    lost,
    check: () => checkClaim(proof),
    async write(state) {
      current = { ...current, state }
      await signing // it may be about to write the state before
      await write().catch((error: unknown) => {
        throw fileError(error, path)
      })
    },
    async release() {
      clearInterval(timer)
      await signing
      const isHeld = await checkClaim(proof).then(
        () => true,
        () => false
      )
      tokensHere.delete(proof.token)
      if (isHeld) await removeWithRetry(path)
    }
  }
}
