// A run that waits or trains: steers its trainer, writes down what it reports, and ends it.
import { LabError, toLabErrorData, type LabErrorData } from '@shared/errors'
import type { LabListener } from '@shared/rpc'
import { epochsDone, type RunFile, type RunState, type StepProgress } from '@shared/run'
import type { Log } from '../system/log'
import { exists } from '../system/exists'
import type { TrainerEvent, TrainJob } from '../trainer/messages'
import type { DeviceList } from './device-list'
import { releaseRun, writeOwnedState } from './owner'
import { summaryOf, withEnd, withEpoch, withFailure, withLostDevice, withDevice, withName, withStart } from './run-file'
import { runFolderFiles, writeDigits, writeRunFile } from './run-folder'
import { closing, type SupervisedTraining, type Supervisor, type TrainingEnded } from './supervisor'

export interface ActiveRun {
  readonly folder: string
  readonly file: RunFile
  readonly state: RunState
  readonly progress: StepProgress | null
  /** Announces that the run waits. */
  queued(): void
  /** Trains to the end, whatever it is, on the next best device where one fails; never rejects. Resolves when run.json says so. */
  train(supervisor: Supervisor, job: TrainJob): Promise<void>
  pause(): void
  resume(): void
  stop(): void
  /** Ends a run that waits, or one whose trainer will be killed: it counts as stopped. */
  abandon(): Promise<void>
  /** Answers with false, and does nothing, if the run has ended meanwhile. */
  rename(name: string): Promise<boolean>
}

export interface RunListeners {
  emit: LabListener
  log: Log
  /** Whether the run's device can still be used when it leaves the queue, and where to go on after a failure. */
  devices: Pick<DeviceList, 'refusal' | 'next'>
  /** Called once, when the run is no longer active, before listeners hear of its end. */
  onEnd(run: ActiveRun): void
}

/**
 * From the queue to the end. `stopping` and `abandoned` lead to nothing but the end: a run is abandoned where its trainer will be killed,
 * and counts as stopped then. From `finishing` a run gets back only where its device fails.
 */
type Phase = 'queued' | 'preparing' | 'running' | 'paused' | 'stopping' | 'finishing' | 'abandoned' | 'ended'

