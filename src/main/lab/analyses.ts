// Analyses of runs: one is computed at a time, the others wait in the order in which they were asked for.
import { isDeepStrictEqual } from 'node:util'
import { analysisNames, type Analysis, type AnalysisRequest, type WantedAnalysis } from '@shared/analysis'
import { hasWeights, weightsNotKept } from '@shared/epoch-weights'
import { LabError } from '@shared/errors'
import type { LabListener } from '@shared/rpc'
import { epochsDone, type RunFile } from '@shared/run'
import type { AnalysisJob } from '../analysis/messages'
import type { Log } from '../system/log'
import type { AnalysisCache } from './analysis-cache'
import { startJob, type RunningJob } from './analysis-job'
import type { SpawnAnalysis } from './child-process'
import { lossesOf } from './run-file'
import { runFolderFiles } from './run-folder'
import type { StoredRun } from './stored-run'

type AnalysedRun = Pick<StoredRun, 'folder' | 'file'>

export interface Analyses {
  /** What was computed before; null where it would have to be computed. */
  stored(run: AnalysedRun, request: AnalysisRequest): Promise<Analysis | null>
  /**
   * Computes it where it is not stored, after those that were asked for before; null where it was cancelled. Throws LabError `not-found`
   * before the first epoch and for an epoch whose weights are not kept, `bad-value` for one that is not complete, `busy` while many wait.
   */
  analyse(run: AnalysedRun, request: AnalysisRequest): Promise<Analysis | null>
  /** Ends that analysis of this run, or all of them; `epoch` null: of any. */
  cancel(id: string, request: AnalysisRequest | null): void
  /** Ends those of a run; resolves when nothing reads or writes its folder for one any more. */
  release(id: string): Promise<void>
  /** A training begins: what was asked for while nothing trained is given up. */
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

/** An analysis that is computed or waits. */
interface Asked {
  id: string
  wanted: WantedAnalysis
  /** Asked for while something trained, which it does not give way to. */
  beside: boolean
  /** Settles when what was computed is kept, or its process has ended. */
  answer: Promise<Analysis | null>
  start(): void
  end(): void
}

const MOST_ASKED = 16

export function createAnalyses(options: AnalysesOptions): Analyses {
  const { spawn, cache, dataFolder, emit, isTraining, log } = options
  /** The first is computed. */
  let queue: Asked[] = []
  let lookedUp: Promise<unknown> = Promise.resolve()

  /** What is stored, looked up one at a time: reading files takes unequal times, and the order of asking is kept. */
  function lookUp({ folder, file }: AnalysedRun, wanted: WantedAnalysis): Promise<Analysis | null> {
    const found = lookedUp.then(() => cache.read(folder, file, wanted))
    lookedUp = found.catch(() => null)
    return found
  }

  function ask({ folder, file }: AnalysedRun, wanted: WantedAnalysis): Asked {
    const { id } = file
    const onProgress = (share: number, step: string) => emit('analysisProgress', { id, ...wanted, share, step })
    let running: RunningJob | null = null
    let settle: (answer: Promise<Analysis | null> | null) => void = () => undefined
    const computed = new Promise<Analysis | null>((resolve) => (settle = resolve))
    const answer = computed.then(async (analysis) => {
      if (analysis) await cache.write(folder, file, wanted, analysis)
      return analysis
    })
    const start = () => {
      const job = jobOf({ folder, file }, wanted, dataFolder(file.experiment.dataset))
      try {
        running = startJob(spawn, job, onProgress, log)
        settle(running.answer)
      } catch (error) {
        settle(Promise.reject(error as Error))
      }
    }
    const end = () => {
      running?.end()
      settle(null)
    }
    return { id, wanted, beside: isTraining(), answer, start, end }
  }

  function add(asked: Asked): void {
    queue.push(asked)
    if (queue.length === 1) asked.start()
    else tellWaiting()
    const gone = () => leave(asked)
    const tellStored = (analysis: Analysis | null) => {
      if (analysis) emit('analysisProgress', { id: asked.id, ...asked.wanted, share: 1, step: 'stored' })
    }
    asked.answer.then(tellStored).then(gone, gone)
  }

  function leave(asked: Asked): void {
    const wasFirst = queue[0] === asked
    queue = queue.filter((one) => one !== asked)
    if (wasFirst) queue[0]?.start()
    tellWaiting()
  }

  function tellWaiting(): void {
    for (const [before, { id, wanted }] of queue.entries()) {
      if (before > 0) emit('analysisProgress', { id, ...wanted, share: null, step: waitingText(queue, before) })
    }
  }

  const endAll = (which: (asked: Asked) => boolean) => {
    for (const asked of queue.filter(which).reverse()) asked.end()
  }

  return {
    stored: ({ folder, file }, request) =>
      cache.read(folder, file, { ...request, epoch: request.epoch ?? epochsDone(file) }),
    async analyse(run, request) {
      const { file } = run
      const wanted: WantedAnalysis = { ...request, epoch: analysableEpoch(file, request) }
      const stored = await lookUp(run, wanted)
      if (stored) return stored
      const known = queue.find((one) => one.id === file.id && isDeepStrictEqual(one.wanted, wanted))
      if (known) return known.answer
      if (queue.length >= MOST_ASKED) {
        throw new LabError('busy', `${queue.length} analyses wait already`, {
          remedy: 'Cancel one, or wait until one is done'
        })
      }
      const asked = ask(run, wanted)
      add(asked)
      return asked.answer
    },
    cancel(id, request) {
      const isMeant = (wanted: WantedAnalysis) =>
        !request || isDeepStrictEqual(wanted, { ...request, epoch: request.epoch ?? wanted.epoch })
      endAll((one) => one.id === id && isMeant(one.wanted))
    },
    async release(id) {
      const own = queue.filter((one) => one.id === id)
      endAll((one) => own.includes(one))
      await Promise.allSettled(own.map(({ answer }) => answer))
    },
    giveWay() {
      if (isTraining()) endAll(({ beside }) => !beside)
    },
    close: () => endAll(() => true)
  }
}

/** The epoch that is asked for, by its number. Throws LabError where it can't be analysed. */
function analysableEpoch(file: RunFile, { epoch }: AnalysisRequest): number {
  const last = epochsDone(file)
  if (last === 0) throw new LabError('not-found', 'The run has no complete epoch yet to analyse')
  if (epoch === null) return last
  if (epoch > last) {
    throw new LabError('bad-value', 'The run has not come to this epoch', {
      found: `${epoch}`,
      expected: `0 to ${last}`
    })
  }
  if (!hasWeights(file, epoch)) throw weightsNotKept(epoch)
  return epoch
}

function jobOf({ folder, file }: AnalysedRun, wanted: WantedAnalysis, dataFolder: string): AnalysisJob {
  const { checkpoint, weights } = runFolderFiles(folder)
  const sha256 = file.weights?.sha256[wanted.epoch - 1] ?? null
  return {
    ...wanted,
    experiment: file.experiment,
    checkpoint,
    recorded: lossesOf(file),
    weights: { folder: weights, sha256 },
    dataFolder
  }
}

/** What goes before the one at this place. */
function waitingText(queue: readonly Asked[], place: number): string {
  const [first] = queue as [Asked]
  const ofOther = first.id === queue[place]?.id ? '' : ' of another run'
  const more = place > 1 ? ` and ${place - 1} more` : ''
  return `waits for ${analysisNames[first.wanted.kind]} of epoch ${first.wanted.epoch}${ofOther}${more}`
}
