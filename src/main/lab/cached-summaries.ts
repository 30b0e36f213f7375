// What the list says of each run, kept in memory: a run.json is parsed once, not every few seconds, and none is kept whole.
import { stat, type Stats } from 'node:fs'
import { createLimit } from '@shared/limit'
import type { RunSummary } from '@shared/run'
import { noNotes } from '@shared/run-notes'
import { readNotes } from './notes-file'
import { summaryOf } from './run-file'
import { readRunFile, runFolderFiles } from './run-folder'
import { storedState } from './stored-run'

const REFUSED_MILLISECONDS = 30_000
/** A run of 1,000 epochs and six models takes half of it. */
const LARGE_BYTES = 2 ** 20
/** Each may take some ten megabytes until it is checked. */
const LARGE_AT_ONCE = 4

export interface CachedSummaries {
  /**
   * With the user's notes. Reads a run.json again only after it has changed; one that is refused is tried again after a while. Its state is
   * `interrupted` where the file says running: of an owner it knows nothing. Throws as readRunFile.
   */
  read(folder: string): Promise<RunSummary>
  /** Forgets the files of all other folders. */
  keepOnly(folders: Iterable<string>): void
}

export function cachedSummaries(): CachedSummaries {
  /** `until`: when it is read again although it has not changed, by the clock of performance.now(). */
  const known = new Map<string, { stamp: string; summary: Promise<RunSummary>; until: number }>()
  const large = createLimit({ atOnce: LARGE_AT_ONCE })
  const summarized = async (folder: string, hasNotes: boolean) => {
    const file = await readRunFile(folder)
    const notes = hasNotes ? await readNotes(folder).catch(() => noNotes) : noNotes // they must not keep a run from the list
    return { ...summaryOf(file, storedState({ file, owner: null })), ...notes }
  }
  return {
    async read(folder) {
      const { run, notes } = runFolderFiles(folder)
      const [stats, noted] = await Promise.all([run, notes].map(statsOf))
      const stamp = stats ? [stats, noted].map((one) => one && `${one.ino} ${one.mtimeMs} ${one.size}`).join() : ''
      const before = known.get(folder)
      if (before?.stamp === stamp && performance.now() < before.until) return before.summary
      const isLarge = !!stats && stats.size > LARGE_BYTES
      const read = () => summarized(folder, !!noted)
      const summary = isLarge ? large(read) : read()
      const entry = { stamp, summary, until: Infinity }
      if (stats) known.set(folder, entry)
      summary.catch(() => (entry.until = performance.now() + REFUSED_MILLISECONDS))
      return summary
    },
    keepOnly(folders) {
      const kept = new Set(folders)
      for (const folder of known.keys()) if (!kept.has(folder)) known.delete(folder)
    }
  }
}

/** Null where there are none. By callback: most runs have no notes, and thousands of rejected promises take longer than the looks themselves. */
const statsOf = (path: string): Promise<Stats | null> =>
  new Promise((resolve) => stat(path, (error, stats) => resolve(error ? null : stats)))
