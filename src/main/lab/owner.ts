// Who trains a run: a file in its folder names the process, so that a window and a command line don't take each other's
// runs, and a run whose process is gone is seen as interrupted.
import { link, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { readFileSync } from 'node:fs'
import { uptime } from 'node:os'
import * as v from 'valibot'
import { LabError } from '@shared/errors'
import { runStates, type RunState } from '@shared/run'
import { atomicWrite, fileError, temporaryBeside } from '../system/atomic-write'
import { exists } from '../system/exists'
import { runFolderFiles } from './run-folder'

const OwnerSchema = v.object({
  pid: v.pipe(v.number(), v.integer(), v.minValue(1)),
  /** When the process began, as the system reports it; null where it does not. */
  processStart: v.nullable(v.string()),
  /** Milliseconds since 1970. */
  claimedAt: v.number(),
  state: v.picklist(runStates)
})
export type Owner = v.InferOutput<typeof OwnerSchema>

/** Makes this process the owner. Throws LabError `busy` if a living one is, `not-writable` or `disk-full`. */
export async function claimRun(folder: string, state: RunState): Promise<void> {
  const path = runFolderFiles(folder).owner
  const owner = await readOwner(folder)
  if (owner) throw ownedElsewhere(owner)
  if (await exists(path)) await takeAway(path)
  try {
    await createWhole(path, content(state)) // of two that try at once, one gets it
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw fileError(error, path)
    throw new LabError('busy', 'Another window or command has just taken this run')
  }
}

/** Says to other processes what the run is doing. */
export async function writeOwnedState(folder: string, state: RunState): Promise<void> {
  await atomicWrite(runFolderFiles(folder).owner, content(state))
}

/** Gives the run up. */
export async function releaseRun(folder: string): Promise<void> {
  await rm(runFolderFiles(folder).owner, { force: true })
}

/** The living process that owns the run, or null. */
export async function readOwner(folder: string): Promise<Owner | null> {
  return livingOwner(await readClaim(runFolderFiles(folder).owner))
}

/** True if a process that is gone had claimed the folder; false also where no claim can be read. */
export async function isAbandoned(folder: string): Promise<boolean> {
  const claim = await readClaim(runFolderFiles(folder).owner)
  return claim !== null && !isAlive(claim)
}

export function ownedElsewhere(owner: Owner): LabError {
  return new LabError('busy', 'Another window or command is at work on this run', {
    found: `process ${owner.pid}`,
    remedy: 'Stop it there, or wait until it has ended'
  })
}

/** True while the process lives that had this number when it was noted; numbers are given out again. */
export function isAlive({ pid, processStart, claimedAt }: Omit<Owner, 'state'>): boolean {
  try {
    process.kill(pid, 0)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false
  }
  const startNow = processStartOf(pid)
  if (processStart !== null && startNow !== null) return processStart === startNow
  return claimedAt > Date.now() - uptime() * 1000 // whoever got the number since passes for the owner until it ends
}

/** What identifies a process among all that ever had its number since 1970, as far as the system says. */
export function thisProcess(): Omit<Owner, 'state'> {
  return { pid: process.pid, processStart: processStartOf(process.pid), claimedAt: Date.now() }
}

/** Linux: boot and clock tick at which the process began (proc(5), field 22). Elsewhere null. */
function processStartOf(pid: number): string | null {
  if (process.platform !== 'linux') return null
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ') // the name before it may hold spaces
    return `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()} ${fields[19]}`
  } catch {
    return null
  }
}

/** Removes what a dead owner left. Moved first: of two that do so at once, the second may hold the new owner's file. */
async function takeAway(path: string): Promise<void> {
  const moved = temporaryBeside(path)
  await rename(path, moved).catch(() => undefined)
  const owner = livingOwner(await readClaim(moved))
  if (!owner) return rm(moved, { force: true })
  await rename(moved, path)
  throw ownedElsewhere(owner)
}

const livingOwner = (claim: Owner | null) => (claim && isAlive(claim) ? claim : null)

/** Who claimed, living or not; null where nothing of that kind can be read. */
async function readClaim(path: string): Promise<Owner | null> {
  try {
    return v.parse(OwnerSchema, JSON.parse(await readFile(path, 'utf8')))
  } catch {
    return null
  }
}

/** Makes the file with all its content at once: a reader must not take a half-written claim for none. Fails with EEXIST. */
async function createWhole(path: string, text: string): Promise<void> {
  const temporary = temporaryBeside(path)
  try {
    await writeFile(temporary, text)
    await link(temporary, path).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'EEXIST') throw error
      return writeFile(path, text, { flag: 'wx' }) // a file system without links
    })
  } finally {
    await rm(temporary, { force: true })
  }
}

const content = (state: RunState) => JSON.stringify({ ...thisProcess(), state })
