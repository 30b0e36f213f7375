// Several files that appear in a folder together or not at all: each is written whole to a folder beside, and moved when all are there.
import { lstat, mkdir, mkdtemp, rm, rmdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { LabError } from '@shared/errors'
import type { ExportedFile } from '@shared/exports'
import { formatBytes } from '@shared/format'
import { atomicWrite, fileError, renameWithRetry, SHARED_FILE, syncFolder } from '../system/atomic-write'
import { freeBytes } from '../system/free-bytes'
import { checkOutputFile, refuseToReplace } from './output-file'

export interface NewFiles {
  /**
   * Writes one of them, or after the disk is full only counts it. Throws LabError `busy` where it was not begun: the run has changed since,
   * and nobody has looked what is in that place; `not-writable`.
   */
  write(file: ExportedFile): Promise<void>
  /** Puts them in their places and answers with their paths. Throws LabError `disk-full`, with what is needed, or `not-writable`. */
  place(): Promise<string[]>
  /** Removes what was not placed, and the folder if it was made for it. */
  discard(): Promise<void>
}

/**
 * Begins files of these names in `folder`, which is made if it is missing; those of the run in `runFolder` are not written over. Throws
 * LabError `not-writable`, where a file is there already too, unless `force` says that it is to be replaced.
 */
export async function beginFiles(
  folder: string,
  names: readonly string[],
  force: boolean,
  runFolder: string
): Promise<NewFiles> {
  for (const name of names) await checkPlace(join(folder, name), force, runFolder)
  const isNew = await madeFolder(folder)
  const beside = await mkdtemp(join(folder, '.export-')).catch((error: unknown) => {
    throw fileError(error, folder)
  })
  const written: string[] = []
  const full: { error: LabError | null } = { error: null }
  let bytes = 0

  const empty = () => rm(beside, { recursive: true, force: true })

  async function write({ name, content }: ExportedFile): Promise<void> {
    if (!names.includes(name)) throw hasChanged(name)
    bytes += content.byteLength
    if (full.error) return
    try {
      await atomicWrite(join(beside, name), content, SHARED_FILE)
      written.push(name)
    } catch (error) {
      if (!(error instanceof LabError) || error.kind !== 'disk-full') throw error
      full.error = error
      await empty()
    }
  }

  async function move(name: string): Promise<string> {
    const path = join(folder, name)
    await renameWithRetry(join(beside, name), path).catch((error: unknown) => {
      throw fileError(error, path)
    })
    return path
  }

  return {
    write,
    async place() {
      if (full.error) throw notEnough(folder, bytes, await freeBytes(folder))
      const paths: string[] = []
      for (const name of written) paths.push(await move(name))
      await empty()
      await syncFolder(folder)
      return paths
    },
    async discard() {
      await empty()
      if (isNew) await rmdir(folder).catch(() => undefined) // it may have been put to another use
    }
  }
}

async function checkPlace(path: string, force: boolean, runFolder: string): Promise<void> {
  await checkOutputFile(path, runFolder)
  if (!force) await refuseToReplace(path, 'another folder')
}

/** False where it was there. Throws LabError `not-writable`. */
async function madeFolder(folder: string): Promise<boolean> {
  try {
    await mkdir(folder)
    return true
  } catch (error) {
    const there = await lstat(folder).catch(() => null)
    if (there !== null) return false // what is no folder is refused by what is written into it
    throw fileError(error, dirname(folder))
  }
}

const hasChanged = (name: string) =>
  new LabError('busy', 'The run has changed while it was exported; nothing was written', {
    found: `${name}, which it did not have at the beginning`,
    remedy: 'Export it again'
  })

const notEnough = (folder: string, needed: number, free: number) =>
  new LabError('disk-full', `There is too little room on the disk of ${folder}; nothing was written`, {
    found: Number.isFinite(free) ? `${formatBytes(free)} free` : '',
    expected: `${formatBytes(needed)} for all files`,
    remedy: 'Free some space, choose fewer models or formats, or another folder'
  })
