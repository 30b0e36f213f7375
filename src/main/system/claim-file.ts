// The file by which a process says that a folder is its to write: who it is, what it does there, and a token that is no one else's.
import { constants } from 'node:fs'
import { link, open, stat } from 'node:fs/promises'
import * as v from 'valibot'
import { LabError } from '@shared/errors'
import { runStates } from '@shared/run'
import { removeWithRetry, temporaryBeside, writeAll } from './atomic-write'
import { PRIVATE_FILE } from './make-folder'
import { parseJson } from './parse-json'
import { withRegularFile, readInto } from './regular-file'
import { systemCode } from './system-error'

/** A claim fills it with spaces: it can then be written anew in place, and is never read cut. */
const CLAIM_BYTES = 4096
/** Of a claim that can't be read; no process has it. */
const UNREAD = 0
const text = v.pipe(v.string(), v.maxLength(500))

const ClaimSchema = v.object({
  pid: v.pipe(v.number(), v.integer(), v.minValue(1)),
  processStart: v.nullable(text),
  claimedAt: v.number(),
  /** One that a newer version knows is none that can be taken. */
  state: v.fallback(v.picklist(runStates), 'running'),
  /** Absent in claims of older versions, which no other machine can judge. */
  place: v.optional(v.object({ host: text, numbers: v.nullable(text), machine: v.nullable(text) })),
  /** Of this claim alone; absent as `place`. */
  token: v.optional(text)
})
/** Who claims a folder; see process-identity.ts. */
export type ClaimData = v.InferOutput<typeof ClaimSchema>

export interface FoundClaim extends ClaimData {
  /** Changes while its owner gives signs of life. */
  sign: string
}

/** By which a claim is recognized by those who write under it. */
export interface ClaimProof {
  path: string
  token: string
}

/**
 * Who claimed, living or not; null where there is no file. A file that can't be read, or holds something else, may be the claim of a
 * newer version or be read the next time: it is somebody's, of whom only signs of life tell anything.
 */
export async function readClaim(path: string): Promise<FoundClaim | null> {
  let claim: ClaimData
  try {
    claim = await withRegularFile(path, { what: 'The owner file' }, claimIn)
  } catch (error) {
    if (error instanceof LabError && error.kind === 'not-found') return null
    claim = { pid: UNREAD, processStart: null, claimedAt: 0, state: 'running' }
  }
  try {
    const { ino, mtimeMs } = await stat(path)
    return { ...claim, sign: `${ino} ${mtimeMs}` }
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return null
    return { ...claim, sign: String(performance.now()) } // never known to stand still
  }
}

/** False of what readClaim found and could not read. */
export const isRead = ({ pid }: Pick<ClaimData, 'pid'>) => pid !== UNREAD

/** Throws LabError `busy` if another has taken the folder since. A claim that is missing or can't be read is not known to be another's. */
export async function checkClaim({ path, token }: ClaimProof): Promise<void> {
  const claim = await readClaim(path)
  if (claim && isRead(claim) && claim.token !== token) throw takenOver(claim)
}

/**
 * Writes the claim anew, which is a sign of life, too. Not by its name: a writer that is held up between look and write would take back
 * what another has claimed meanwhile; so it writes into a file that is gone. Throws LabError `busy` if another has the folder, and the
 * system's errors.
 */
export async function rewriteClaim({ path, token }: ClaimProof, claim: ClaimData): Promise<void> {
  const file = await open(path, constants.O_RDWR | (constants.O_NONBLOCK ?? 0)) // a named pipe must not keep it waiting
  try {
    const found = await claimIn(file.fd)
    if (found.token !== token) throw takenOver(found)
    await writeAll(file, contentOf(claim))
  } finally {
    await file.close()
  }
}

/** Makes the file with all its content at once: a reader must not take a half-written claim for none. Fails with EEXIST. */
export async function createClaimFile(path: string, claim: ClaimData): Promise<void> {
  const temporary = temporaryBeside(path)
  const content = contentOf(claim)
  try {
    await writeNew(temporary, content)
    await link(temporary, path).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'EEXIST') throw error
      return writeNew(path, content) // a file system without links
    })
  } finally {
    await removeWithRetry(temporary).catch(() => undefined) // the owner sweeps it up
  }
}

/** Secured, so that no power cut leaves a name without its content. Fails with EEXIST. */
async function writeNew(path: string, content: Uint8Array): Promise<void> {
  const file = await open(path, 'wx', PRIVATE_FILE)
  try {
    await writeAll(file, content)
    await file.sync()
  } finally {
    await file.close()
  }
}

/** `process 7`, and where it runs if that is elsewhere. */
export function nameOf({ pid, place }: Pick<ClaimData, 'pid' | 'place'>): string {
  if (!isRead({ pid })) return 'an owner file that can’t be read'
  return place ? `process ${pid} on ${place.host}` : `process ${pid}`
}

/** What the file says. Throws where that is no claim. */
async function claimIn(file: number): Promise<ClaimData> {
  const bytes = Buffer.alloc(CLAIM_BYTES)
  return v.parse(ClaimSchema, parseJson(String(bytes.subarray(0, await readInto(file, bytes, 0)))))
}

const contentOf = (claim: ClaimData) => Buffer.from(JSON.stringify(claim).padEnd(CLAIM_BYTES))

function takenOver(claim: ClaimData): LabError {
  return new LabError('busy', `This run has been taken over by ${nameOf(claim)}`, {
    remedy: 'It goes on there; this process was stopped or asleep for too long'
  })
}
