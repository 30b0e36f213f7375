// The runs that this process trains: one at a time, the others wait. From the claim of a run folder to the end of the run.
import { rm, rmdir } from 'node:fs/promises'
import { LabError } from '@shared/errors'
import { epochsDone, isUnmeasured, type RunFile } from '@shared/run'
import { createActiveRun, type ActiveRun, type RunListeners } from './active-run'
import type { Claim } from './claim'
import { claimRun } from './owner'
import type { ChosenDevice } from './device-list'
import { createQueue } from './queue'
import { lossesOf, withDevice } from './run-file'
import { findCheckpoint, readRunFile, runFolderFiles, sweepTemporaryFiles, writeRunFile } from './run-folder'
import { closing, type Supervisor } from './supervisor'

export interface Trainings {
  /** Takes a folder that was just made and claimed, and queues the run. Throws LabError `busy` (also where 100 runs wait or train already), `not-writable` or `disk-full` and removes a folder that was made for it. */
  start(claim: Claim, file: RunFile): Promise<void>
  /** Queues a run that is not finished, or not measured, to go on on `device` after its last complete epoch. Throws LabError `bad-value`, `busy`, `not-found`. */
  continueRun(folder: string, file: RunFile, device: ChosenDevice): Promise<void>
  get(id: string): ActiveRun | undefined
  /** The run that the trainer works on. */
  atWork(): ActiveRun | undefined
  all(): ActiveRun[]
  stop(id: string): Promise<void>
  /** Resolves when the run has ended and what follows an end is done; undefined if it isn't active. */
  whenEnded(id: string): Promise<RunFile> | undefined
  /** Stops the run at work, takes the others out of the queue, waits for all of it. No run is taken any more. */
  close(): Promise<void>
}

export interface TrainingsOptions {
  supervisor: Supervisor
  /** Folder of a data set's files. */
  dataFolder(dataset: string): string
  cacheFolder: string
  /** How many threads a run may take that begins now; undefined: all. */
  threads(): number | undefined
  listeners: Omit<RunListeners, 'onEnd'>
  /** What follows the end of a run; must not reject. */
  afterEnd(run: ActiveRun): Promise<void>
}

const MOST_ACTIVE = 100 // the run at work and those that wait; each keeps a claim of its folder
const STOP_MILLISECONDS = 10_000 // measuring the quality of a stopped run takes seconds; an end of the application must not

export function createTrainings(options: TrainingsOptions): Trainings {
  const { supervisor, dataFolder, cacheFolder, threads, listeners, afterEnd } = options
  const { log } = listeners
  const queue = createQueue()
  const active = new Map<string, ActiveRun>()
  const endings = new Map<string, Promise<RunFile>>()
  let closed = false

  function enqueue(claim: Claim, file: RunFile, device: string, continues: boolean): void {
    if (closed) throw closing()
    if (active.size >= MOST_ACTIVE) throw tooManyRuns()
    const { id, experiment } = file
    const { checkpoint, weights: folder } = runFolderFiles(claim.folder)
    const { every = 0 } = file.weights ?? {}
    const isEnded = file.status === 'finished' // nothing of it is written anew
    const weights = every > 0 && !isEnded ? { weights: { folder, every } } : {}
    const data = { dataFolder: dataFolder(experiment.dataset), cacheFolder }
    const recorded = lossesOf(file)
    const job = { id, experiment, device, ...data, checkpoint, ...weights, claim: claim.proof, continues, recorded }
    const ended = new Promise<RunFile>((resolve) => {
      const onEnd = (run: ActiveRun) => {
        active.delete(id)
        void afterEnd(run).then(() => {
          endings.delete(id)
          resolve(run.file)
        })
      }
      const run = createActiveRun(claim, file, { ...listeners, onEnd })
      active.set(id, run)
      run.queued()
      queue.add(id, () => {
        const most = threads()
        return run.train(supervisor, { ...job, ...(most !== undefined && { threads: most }) })
      })
    })
    endings.set(id, ended)
  }

  /** What it can't remove must not hide why nothing began. */
  async function giveUp(claim: Claim): Promise<void> {
    await claim.release().catch((error: unknown) => {
      log.warn(`${claim.folder} could not be released: ${String(error)}`)
    })
  }

  /** Leaves a folder that the user had made as it was. */
  async function undo(claim: Claim): Promise<void> {
    const { folder, madeFolder } = claim
    const remove = () => rm(runFolderFiles(folder).run, { force: true })
    await claim
      .check()
      .then(remove)
      .catch(() => undefined)
    await giveUp(claim)
    if (madeFolder) await rmdir(folder).catch((error: unknown) => log.warn(`${folder} stays: ${String(error)}`))
  }

  async function stop(id: string): Promise<void> {
    const run = active.get(id)
    if (!run) throw notActive()
    if (queue.remove(id)) await run.abandon()
    else run.stop()
  }

  return {
    async start(claim, file) {
      try {
        await writeRunFile(claim.folder, file)
        enqueue(claim, file, file.device, false)
      } catch (error) {
        await undo(claim)
        throw error
      }
    },
    async continueRun(folder, seen, device) {
      await findCheckpoint(folder, epochsDone(seen))
      const claim = await claimRun(folder, 'queued') // also takes away what a kill has left of the last one, of a finished run say
      try {
        await sweepTemporaryFiles(folder)
        const now = { ...(await readRunFile(folder)), id: seen.id } // another process may have trained it since it was seen
        const file = withDevice(now, device)
        checkUnended(file)
        const continues = await findCheckpoint(folder, epochsDone(file))
        enqueue(claim, file, device.device, continues)
      } catch (error) {
        await giveUp(claim)
        throw error
      }
    },
    get: (id) => active.get(id),
    atWork: () => [...active.values()].find((run) => run.state !== 'queued'),
    all: () => [...active.values()],
    stop,
    whenEnded: (id) => endings.get(id),
    async close() {
      closed = true
      const waiting = [...endings.values()]
      for (const id of queue.ids().reverse()) if (active.has(id)) await stop(id)
      const timeout = setTimeout(() => {
        for (const run of active.values()) void run.abandon()
        void supervisor.close()
      }, STOP_MILLISECONDS)
      await Promise.all(waiting)
      clearTimeout(timeout)
    }
  }
}

/** Throws LabError `bad-value` if nothing of the run is left to do. */
function checkUnended(file: RunFile): void {
  if (file.status === 'finished' && !isUnmeasured(file)) {
    throw new LabError('bad-value', 'The run has finished, there is nothing to continue', {
      expected: 'a run that was stopped, failed or interrupted, or whose quality has not been measured yet'
    })
  }
}

function tooManyRuns(): LabError {
  return new LabError('busy', 'No further run can wait', {
    found: `${MOST_ACTIVE} runs that wait or train`,
    remedy: 'Stop one that waits, or start this one when some have ended'
  })
}

/** For calls that steer a run which no trainer of this process has. */
export function notActive(): LabError {
  return new LabError('busy', 'The run is not being trained here', { expected: 'a run that waits or trains' })
}
