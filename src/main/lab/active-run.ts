// A run that waits or trains: steers its trainer, writes down what it reports, and ends it.
import { LabError, sentence, toLabErrorData, type LabErrorData } from '@shared/errors'
import type { LabListener } from '@shared/rpc'
import { areAllTrained, epochsDone, type RunFile, type RunState, type StepProgress } from '@shared/run'
import type { Log } from '../system/log'
import { forwardClock } from '../system/forward-clock'
import { digitsDigest } from '../trainer/kept-digits'
import type { TrainerEvent, TrainJob } from '../trainer/messages'
import type { DeviceList } from './device-list'
import type { Claim } from './claim'
import {
  lossesOf,
  summaryOf,
  withDevice,
  withDigits,
  withEnd,
  withEpoch,
  withFailure,
  withLostDevice,
  withName,
  withPartsOf,
  withoutQuality,
  withStart,
  withWeights,
  type Outcome
} from './run-file'
import { writeDigits } from './digits-file'
import { createRecording } from './recording'
import { findCheckpoint, writeRunFile } from './run-folder'
import { closing, type SupervisedTraining, type Supervisor, type TrainingEnded } from './supervisor'

export interface ActiveRun {
  readonly folder: string
  readonly file: RunFile
  /** What run.json holds: the last epochs of `file` may still wait to be written, and their digits with them. */
  readonly recorded: RunFile
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

/** Takes a run whose folder this process has claimed; the claim is given up at its end. */
export function createActiveRun(
  claim: Claim,
  initial: RunFile,
  { emit, log, devices, onEnd }: RunListeners
): ActiveRun {
  const { id } = initial
  const { folder } = claim
  let file = initial
  let phase: Phase = 'queued'
  let progress: StepProgress | null = null
  let training: SupervisedTraining | null = null
  /** What the user has asked for last: it holds for the next trainer too, where one fails. */
  let wantsPause = false
  let lastAnnounced = epochsDone(initial)
  const failed: string[] = []
  /** What the run has come to, once it is known and only its quality is still to be measured. */
  let outcome: Outcome | null = null
  const now = forwardClock(initial.endedAt ?? initial.createdAt)
  /** What was only measured has ended when it was trained. */
  const endedAt = () => (epochsDone(file) === epochsDone(initial) && initial.endedAt) || now()
  /** Nothing is written of a run that had finished before its quality is there: until then it stays what it was. */
  let isOnlyMeasured = false
  let hasLostWeights = false
  /** As it lies on the disk: `file` is ahead of it by what waits to be written. */
  let recorded = initial
  const recording = createRecording(claim, () => training?.stop())

  const stateNow = (): RunState => (phase === 'ended' ? file.status : phase === 'abandoned' ? 'stopping' : phase)

  const isUnderWay = () => phase === 'preparing' || phase === 'running' || phase === 'paused'

  function enter(next: Phase): void {
    const before = stateNow()
    if (phase === 'ended') return
    phase = next
    if (stateNow() === before) return
    emit('runChanged', summaryOf(file, stateNow()))
    const state = stateNow()
    recording.add(() => claim.write(state).catch(notTold))
  }

  /** Other processes then see an older state: no reason to end a training. */
  function notTold(error: unknown): void {
    log.warn(`What run ${id} is doing could not be told to other processes: ${String(error)}`)
  }

  /** Once: a disk that is full is so for the next epochs, too. */
  function tellLostWeights(epoch: number, problem: string): void {
    if (hasLostWeights) return
    hasLostWeights = true
    log.warn(`Run ${id} goes on without the weights of epoch ${epoch}. ${problem}`)
  }

  async function save(next: RunFile): Promise<void> {
    await writeRunFile(folder, next)
    recorded = next
  }

  function hear(event: TrainerEvent): void {
    switch (event.type) {
      case 'started':
        outcome = null
        file = withStart(file, event)
        isOnlyMeasured = initial.status === 'finished' && areAllTrained(file)
        if (isOnlyMeasured) file = withPartsOf(initial, file)
        if (event.lost) log.warn(`Run ${id} goes on from the checkpoint before its last. ${sentence(event.lost)}`)
        log.info(`Run ${id} trains on ${event.device.title}, ${event.history.length} epochs are complete`)
        saveAsItStands()
        if (phase === 'preparing') enter('running')
        return
      case 'progress': {
        const { epoch, step, stepsPerEpoch, partialTrainLoss, secondsPerEpoch, secondsLeft } = event
        progress = { id, epoch, step, stepsPerEpoch, partialTrainLoss, secondsPerEpoch, secondsLeft }
        if (phase === 'preparing') enter('running') // resumed before it had started
        emit('stepProgress', progress)
        return
      }
      case 'digits': {
        const { epoch, step, digits } = event
        emit('digitsArrived', { id, epoch, step, digits })
        return
      }
      case 'epochEnded': {
        const { epoch, trainLoss, valLoss, valMse, digits, weights, seconds } = event
        if (isOnlyMeasured) return
        file = withEpoch(file, epoch, event, seconds)
        const { models, epochSeconds } = file
        recording.add(async () => {
          await writeDigits(folder, epoch, digits)
          file = withWeights(withDigits(file, epoch, digitsDigest(digits)), epoch, weights) // not before they lie there: a view may be reading
          if (weights?.problem) tellLostWeights(epoch, weights.problem)
          await save({ ...file, models, seconds, epochSeconds }) // it may have got another name or a further epoch meanwhile
          training?.recorded(epoch)
          if (epoch > lastAnnounced) emit('epochEnded', { id, epoch, trainLoss, valLoss, valMse, digits, seconds })
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
        outcome = event.status
        if (outcome === 'stopped') return
        recording.add(async () => {
          if (phase !== 'abandoned') enter('finishing') // announced after the last epoch
        })
        return
      default:
        return
    }
  }

  /** Once all that came before is written: writes the end down as well as the disk allows, then announces it. */
  async function end(last: () => RunFile): Promise<void> {
    recording.add() // last look at the claim
    await recording.settled()
    recording.close()
    file = await savedEnd(recording.error === null ? last() : unrecorded(toLabErrorData(recording.error)))
    await claim.release().catch((error: unknown) => log.error(`Run ${id} could not be released`, error))
    phase = 'ended'
    progress = null
    if (file.error) log.error(`Run ${id} ${file.status}: ${LabError.from(file.error).message}`)
    else log.info(`Run ${id} ${file.status} after ${file.seconds.toFixed(1)} s of training`)
    onEnd(run)
    emit('runChanged', summaryOf(file, stateNow()))
  }

  /** What is left of a run that could not be written down: where all its epochs lie on the disk, its quality alone is missing. */
  function unrecorded(error: LabErrorData): RunFile {
    return areAllTrained(recorded)
      ? withoutQuality(recorded, 'finished', error, endedAt())
      : withFailure(file, error, now())
  }

  /** Writes the end down, twice if need be. What the disk does not have must not pass for finished. */
  async function savedEnd(end: RunFile): Promise<RunFile> {
    const write = async () => {
      await claim.check()
      await save(end)
    }
    try {
      await write().catch(write)
      return end
    } catch (error) {
      log.error(`The end of run ${id} could not be saved`, error)
      return end.status === 'failed' ? end : withFailure(end, toLabErrorData(error), now())
    }
  }

  function saveAsItStands(): void {
    if (!isOnlyMeasured) recording.add(() => save(file))
  }

  async function trained(supervisor: Supervisor, job: TrainJob): Promise<TrainingEnded> {
    const refused = await devices.refusal(job.device)
    if (refused) throw LabError.from(refused)
    await recording.settled()
    if (recording.error !== null) throw recording.error // there was no training yet that it could have stopped
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
        return () => withEnd(file, result, endedAt())
      } catch (thrown) {
        training = null // nobody is left who would obey
        const error = toLabErrorData(thrown)
        await recording.settled()
        try {
          const next = await leaveDevice(current.device, error)
          if (!next) return () => withoutTrainer(error)
          current = { ...current, ...next }
        } catch (why) {
          return () => withoutTrainer(toLabErrorData(why))
        }
      }
    }
  }

  /** What is left of a run whose last trainer has gone. What was trained counts, whether or not its quality could be measured. */
  function withoutTrainer(error: LabErrorData): RunFile {
    const reached = areAllTrained(file) ? 'finished' : outcome
    if (phase === 'abandoned') return asStopped(file, reached ?? 'stopped')
    if (!reached) return withFailure(file, error, now())
    log.warn(`The quality of run ${id} could not be measured: ${LabError.from(error).message}`)
    return withoutQuality(file, reached, error, endedAt())
  }

  /** A run that was not started again stays what it was: stopped, or failed with its reason. */
  function asStopped(file: RunFile, status: Outcome): RunFile {
    return file.status === 'running' ? { ...file, status, endedAt: endedAt() } : file
  }

  /** Writes down that the device has failed and where the run goes on, after its last complete epoch; null where it does not. Throws LabError where its checkpoint is missing. */
  async function leaveDevice(
    device: string,
    error: LabErrorData
  ): Promise<Pick<TrainJob, 'device' | 'continues' | 'recorded'> | null> {
    failed.push(device)
    const mayGoOn = () => phase !== 'abandoned' && phase !== 'stopping' && recording.error === null
    const next = mayGoOn() ? await devices.next({ failed, error }) : null
    if (!next || !mayGoOn()) return null
    const continues = await findCheckpoint(folder, epochsDone(file))
    log.warn(`Run ${id} continues on ${next.device}: ${LabError.from(error).message}`)
    file = withDevice(withLostDevice(file, error), next)
    progress = null
    saveAsItStands()
    enter(wantsPause ? 'paused' : 'preparing')
    emit('runChanged', summaryOf(file, stateNow()))
    return { device: next.device, continues, recorded: lossesOf(file) }
  }

  void claim.lost.then(() => recording.add())

  const run: ActiveRun = {
    folder,
    get file() {
      return file
    },
    get recorded() {
      return recorded
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
      if (phase === 'queued') await end(() => asStopped(file, 'stopped'))
      else enter('abandoned')
    },
    async rename(name) {
      let renamed = false
      recording.add(async () => {
        renamed = true
        file = withName(file, name)
        await save(withName(recorded, name))
        emit('runChanged', summaryOf(file, stateNow()))
      })
      await recording.settled()
      return renamed
    }
  }
  return run
}
