// Sees what other windows and commands do in the runs folder and announces it as if it had happened here.
import type { EpochEnded } from '@shared/contract'
import type { LabListener } from '@shared/rpc'
import type { RunSummary } from '@shared/run'
import { storedState, type Library, type StoredRun } from './library'
import { summaryOf } from './run-file'
import { readDigits } from './run-folder'

export interface FolderWatch {
  /** Notes what this process announced itself, so that it isn't announced twice. */
  note: LabListener
  /** Looks now. */
  look(): Promise<void>
  start(): void
  stop(): void
}

const LOOK_MILLISECONDS = 2_000 // folders are polled: no platform's file events are worth trusting with run state

/** Watches the library; runs for which `isOwn` is true are left alone. */
export function createFolderWatch(library: Library, isOwn: (id: string) => boolean, emit: LabListener): FolderWatch {
  let known: Map<string, RunSummary> | null = null
  let announcedMeanwhile = new Set<string>()
  let looking: Promise<void> | null = null
  let timer: NodeJS.Timeout | null = null

  async function lookOnce(): Promise<void> {
    announcedMeanwhile = new Set()
    const runs = await library.list()
    const before = known
    known = new Map(before ?? [])
    for (const run of runs) {
      const { id } = run.file
      if (isOwn(id) || announcedMeanwhile.has(id)) continue
      const summary = summaryOf(run.file, storedState(run))
      known.set(id, summary)
      if (before && JSON.stringify(before.get(id)) !== JSON.stringify(summary))
        await announceChange(run, summary, before)
    }
    const present = new Set(runs.map((run) => run.file.id))
    for (const id of before?.keys() ?? []) {
      if (present.has(id) || isOwn(id) || announcedMeanwhile.has(id)) continue
      known.delete(id)
      emit('runRemoved', id)
    }
  }

  async function announceChange(run: StoredRun, summary: RunSummary, before: Map<string, RunSummary>): Promise<void> {
    const epochsBefore = before.get(summary.id)?.epochsDone ?? summary.epochsDone
    const epochs = await newEpochs(run, epochsBefore, summary.epochsDone).catch(() => []) // a view that misses one reads the run anew
    for (const epoch of epochs) emit('epochEnded', epoch)
    emit('runChanged', summary)
  }

  const look = () =>
    (looking ??= lookOnce().finally(() => {
      looking = null
    }))

  return {
    note(event, payload) {
      if (event === 'runChanged') {
        const run = payload as RunSummary
        announcedMeanwhile.add(run.id)
        known?.set(run.id, run)
      }
      if (event === 'runRemoved') {
        announcedMeanwhile.add(payload as string)
        known?.delete(payload as string)
      }
    },
    look,
    start() {
      void look().catch(() => undefined)
      timer ??= setInterval(() => void look().catch(() => undefined), LOOK_MILLISECONDS).unref()
    },
    stop() {
      if (timer) clearInterval(timer)
      timer = null
    }
  }
}

/** Epochs that came after `before`, as their process announced them. */
async function newEpochs({ folder, file }: StoredRun, before: number, now: number): Promise<EpochEnded[]> {
  if (now <= before) return []
  const { pixels, epochs } = await readDigits(folder, file, before + 1, now)
  const size = pixels.length / epochs
  return Array.from({ length: epochs }, (_, index) => {
    const at = (name: 'trainLoss' | 'valLoss' | 'valMse') =>
      file.models.map((model) => model.history[name][before + index] ?? NaN)
    return {
      id: file.id,
      epoch: before + index + 1,
      trainLoss: at('trainLoss'),
      valLoss: at('valLoss'),
      valMse: at('valMse'),
      digits: pixels.slice(index * size, (index + 1) * size)
    }
  })
}
