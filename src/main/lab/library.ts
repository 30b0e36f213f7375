// The run folders of this user: lists them, finds one, puts one aside and back. Knows nothing of training.
import { readdir, rename, rm, rmdir, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { LabError } from '@shared/errors'
import type { RunFile, RunState } from '@shared/run'
import { fileError } from '../system/atomic-write'
import { exists } from '../system/exists'
import type { Log } from '../system/log'
import { makeFolder } from '../system/make-folder'
import { claimRun, isAbandoned, readOwner, releaseRun, type Owner } from './owner'
import { createRunFolder, readRunFile, runFolderFiles } from './run-folder'

export interface StoredRun {
  folder: string
  file: RunFile
  /** The living process that trains it, if any. */
  owner: Owner | null
}

export interface NewFolder {
  id: string
  folder: string
}

export interface Library {
  /** All runs that can be read, in no order. Throws LabError `bad-file` if the runs folder can't be. */
  list(): Promise<StoredRun[]>
  /** Throws LabError `not-found` or `bad-file`. */
  find(id: string): Promise<StoredRun>
  /**
   * Makes the folder of a new run among the others; its name, which is the id, sorts by time: `2026-11-24-142233-article`.
   * Throws LabError `not-writable` or `disk-full`.
   */
  create(preset: string): Promise<NewFolder>
  /** Makes `folder` and knows it under an id of the same kind. Throws LabError `disk-full`, or `not-writable`, also if it exists. */
  createAt(folder: string, preset: string): Promise<NewFolder>
  /** Makes a run folder that lies elsewhere known under its id. Throws LabError `not-found` or `bad-file`. */
  adopt(folder: string): Promise<string>
  folderOf(id: string): string
  /** Notes where a run's folder is that is not, or no more, in the runs folder. */
  noteFolder(id: string, folder: string): void
  /** Moves a run folder into a trash folder beside it. */
  putAside(id: string): Promise<void>
  /** Moves it back. Throws LabError `not-found` if it was not put aside by this library. */
  bringBack(id: string): Promise<void>
  /** Deletes what was put aside. */
  emptyTrash(): Promise<void>
}

const idPattern = /^[a-z0-9-]{1,64}$/
const TRASH = '.bottleneck-lab-trash'

/** What the run is doing, as far as its files say. */
export function storedState({ file, owner }: StoredRun): RunState {
  if (owner) return owner.state
  return file.status === 'running' ? 'interrupted' : file.status
}

/** A library over `runsFolder()`, which may change from call to call. */
export function createLibrary(runsFolder: () => string, log: Log): Library {
  const elsewhere = new Map<string, string>()
  const aside = new Map<string, { from: string; to: string }>()
  const trashes = new Set<string>()
  const read = cachedRunFiles()
  const refused = new Set<string>()

  const folderOf = (id: string) => elsewhere.get(id) ?? join(runsFolder(), id)

  const isTaken = (id: string) => elsewhere.has(id) || aside.has(id)
  const notRemoved = (error: unknown) => log.warn(`A deleted run could not be removed: ${String(error)}`)

  async function open(folder: string, id: string): Promise<StoredRun> {
    const [file, owner] = await Promise.all([read(folder), readOwner(folder)])
    return { folder, file: file.id === id ? file : { ...file, id }, owner }
  }

  async function tryOpen(id: string): Promise<StoredRun | null> {
    try {
      return await open(folderOf(id), id)
    } catch (error) {
      const isRun = error instanceof LabError && error.kind !== 'not-found'
      if (isRun && !refused.has(id)) log.warn(error.message)
      if (isRun) refused.add(id)
      return null
    }
  }

  return {
    folderOf,
    async list() {
      const names = await readRunsFolder(runsFolder())
      const ids = new Set([...names.filter((name) => idPattern.test(name)), ...elsewhere.keys()])
      const runs = await Promise.all([...ids].map(tryOpen))
      return runs.filter((run) => run !== null) as StoredRun[]
    },
    async find(id) {
      if (!idPattern.test(id)) throw noRun(id)
      return open(folderOf(id), id)
    },
    async create(preset) {
      for (let copy = 1; ; copy++) {
        const id = newId(preset, copy)
        const folder = join(runsFolder(), id)
        if (!isTaken(id) && (await createRunFolder(folder))) return { id, folder }
      }
    },
    async createAt(folder, preset) {
      if (!(await createRunFolder(folder))) throw folderTaken(folder)
      for (let copy = 1; ; copy++) {
        const id = newId(preset, copy)
        if (isTaken(id)) continue
        elsewhere.set(id, folder)
        return { id, folder }
      }
    },
    async adopt(folder) {
      const { id } = await read(folder)
      const usable = idPattern.test(id)
        ? id
        : basename(folder)
            .toLowerCase()
            .replace(/[^a-z0-9-]/g, '-')
      elsewhere.set(usable, folder)
      return usable
    },
    noteFolder: (id, folder) => void elsewhere.set(id, folder),
    async putAside(id) {
      const from = folderOf(id)
      const trash = join(dirname(from), TRASH, String(process.pid))
      const to = join(trash, id)
      try {
        await sweepTrash(dirname(trash))
        await makeFolder(trash)
        trashes.add(trash)
        if (!(await readOwner(trash))) await claimRun(trash, 'stopped')
        await rename(from, to)
      } catch (error) {
        throw fileError(error, from)
      }
      aside.set(id, { from, to })
    },
    async bringBack(id) {
      const move = aside.get(id)
      if (!move) throw noRun(id)
      if (await exists(move.from)) throw new LabError('not-writable', `The folder ${move.from} exists again`)
      await rename(move.to, move.from).catch((error: unknown) => {
        throw fileError(error, move.from)
      })
      aside.delete(id)
      if (folderOf(id) !== move.from) elsewhere.set(id, move.from)
    },
    async emptyTrash() {
      const folders = [...aside.values()].map(({ to }) => to)
      aside.clear()
      await Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true }).catch(notRemoved)))
      for (const trash of trashes) {
        await releaseRun(trash).catch(notRemoved)
        await removeIfEmpty(trash)
        await removeIfEmpty(dirname(trash))
      }
      trashes.clear()
    }
  }
}

