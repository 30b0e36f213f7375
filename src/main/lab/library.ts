// The run folders of this user: lists them, finds one, puts one aside and back. Knows nothing of training.
import { rename } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { ImportedRun, Unreadable } from '@shared/contract'
import { LabError, toLabErrorData } from '@shared/errors'
import { createLimit } from '@shared/limit'
import type { RunSummary } from '@shared/run'
import { noNotes, type RunNotes } from '@shared/run-notes'
import type { ReadTools } from '../data/readers/read-images'
import { fileError } from '../system/atomic-write'
import { exists } from '../system/exists'
import type { Log } from '../system/log'
import { cachedSummaries } from './cached-summaries'
import type { Claim } from './claim'
import { claimNewFolder } from './new-folder'
import { oneForAll } from './one-for-all'
import { idOfName, idPattern, idsOfNames, missingRun, sweepCutOffStarts } from './odd-folders'
import { importRun } from './import-run'
import { readNotes, writeNotes } from './notes-file'
import { readRunFile } from './run-folder'
import { createTrash } from './trash'
import { namesInRunsFolder } from './runs-folder'
import { listStored, openStored, type ListedRun, type StoredRun } from './stored-run'

export interface NewFolder {
  id: string
  /** Of its folder. */
  claim: Claim
}

