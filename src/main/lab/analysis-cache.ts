// Analyses that were computed, kept in the run folder; what is stale, damaged or can't be written is computed anew.
import { lstat, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import * as v from 'valibot'
import { AnalysisSchema, type Analysis, type WantedAnalysis } from '@shared/analysis'
import type { RunFile } from '@shared/run'
import { atomicWrite } from '../system/atomic-write'
import { makeFolder, makeInnerFolder } from '../system/make-folder'
import { parseJson } from '../system/parse-json'
import { readRegularFile } from '../system/regular-file'
import { sha256 } from '../system/sha256'
import { lossesOf } from './run-file'

/** In a run folder, and in the application's cache. */
export const ANALYSIS_FOLDER = 'analysis'
/** Of what is computed: a change of any figure's meaning changes it, and all is computed anew. */
const VERSION = 3
const MOST_BYTES = 16 * 2 ** 20 // 128 models take 6 MB
/** Analyses of each kind, layouts of each model, that a folder keeps, the newest. */
const MOST_KEPT = 8

const EntrySchema = v.object({ format: v.literal(VERSION), of: v.string(), sha256: v.string(), analysis: v.unknown() })

export interface AnalysisCache {
  /** The analysis of that epoch as the run has it, or null where there is none. */
  read(folder: string, file: RunFile, wanted: WantedAnalysis): Promise<Analysis | null>
  /** Keeps it in the run folder; where that can't be written or is gone, in the application's cache. */
  write(folder: string, file: RunFile, wanted: WantedAnalysis, analysis: Analysis): Promise<void>
}

export function createAnalysisCache(cacheFolder: string): AnalysisCache {
  const places = (folder: string, of: string, wanted: WantedAnalysis) => [
    {
      folder: join(folder, ANALYSIS_FOLDER),
      name: `${subjectOf(wanted)}-${String(wanted.epoch).padStart(4, '0')}.json`,
      make: makeInnerFolder // a run that was deleted meanwhile would be in the way of its undo
    },
    {
      folder: join(cacheFolder, ANALYSIS_FOLDER),
      name: `${subjectOf(wanted)}-${of.slice(0, 32)}.json`,
      make: makeFolder
    }
  ]
  return {
    async read(folder, file, wanted) {
      const of = digestOf(file, wanted)
      for (const place of places(folder, of, wanted)) {
        const found = await readEntry(join(place.folder, place.name), of)
        if (found?.kind === wanted.kind) return found
      }
      return null
    },
    async write(folder, file, wanted, analysis) {
      const of = digestOf(file, wanted)
      const entry = JSON.stringify({ format: VERSION, of, sha256: sha256(JSON.stringify(analysis)), analysis })
      for (const place of places(folder, of, wanted)) {
        try {
          await place.make(place.folder)
          await atomicWrite(join(place.folder, place.name), entry)
          await removeOldest(place.folder, subjectOf(wanted))
          return
        } catch {
          continue // it can be computed again
        }
      }
    }
  }
}

/** A layout is of one model, the others of all. */
const subjectOf = (wanted: WantedAnalysis) => (wanted.kind === 'umap' ? `umap-${wanted.model}` : wanted.kind)

/** Keeps the newest of a subject. */
async function removeOldest(folder: string, subject: string): Promise<void> {
  const isOfSubject = new RegExp(`^${subject}(-[0-9a-f]+)?\\.json$`)
  const names = (await readdir(folder)).filter((name) => isOfSubject.test(name))
  if (names.length <= MOST_KEPT) return
  const written = await Promise.all(
    names.map(async (name) => ({ name, at: (await lstat(join(folder, name))).mtimeMs }))
  )
  const oldest = written.sort((a, b) => b.at - a.at).slice(MOST_KEPT)
  for (const { name } of oldest) await rm(join(folder, name), { force: true })
}

async function readEntry(path: string, of: string): Promise<Analysis | null> {
  try {
    const content = parseJson((await readRegularFile(path, MOST_BYTES, { what: 'The analysis' })).toString())
    const entry = v.parse(EntrySchema, content)
    if (entry.of !== of || entry.sha256 !== sha256(JSON.stringify(entry.analysis))) return null
    return v.parse(AnalysisSchema, entry.analysis)
  } catch {
    return null
  }
}

/** What an analysis is of: the experiment, its data, the epochs trained until then and the losses that they came to, and its subject. */
function digestOf(file: RunFile, wanted: WantedAnalysis): string {
  const { name: _, preset: __, ...recipe } = file.experiment
  const losses = lossesOf(file).slice(0, wanted.epoch)
  return sha256(JSON.stringify([VERSION, recipe, file.dataset.sha256, losses, subjectOf(wanted), wanted.epoch]))
}
