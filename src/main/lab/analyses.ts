// Analyses of runs: one at a time, each in a process of its own, which is ended where nobody wants it any more.
import { isDeepStrictEqual } from 'node:util'
import type { Analysis, AnalysisRequest } from '@shared/analysis'
import { LabError } from '@shared/errors'
import type { LabListener } from '@shared/rpc'
import { epochsDone } from '@shared/run'
import type { Log } from '../system/log'
import type { AnalysisCache } from './analysis-cache'
import { lossesOf } from './run-file'
import { runFolderFiles } from './run-folder'
import type { StoredRun } from './stored-run'
import type { SpawnAnalysis } from './child-process'

type AnalysedRun = Pick<StoredRun, 'folder' | 'file'>

export interface Analyses {
  /** What was computed before; null where it would have to be computed. */
  stored(run: AnalysedRun, request: AnalysisRequest): Promise<Analysis | null>
  /** Computes it where it is not stored; null where it was cancelled. Throws LabError `not-found` before the first epoch, `busy` while another is computed. */
  analyse(run: AnalysedRun, request: AnalysisRequest): Promise<Analysis | null>
  /** Ends the analysis of this run, if there is one. */
  cancel(id: string): void
  /** A training begins: what began while nothing trained is given up. */
  giveWay(): void
  close(): void
}

export interface AnalysesOptions {
  /** Absent where there is no entry to start. */
  spawn: SpawnAnalysis | undefined
  cache: AnalysisCache
  dataFolder(dataset: string): string
  emit: LabListener
  isTraining(): boolean
  log: Log
}

interface UnderWay {
  id: string
  request: AnalysisRequest
  beside: boolean
  answer: Promise<Analysis | null>
  end(): void
}

export function createAnalyses(options: AnalysesOptions): Analyses {
  const { spawn, cache, dataFolder, emit, isTraining, log } = options
  let underWay: UnderWay | null = null

  function start({ folder, file }: AnalysedRun, request: AnalysisRequest): UnderWay {
    if (!spawn) throw new LabError('not-supported', 'Nothing can be analysed here')
    const { id, experiment } = file
    const process = spawn()
    let cancelled = false
    const answer = new Promise<Analysis | null>((resolve, reject) => {
      process.onEvent((event) => {
        if (event.type === 'progress')
          emit('analysisProgress', { id, kind: request.kind, share: event.share, step: event.step })
        else if (event.type === 'failed') reject(LabError.from(event.error))
        else resolve(event.analysis)
      })
      process.onExit(({ stderr, lastWords }) => {
        if (cancelled) return resolve(null)
        if (stderr) log.warn(`An analysis has ended; what it wrote last:\n${stderr}`)
        reject(new LabError('internal', 'The analysis has ended before it was done', { found: lastWords ?? stderr }))
      })
    })
    const { checkpoint } = runFolderFiles(folder)
    const job = {
      request,
      experiment,
      checkpoint,
      recorded: lossesOf(file),
      dataFolder: dataFolder(experiment.dataset)
    }
    process.send({ type: 'analyse', job })
    const end = () => {
      cancelled = true
      process.kill()
    }
    return { id, request, beside: isTraining(), answer, end }
  }

  return {
    stored: ({ folder, file }, request) => cache.read(folder, file, request),
    async analyse(run, request) {
      const { folder, file } = run
      if (epochsDone(file) === 0) throw new LabError('not-found', 'The run has no complete epoch yet to analyse')
      const stored = await cache.read(folder, file, request)
      if (stored) return stored
      if (underWay) {
        if (underWay.id === file.id && isDeepStrictEqual(underWay.request, request)) return underWay.answer
        throw new LabError('busy', 'Another analysis is under way', { remedy: 'Cancel it, or wait until it is done' })
      }
      const own = (underWay = start(run, request))
      try {
        const analysis = await own.answer
        // a run that trains on has another epoch by now
        if (analysis?.epoch === epochsDone(file)) await cache.write(folder, file, request, analysis)
        return analysis
      } finally {
        own.end()
        if (underWay === own) underWay = null
      }
    },
    cancel(id) {
      if (underWay?.id === id) underWay.end()
    },
    giveWay() {
      if (underWay && !underWay.beside && isTraining()) underWay.end()
    },
    close() {
      underWay?.end()
    }
  }
}