export interface Library {
  /** All runs that can be read, in no order. Throws LabError if the runs folder can't be: runs-folder.ts. */
  list(): Promise<ListedRun[]>
  /** The folders that look like runs and can't be read as one, with the reason. Throws as `list`. */
  unreadable(): Promise<Unreadable[]>
  /** Throws LabError `not-found` or `bad-file`. */
  find(id: string): Promise<StoredRun>
  /**
   * Makes and claims the folder of a new run among the others; its name, which is the id, sorts by time: `2026-11-24-142233-article`.
   * Throws LabError `not-writable` or `disk-full`, and as `list`.
   */
  create(preset: string): Promise<NewFolder>
  /**
   * Makes and claims `folder` and knows it under an id of the same kind. Throws LabError `disk-full`, or `not-writable`, also if
   * something is there but an empty folder or one in which a start was cut off.
   */
  createAt(folder: string, preset: string): Promise<NewFolder>
  /** Makes a run folder that lies elsewhere known under its id. Throws LabError `not-found` or `bad-file`. */
  adopt(folder: string): Promise<string>
  /** Takes a run folder from elsewhere into the runs folder. Throws as import-run.ts. */
  take(folder: string, tools: ReadTools): Promise<ImportedRun>
  /** The line of a run with the notes that it had when it was last listed, opened or noted. */
  withNotes(summary: RunSummary): RunSummary
  /** Writes what a user notes of a run into its folder. Throws LabError `disk-full` or `not-writable`. */
  note(id: string, notes: RunNotes): Promise<void>
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

/** In a list, which takes fewer of large files: cached-summaries.ts. */
const LOOKS_AT_ONCE = 32
/** Whole files, of which each may take some ten megabytes until it is checked. */
const OPENED_AT_ONCE = 4

/** A library over `runsFolder()`, which may change from call to call; one that was chosen is never made anew where it is missing. */
export function createLibrary(runsFolder: () => string, log: Log, isChosen: () => boolean = () => false): Library {
  const elsewhere = new Map<string, string>()
  /** Names in the runs folder that are no ids, by the ids that stand for them. */
  let odd = new Map<string, string>()
  const aside = new Map<string, { from: string; to: string }>()
  /** By id, for lines of runs that are made of run.json alone. */
  const notes = new Map<string, RunNotes>()
  const trash = createTrash()
  const summaries = cachedSummaries()
  const limited = createLimit({ atOnce: LOOKS_AT_ONCE })
  const opening = createLimit({ atOnce: OPENED_AT_ONCE })
  const refused = new Set<string>()

  const folderOf = (id: string) => elsewhere.get(id) ?? join(runsFolder(), odd.get(id) ?? id)

  const isTaken = (id: string) => elsewhere.has(id) || aside.has(id)
  const notRemoved = (error: unknown) => log.warn(`A deleted run could not be removed: ${String(error)}`)

  const read = (folder: string) => opening(() => readRunFile(folder))

  async function tryList(id: string): Promise<ListedRun | Unreadable | null> {
    const folder = folderOf(id)
    try {
      const listed = await listStored(folder, id, summaries)
      notes.set(id, { tags: listed.summary.tags, note: listed.summary.note })
      return listed
    } catch (error) {
      const isMissing = error instanceof LabError && error.kind === 'not-found'
      const found = isMissing ? await missingRun(folder) : { path: folder, error: toLabErrorData(error) }
      if (found && !refused.has(folder)) log.warn(LabError.from(found.error).message)
      if (found) refused.add(folder)
      return found
    }
  }

  const scan = oneForAll(async () => {
    const names = (await namesInRunsFolder(runsFolder(), isChosen())).filter((name) => !name.startsWith('.'))
    odd = idsOfNames(names, odd)
    const ids = new Set([...names.filter((name) => idPattern.test(name)), ...odd.keys(), ...elsewhere.keys()])
    summaries.keepOnly([...ids].map(folderOf))
    return Promise.all([...ids].map((id) => limited(() => tryList(id))))
  })

  return {
    folderOf,
    async list() {
      return (await scan()).filter((one): one is ListedRun => one !== null && 'summary' in one)
    },
    async unreadable() {
      return (await scan()).filter((one): one is Unreadable => one !== null && 'error' in one)
    },
    async find(id) {
      if (!idPattern.test(id)) throw noRun(id)
      if (!(await exists(folderOf(id)))) await scan() // its folder may bear a name that is no id
      notes.set(id, await readNotes(folderOf(id)).catch(() => noNotes))
      return openStored(folderOf(id), id, read)
    },
    async create(preset) {
      await namesInRunsFolder(runsFolder(), isChosen())
      await sweepCutOffStarts(runsFolder())
      for (let copy = 1; ; copy++) {
        const id = newId(preset, copy)
        const claim = isTaken(id) ? null : await claimNewFolder(join(runsFolder(), id))
        if (claim) return { id, claim }
      }
    },
    async createAt(folder, preset) {
      const claim = await claimNewFolder(folder)
      if (!claim) throw folderTaken(folder)
      for (let copy = 1; ; copy++) {
        const id = newId(preset, copy)
        if (isTaken(id)) continue
        elsewhere.set(id, folder)
        return { id, claim }
      }
    },
    async adopt(folder) {
      const { id } = await read(folder)
      const usable = idPattern.test(id) ? id : idOfName(basename(folder))
      elsewhere.set(usable, folder)
      return usable
    },
    async take(folder, tools) {
      await namesInRunsFolder(runsFolder(), isChosen())
      return importRun(folder, runsFolder(), tools)
    },
    withNotes: (summary) => ({ ...summary, ...(notes.get(summary.id) ?? noNotes) }),
    async note(id, wanted) {
      await writeNotes(folderOf(id), wanted)
      notes.set(id, wanted)
    },
    noteFolder: (id, folder) => void elsewhere.set(id, folder),
    async putAside(id) {
      const from = folderOf(id)
      const to = await trash.put(from, id)
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
      await trash.empty(folders, notRemoved)
    }
  }
}

/** A candidate for a new run's id, good as the name of a folder; further ones for runs that begin in the same second. */
function newId(preset: string, copy: number): string {
  const time = new Date().toISOString().slice(0, 19).replace('T', '-').replace(/:/g, '')
  return copy === 1 ? `${time}-${preset}` : `${time}-${preset}-${copy}`
}

const folderTaken = (folder: string) =>
  new LabError('not-writable', `The output folder ${folder} can’t be used`, {
    found: 'something of that name',
    expected: 'a folder that does not exist yet or is empty',
    remedy: 'Choose another name'
  })

const noRun = (id: string) => new LabError('not-found', 'There is no such run', { found: id })