/** The names in the runs folder, none while it does not exist. */
async function readRunsFolder(folder: string): Promise<string[]> {
  try {
    return await readdir(folder)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT') return []
    throw new LabError('bad-file', `The runs folder ${folder} can’t be read`, {
      found: code ?? String(error),
      remedy: 'Choose another runs folder in the settings'
    })
  }
}

/** A candidate for a new run's id, good as the name of a folder; further ones for runs that begin in the same second. */
function newId(preset: string, copy: number): string {
  const time = new Date().toISOString().slice(0, 19).replace('T', '-').replace(/:/g, '')
  return copy === 1 ? `${time}-${preset}` : `${time}-${preset}-${copy}`
}

/** Deletes what processes that are gone had put aside, and nothing else that may lie there. */
async function sweepTrash(trash: string): Promise<void> {
  for (const name of await readdir(trash).catch(() => [])) {
    const folder = join(trash, name)
    const isOurs = /^\d+$/.test(name) && (await isAbandoned(folder))
    if (isOurs) await rm(folder, { recursive: true, force: true }).catch(() => undefined) // the next sweep tries again
  }
}

async function removeIfEmpty(folder: string): Promise<void> {
  await rmdir(folder).catch(() => undefined)
}

/** Parses a run.json again only after it has changed: the list is read every few seconds. */
function cachedRunFiles(): (folder: string) => Promise<RunFile> {
  const known = new Map<string, { stamp: string; file: RunFile }>()
  return async (folder) => {
    const stats = await stat(runFolderFiles(folder).run).catch(() => null)
    const stamp = stats ? `${stats.ino} ${stats.mtimeMs} ${stats.size}` : ''
    const before = known.get(folder)
    if (before?.stamp === stamp) return before.file
    const file = await readRunFile(folder)
    known.set(folder, { stamp, file })
    return file
  }
}

const folderTaken = (folder: string) =>
  new LabError('not-writable', `The output folder ${folder} can’t be used`, {
    found: 'something of that name',
    expected: 'a folder that does not exist yet',
    remedy: 'Choose another name'
  })

const noRun = (id: string) => new LabError('not-found', 'There is no such run', { found: id })
