// Analyses that were computed, kept in the run folder; what is stale, damaged or can't be written is computed anew.
import { createHash } from 'node:crypto'
import { join } from 'node:path'
import * as v from 'valibot'
import { AnalysisSchema, type Analysis, type AnalysisRequest } from '@shared/analysis'
import { epochsDone, type RunFile } from '@shared/run'
import { atomicWrite } from '../system/atomic-write'
import { makeFolder } from '../system/make-folder'
import { parseJson } from '../system/parse-json'
import { readRegularFile } from '../system/regular-file'
import { lossesOf } from './run-file'

/** Of what is computed: a change of any figure's meaning changes it, and all is computed anew. */
const VERSION = 1
const MOST_BYTES = 16 * 2 ** 20 // 128 models take 6 MB

const EntrySchema = v.object({ format: v.literal(VERSION), of: v.string(), sha256: v.string(), analysis: v.unknown() })

export interface AnalysisCache {
  /** The analysis of the run as it stands, or null where there is none. */
  read(folder: string, file: RunFile, request: AnalysisRequest): Promise<Analysis | null>
  /** Keeps it in the run folder; where that can't be written, in the application's cache. */
  write(folder: string, file: RunFile, request: AnalysisRequest, analysis: Analysis): Promise<void>
}

export function createAnalysisCache(cacheFolder: string): AnalysisCache {
  const places = (folder: string, of: string, request: AnalysisRequest) => [
    { folder: join(folder, 'analysis'), name: `${nameOf(request)}.json` },
    { folder: join(cacheFolder, 'analysis'), name: `${of.slice(0, 32)}.json` }
  ]
  return {
    async read(folder, file, request) {
      const of = digestOf(file, request)
      for (const place of places(folder, of, request)) {
        const found = await readEntry(join(place.folder, place.name), of)
        if (found?.kind === request.kind) return found
      }
      return null
    },
    async write(folder, file, request, analysis) {
      const of = digestOf(file, request)
      const entry = JSON.stringify({ format: VERSION, of, sha256: sha256(JSON.stringify(analysis)), analysis })
      for (const place of places(folder, of, request)) {
        try {
          await makeFolder(place.folder)
          await atomicWrite(join(place.folder, place.name), entry)
          return
        } catch {
          continue // it can be computed again
        }
      }
    }
  }
}

/** A layout has a file for each model. */
const nameOf = (request: AnalysisRequest) =>
  request.kind === 'umap' ? `${request.kind}-${request.model}` : request.kind

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

/** What an analysis is of: the experiment, its data, the epochs trained and the losses that they came to, and what was asked for. */
function digestOf(file: RunFile, request: AnalysisRequest): string {
  const { kind, epoch } = request
  const asked = request.kind === 'umap' ? [kind, epoch, request.model] : [kind, epoch]
  const { name: _, preset: __, ...recipe } = file.experiment
  return sha256(JSON.stringify([VERSION, recipe, file.dataset.sha256, epochsDone(file), lossesOf(file), ...asked]))
}

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')
