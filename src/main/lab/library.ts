// The run folders of this user: lists them, finds one, puts one aside and back. Knows nothing of training.
import { access, mkdir, readdir, rename, rm, rmdir, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { LabError } from '@shared/errors'
import type { RunFile, RunState } from '@shared/run'
import { fileError } from '../system/atomic-write'
import type { Log } from '../system/log'
import { claimRun, readOwner, type Owner } from './owner'
import { readRunFile, runFolderFiles } from './run-folder'

export interface StoredRun {
  folder: string
  file: RunFile
  /** The living process that trains it, if any. */
  owner: Owner | null
}

export interface Library {
  /** All runs that can be read, in no order. */
  list(): Promise<StoredRun[]>
  /** Throws LabError `not-found` or `bad-file`. */
  find(id: string): Promise<StoredRun>
  /** A folder name that sorts by time and is free: `2026-11-24-142233-article`. */
  newId(preset: string): Promise<string>
  /** Makes a run folder that lies elsewhere known under its id. Throws LabError `not-found` or `bad-file`. */
  adopt(folder: string): Promise<string>
  folderOf(id: string): string
  /** Takes a folder that is about to be made into account under `id`. */
  place(id: string, folder: string): void
  /** Moves a run folder into `.trash` beside it. */
  putAside(id: string): Promise<void>
  /** Moves it back. Throws LabError `not-found` if it was not put aside by this library. */
  bringBack(id: string): Promise<void>
  /** Deletes what was put aside. */
  emptyTrash(): Promise<void>
}

const idPattern = /^[a-z0-9-]{1,64}$/
const TRASH = '.trash'

/** What the run is doing, as far as files tell. */
export function storedState({ file, owner }: StoredRun): RunState {
  if (owner) return owner.state
  return file.status === 'running' ? 'interrupted' : file.status
}

/** A library over `runsFolder()`, which may change from call to call. */
export function createLibrary(runsFolder: () => string, log: Log): Library {
  const elsewhere = new Map<string, string>()
  const aside = new Map<string, { from: string; to: string }>()
  const read = rememberRunFiles()
  const refused = new Set<string>()

  const folderOf = (id: string) => elsewhere.get(id) ?? join(runsFolder(), id)

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
      const names = await readdir(runsFolder()).catch(() => [])
      const ids = new Set([...names.filter((name) => idPattern.test(name)), ...elsewhere.keys()])
      const runs = await Promise.all([...ids].map(tryOpen))
      return runs.filter((run) => run !== null) as StoredRun[]
    },
    async find(id) {
      if (!idPattern.test(id)) throw noRun(id)
      return open(folderOf(id), id)
    },
    async newId(preset) {
      const time = new Date().toISOString().slice(0, 19).replace('T', '-').replace(/:/g, '')
      const wanted = `${time}-${preset}`
      for (let copy = 1; ; copy++) {
        const id = copy === 1 ? wanted : `${wanted}-${copy}`
        if (!elsewhere.has(id) && !aside.has(id) && !(await exists(folderOf(id)))) return id
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
    place: (id, folder) => void elsewhere.set(id, folder),
    async putAside(id) {
      const from = folderOf(id)
      const trash = join(dirname(from), TRASH, String(process.pid))
      const to = join(trash, id)
      try {
        await sweepTrash(dirname(trash))
        await mkdir(trash, { recursive: true })
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
    },
    async emptyTrash() {
      const folders = new Set([...aside.values()].map(({ to }) => dirname(to)))
      aside.clear()
      for (const folder of folders) await removeTrash(folder)
    }
  }
}

/** Deletes what processes that are gone had put aside. */
async function sweepTrash(trash: string): Promise<void> {
  for (const name of await readdir(trash).catch(() => [])) {
    const folder = join(trash, name)
    if (!(await readOwner(folder))) await removeTrash(folder)
  }
}

async function removeTrash(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true }).catch(() => undefined)
  await rmdir(dirname(folder)).catch(() => undefined) // stays while others have something in it
}

/** Parses a run.json again only after it has changed: the list is read every few seconds. */
function rememberRunFiles(): (folder: string) => Promise<RunFile> {
  const known = new Map<string, { stamp: string; file: RunFile }>()
  return async (folder) => {
    const stats = await stat(runFolderFiles(folder).run).catch(() => null)
    const stamp = stats ? `${stats.ino} ${stats.mtimeMs} ${stats.size}` : ''
    const remembered = known.get(folder)
    if (remembered?.stamp === stamp) return remembered.file
    const file = await readRunFile(folder)
    known.set(folder, { stamp, file })
    return file
  }
}

const noRun = (id: string) => new LabError('not-found', 'There is no such run', { found: id })

const exists = (path: string) =>
  access(path).then(
    () => true,
    () => false
  )
