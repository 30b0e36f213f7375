// The runs that this process trains: one at a time, the others wait. From the claim of a run folder to the end of the run.
import { rm } from 'node:fs/promises'
import { LabError } from '@shared/errors'
import { epochsDone, type RunFile } from '@shared/run'
import { exists } from '../system/exists'
import { createActiveRun, type ActiveRun, type RunListeners } from './active-run'
import { claimRun, releaseRun } from './owner'
import type { ChosenDevice } from './device-list'
import { createQueue } from './queue'
import { withDevice } from './run-file'
import { readRunFile, runFolderFiles, sweepTemporaryFiles, writeRunFile } from './run-folder'
import { closing, type Supervisor } from './supervisor'

export interface Trainings {
  /** Takes a folder that was just made and queues the run. Throws LabError `busy`, `not-writable` or `disk-full` and removes the folder then. */
  start(folder: string, file: RunFile): Promise<void>
  /** Queues a run that is not finished, to go on on `device` after its last complete epoch. Throws LabError `bad-value`, `busy`, `not-found`. */
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

const STOP_MILLISECONDS = 10_000 // measuring the quality of a stopped run takes seconds; an end of the application must not

export function createTrainings(options: TrainingsOptions): Trainings {
  const { supervisor, dataFolder, cacheFolder, threads, listeners, afterEnd } = options
  const queue = createQueue()
  const active = new Map<string, ActiveRun>()
  const endings = new Map<string, Promise<RunFile>>()
  let closed = false

  function enqueue(folder: string, file: RunFile, continues: boolean): void {
    if (closed) throw closing()
    const { id, experiment, device } = file
    const { checkpoint } = runFolderFiles(folder)
    const data = { dataFolder: dataFolder(experiment.dataset), cacheFolder }
    const job = { id, experiment, device, ...data, checkpoint, continues }
    const ended = new Promise<RunFile>((resolve) => {
      const onEnd = (run: ActiveRun) => {
        active.delete(id)
        void afterEnd(run).then(() => {
          endings.delete(id)
          resolve(run.file)
        })
      }
      const run = createActiveRun(folder, file, { ...listeners, onEnd })
      active.set(id, run)
      run.queued()
      queue.add(id, () => {
        const most = threads()
        return run.train(supervisor, { ...job, ...(most !== undefined && { threads: most }) })
      })
    })
    endings.set(id, ended)
  }

  async function stop(id: string): Promise<void> {
    const run = active.get(id)
    if (!run) throw notActive()
    if (queue.remove(id)) await run.abandon()
    else run.stop()
  }

  return {
    async start(folder, file) {
      try {
        await claimRun(folder, 'queued')
        await writeRunFile(folder, file)
        enqueue(folder, file, false)
      } catch (error) {
        await rm(folder, { recursive: true, force: true })
        throw error
      }
    },
    async continueRun(folder, seen, device) {
      await findCheckpoint(folder, seen)
      await claimRun(folder, 'queued')
      try {
        const now = { ...(await readRunFile(folder)), id: seen.id } // another process may have trained it since it was seen
        const file = withDevice(now, device)
        const hasCheckpoint = await findCheckpoint(folder, file)
        await sweepTemporaryFiles(folder)
        enqueue(folder, file, hasCheckpoint)
      } catch (error) {
        await releaseRun(folder)
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

/** Whether there is a checkpoint to go on from. Throws LabError `bad-value` or `not-found` if the run can't be continued. */
async function findCheckpoint(folder: string, file: RunFile): Promise<boolean> {
  if (file.status === 'finished') {
    throw new LabError('bad-value', 'The run has finished, there is nothing to continue', {
      expected: 'a run that was stopped, failed or interrupted'
    })
  }
  const isThere = await exists(runFolderFiles(folder).checkpoint)
  if (!isThere && epochsDone(file) > 0) {
    throw new LabError('not-found', `The checkpoint of the run is missing in ${folder}`, {
      remedy: 'Start the experiment anew'
    })
  }
  return isThere
}

/** For calls that steer a run which no trainer of this process has. */
export function notActive(): LabError {
  return new LabError('busy', 'The run is not being trained here', { expected: 'a run that waits or trains' })
}
