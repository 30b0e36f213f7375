// A run as it lies in its folder, whole or as lists need it, and what it is doing as far as its files say.
import type { RunFile, RunState, RunSummary } from '@shared/run'
import type { CachedSummaries } from './cached-summaries'
import { readOwner, type Owner } from './owner'

export interface StoredRun {
  folder: string
  file: RunFile
  /** The living process that trains it, if any. */
  owner: Owner | null
}

/** Of a run's file no more than lists show. */
export interface ListedRun {
  summary: RunSummary
  /** As in StoredRun; null of a run that is finished and measured. */
  owner: Owner | null
}

/** What the run is doing. */
export function storedState({ file, owner }: Pick<StoredRun, 'file' | 'owner'>): RunState {
  if (owner) return owner.state
  return file.status === 'running' ? 'interrupted' : file.status
}

/** The run in `folder`, known as `id`. Throws as `read`. */
export async function openStored(
  folder: string,
  id: string,
  read: (folder: string) => Promise<RunFile>
): Promise<StoredRun> {
  const { found: file, owner } = await withOwner(folder, read, ({ status }) => status === 'running')
  return { folder, file: file.id === id ? file : { ...file, id }, owner }
}

/** The same for a list. Throws as `summaries`. */
export async function listStored(folder: string, id: string, { read }: CachedSummaries): Promise<ListedRun> {
  const summary = await read(folder)
  if (isDone(summary)) return { summary: { ...summary, id }, owner: null }
  const { found, owner } = await withOwner(folder, read, ({ state }) => state === 'interrupted')
  return { summary: { ...found, id, state: owner?.state ?? found.state }, owner }
}

/** Nothing is left to do that anyone could own; most runs of a long list are so. */
const isDone = ({ state, measured }: RunSummary) => state === 'finished' && measured

/** What `read` finds in a run's folder, and the living process that owns it, if any. */
async function withOwner<T>(folder: string, read: (folder: string) => Promise<T>, isRunning: (found: T) => boolean) {
  const before = await readOwner(folder) // an owner writes the end before it goes, and comes before it writes the start
  const found = await read(folder)
  return { found, owner: before ?? (isRunning(found) ? await readOwner(folder) : null) }
}
