// Sees what other windows and commands do in the runs folder and announces it as if it had happened here.
import type { EpochEnded } from '@shared/contract'
import type { LabListener } from '@shared/rpc'
import type { RunSummary } from '@shared/run'
import type { Library } from './library'
import { readDigits } from './digits-file'

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
    const runs = await library.list().catch((error: unknown) => {
      known ??= new Map() // views had no list either: all runs are news when the folder is there again
      throw error
    })
    const before = known
    known = new Map(before ?? [])
    for (const { summary } of runs) {
      const { id } = summary
      if (isOwn(id) || announcedMeanwhile.has(id)) continue
      known.set(id, summary)
      if (before && JSON.stringify(before.get(id)) !== JSON.stringify(summary)) await announceChange(summary, before)
    }
    const present = new Set(runs.map(({ summary }) => summary.id))
    for (const id of before?.keys() ?? []) {
      if (present.has(id) || isOwn(id) || announcedMeanwhile.has(id)) continue
      known.delete(id)
      emit('runRemoved', id)
    }
  }

  async function announceChange(summary: RunSummary, before: Map<string, RunSummary>): Promise<void> {
    const { id, epochsDone } = summary
    const epochs = await newEpochs(id, before.get(id)?.epochsDone ?? epochsDone, epochsDone).catch(() => []) // a view that misses one reads the run anew
    for (const epoch of epochs) emit('epochEnded', epoch)
    emit('runChanged', summary)
  }

  /** Epochs that came after `before`, as their process announced them. */
  async function newEpochs(id: string, before: number, now: number): Promise<EpochEnded[]> {
    if (now <= before) return []
    const { folder, file } = await library.find(id)
    const { pixels, epochs } = await readDigits(folder, file, before + 1, now)
    const size = pixels.length / epochs
    return Array.from({ length: epochs }, (_, index) => {
      const at = (name: 'trainLoss' | 'valLoss' | 'valMse') =>
        file.models.map((model) => model.history[name][before + index] ?? NaN)
      return {
        id,
        epoch: before + index + 1,
        trainLoss: at('trainLoss'),
        valLoss: at('valLoss'),
        valMse: at('valMse'),
        digits: pixels.slice(index * size, (index + 1) * size),
        seconds: file.epochSeconds?.[before + index] ?? null
      }
    })
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
