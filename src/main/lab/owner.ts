// Who trains a run: a file in its folder names the process, so that a window and a command line don't take each other's
// runs, and a run whose process is gone is seen as interrupted. docs/decisions/0018 says what protects what.
import { randomUUID } from 'node:crypto'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { LabError } from '@shared/errors'
import type { RunState } from '@shared/run'
import { fileError, removeWithRetry } from '../system/atomic-write'
import { createClaimFile, isRead, nameOf, readClaim, type ClaimData, type FoundClaim } from '../system/claim-file'
import { isHere, lifeOf, thisPlace, thisProcess } from '../system/process-identity'
import { systemCode } from '../system/system-error'
import { holdClaim, tokensHere, type Claim } from './claim'
import { createLeaseWatch, type LeaseWatch } from './lease'
import { runFolderFiles } from './run-folder'

export type Owner = ClaimData

const LOOK_MILLISECONDS = 1_000

/** What this process has seen of owners whose processes it can't see. */
const leases = createLeaseWatch()

/** Makes this process the owner of a folder, which was made for it or not; takes as settledOwner. Throws LabError `busy` if a living one is, `not-writable` or `disk-full`. */
export async function claimRun(folder: string, state: RunState, madeFolder = false): Promise<Claim> {
  const path = runFolderFiles(folder).owner
  const data = { ...thisProcess(), place: thisPlace(), token: randomUUID(), state }
  tokensHere.add(data.token)
  try {
    await claimFile(path, data, 1)
  } catch (error) {
    tokensHere.delete(data.token)
    throw fileError(error, path)
  }
  return holdClaim(folder, data, madeFolder)
}

/**
 * Of two that try at once, one gets the file. What a dead owner left is removed only by whoever has claimed that first, in a file beside
 * it, and then looks again: else the second of two would remove the first one's new claim.
 */
async function claimFile(path: string, data: ClaimData, level: number): Promise<void> {
  if (await tryToCreate(path, data)) return
  const owner = await settledOwner(path)
  if (owner) throw ownedElsewhere(owner)
  const right = join(dirname(path), `.owner.json.${level}.tmp`)
  await claimFile(right, data, level + 1) // a killed process may have left that, too
  try {
    const now = livingOwner(path, await readClaim(path))
    if (now) throw ownedElsewhere(now)
    await removeWithRetry(path)
    if (!(await tryToCreate(path, data)))
      throw new LabError('busy', 'Another window or command has just taken this run')
  } finally {
    await removeWithRetry(right).catch(() => undefined) // it goes with this process
  }
}

async function tryToCreate(path: string, data: ClaimData): Promise<boolean> {
  try {
    await createClaimFile(path, data)
    return true
  } catch (error) {
    if (systemCode(error) === 'EEXIST') return false
    throw error
  }
}

/** The living process that owns the run, or null. One that can't be seen from here counts as living until it was seen to stand still. */
export async function readOwner(folder: string): Promise<Owner | null> {
  const path = runFolderFiles(folder).owner
  return livingOwner(path, await readClaim(path))
}

/** The same of an owner file for those who are about to take it: looks, for a lease at most, until it is known whether an owner lives that can't be seen from here. */
export async function settledOwner(
  path: string,
  watch: LeaseWatch = leases,
  wait: () => Promise<unknown> = () => sleep(LOOK_MILLISECONDS)
): Promise<Owner | null> {
  for (let looks = 1; ; looks++) {
    const claim = await readClaim(path)
    if (!claim) return null
    const life = seenLife(path, claim, watch)
    if (life === 'gone') return null
    if (life === 'living' || (life === 'changed' && looks > 1)) return claim
    await wait()
  }
}

/** True if a process that is gone had claimed the folder; false also where no claim can be read. */
export async function isAbandoned(folder: string): Promise<boolean> {
  const path = runFolderFiles(folder).owner
  const claim = await readClaim(path)
  return claim !== null && isRead(claim) && livingOwner(path, claim) === null
}

export function ownedElsewhere(owner: Owner): LabError {
  return new LabError('busy', 'Another window or command is at work on this run', {
    found: nameOf(owner),
    remedy: 'Stop it there, or wait until it has ended'
  })
}

/** Whether it is this process that holds the claim, or makes it. */
export function isOwnClaim({ token }: Pick<Owner, 'token'>): boolean {
  return token !== undefined && tokensHere.has(token)
}

/** Of its own claims this process knows; where another process can be seen, that decides; elsewhere signs of life do. */
function seenLife(path: string, claim: FoundClaim, watch: LeaseWatch) {
  const { pid, place, token } = claim
  if (isOwnClaim(claim)) return 'living'
  if (token !== undefined && pid === process.pid && place && isHere(place)) return 'gone'
  const life = isRead(claim) ? lifeOf(claim, place) : 'unknown'
  return life === 'unknown' ? watch.look(token ?? path, claim.sign) : life
}

function livingOwner(path: string, claim: FoundClaim | null): Owner | null {
  return claim && seenLife(path, claim, leases) !== 'gone' ? claim : null
}