/** Takes a run whose folder this process owns. */
export function createActiveRun(
  folder: string,
  initial: RunFile,
  { emit, log, devices, onEnd }: RunListeners
): ActiveRun {
  const { id } = initial
  let file = initial
  let phase: Phase = 'queued'
  let progress: StepProgress | null = null
  let training: SupervisedTraining | null = null
  /** What the user has asked for last: it holds for the next trainer too, where one fails. */
  let wantsPause = false
  let lastAnnounced = epochsDone(initial)
  const failed: string[] = []
  let recording = Promise.resolve()
  let recordingError: unknown = null

  const stateNow = (): RunState => (phase === 'ended' ? file.status : phase === 'abandoned' ? 'stopping' : phase)

  const isUnderWay = () => phase === 'preparing' || phase === 'running' || phase === 'paused'

  function enter(next: Phase): void {
    const before = stateNow()
    if (phase === 'ended') return
    phase = next
    if (stateNow() === before) return
    emit('runChanged', summaryOf(file, stateNow()))
    const state = stateNow()
    record(() => writeOwnedState(folder, state))
  }

  /** Writes in the order of events, nothing after the end. The first failure, a full disk say, ends the training. */
  function record(write: () => Promise<void>): void {
    recording = recording
      .then(() => (phase === 'ended' || recordingError !== null ? undefined : write()))
      .catch((error: unknown) => {
        recordingError = error
        training?.stop()
      })
  }

  function hear(event: TrainerEvent): void {
    switch (event.type) {
      case 'started':
        file = withStart(file, event)
        log.info(`Run ${id} trains on ${event.device.title}, ${event.history.length} epochs are complete`)
        record(() => writeRunFile(folder, file))
        if (phase === 'preparing') enter('running')
        return
      case 'progress': {
        const { epoch, step, stepsPerEpoch, partialTrainLoss, secondsPerEpoch, secondsLeft } = event
        progress = { id, epoch, step, stepsPerEpoch, partialTrainLoss, secondsPerEpoch, secondsLeft }
        if (phase === 'preparing') enter('running') // resumed before it had started
        emit('stepProgress', progress)
        return
      }
      case 'epochEnded': {
        const { epoch, trainLoss, valLoss, valMse, digits, seconds } = event
        file = withEpoch(file, epoch, event, seconds)
        const { models } = file
        record(async () => {
          const recorded = { ...file, models, seconds } // it may have got another name or a further epoch meanwhile
          await writeDigits(folder, epoch, digits)
          await writeRunFile(folder, recorded)
          training?.recorded(epoch)
          if (epoch > lastAnnounced) emit('epochEnded', { id, epoch, trainLoss, valLoss, valMse, digits })
          lastAnnounced = Math.max(lastAnnounced, epoch)
          emit('runChanged', summaryOf(recorded, stateNow()))
        })
        return
      }
      case 'paused':
        if (isUnderWay()) enter('paused')
        return
      case 'resumed':
        if (isUnderWay()) enter(progress ? 'running' : 'preparing')
        return
      case 'finishing':
        record(async () => {
          if (phase !== 'abandoned') enter('finishing') // announced after the last epoch
        })
        return
      default:
        return
    }
  }

  /** Once all that came before is written: writes the end down as well as the disk allows, then announces it. */
  function end(last: () => RunFile): Promise<void> {
    recording = recording.then(async () => {
      file = recordingError === null ? last() : withFailure(file, toLabErrorData(recordingError))
      await writeRunFile(folder, file).catch((error: unknown) =>
        log.error(`The end of run ${id} could not be saved`, error)
      )
      await releaseRun(folder).catch((error: unknown) => log.error(`Run ${id} could not be released`, error))
      phase = 'ended'
      progress = null
      if (file.error) log.error(`Run ${id} failed: ${LabError.from(file.error).message}`)
      else log.info(`Run ${id} ${file.status} after ${file.seconds.toFixed(1)} s of training`)
      onEnd(run)
      emit('runChanged', summaryOf(file, stateNow()))
    })
    return recording
  }

  async function trained(supervisor: Supervisor, job: TrainJob): Promise<TrainingEnded> {
    const refused = await devices.refusal(job.device)
    if (refused) throw LabError.from(refused)
    await recording
    if (recordingError !== null) throw recordingError // there was no training yet that it could have stopped
    if (phase === 'abandoned') throw closing()
    training = supervisor.train(job, hear)
    if (wantsPause) training.pause()
    if (phase === 'stopping') training.stop()
    return training.ended
  }

  /** Trains on one device after another; answers with what the last of them makes of the file. */
  async function trainSomewhere(supervisor: Supervisor, job: TrainJob): Promise<() => RunFile> {
    for (let current = job; ;) {
      try {
        const result = await trained(supervisor, current)
        return () => withEnd(file, result)
      } catch (thrown) {
        training = null // nobody is left who would obey
        const error = toLabErrorData(thrown)
        await recording
        const next = await leaveDevice(error)
        if (!next) return () => (phase === 'abandoned' ? asStopped(file) : withFailure(file, error))
        current = { ...current, ...next }
      }
    }
  }

  /** Writes down that the device has failed and where the run goes on, after its last complete epoch; null where it does not. */
  async function leaveDevice(error: LabErrorData): Promise<Pick<TrainJob, 'device' | 'continues'> | null> {
    failed.push(file.device)
    const mayGoOn = () => phase !== 'abandoned' && phase !== 'stopping' && recordingError === null
    const next = mayGoOn() ? await devices.next({ failed, error }) : null
    const continues = await exists(runFolderFiles(folder).checkpoint)
    if (!next || !mayGoOn()) return null
    log.warn(`Run ${id} continues on ${next.device}: ${LabError.from(error).message}`)
    file = withDevice(withLostDevice(file, error), next)
    progress = null
    record(() => writeRunFile(folder, file))
    enter(wantsPause ? 'paused' : 'preparing')
    emit('runChanged', summaryOf(file, stateNow()))
    return { device: next.device, continues }
  }

  const run: ActiveRun = {
    folder,
    get file() {
      return file
    },
    get state() {
      return stateNow()
    },
    get progress() {
      return progress
    },
    queued: () => emit('runChanged', summaryOf(file, stateNow())),
    async train(supervisor, job) {
      enter('preparing')
      await end(await trainSomewhere(supervisor, job))
    },
    pause() {
      if (!isUnderWay()) return
      wantsPause = true
      if (training) training.pause()
      else enter('paused')
    },
    resume() {
      if (!isUnderWay()) return
      wantsPause = false
      if (training) training.resume()
      else enter('preparing')
    },
    stop() {
      if (phase === 'finishing' || phase === 'abandoned') return // there is nothing left to stop
      enter('stopping')
      training?.stop()
    },
    async abandon() {
      if (phase === 'queued') await end(() => asStopped(file))
      else enter('abandoned')
    },
    async rename(name) {
      let renamed = false
      record(async () => {
        renamed = true
        file = withName(file, name)
        await writeRunFile(folder, file)
        emit('runChanged', summaryOf(file, stateNow()))
      })
      await recording
      return renamed
    }
  }
  return run
}

/** A run that was not started again stays what it was: stopped, or failed with its reason. */
function asStopped(file: RunFile): RunFile {
  return file.status === 'running' ? { ...file, status: 'stopped', endedAt: new Date().toISOString() } : file
}
