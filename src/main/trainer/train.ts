// The training of one run, from top to bottom: load, epochs, quality. Pause and stop are obeyed between two batches.
// The engine never waits for what an epoch's end needs of this thread and of the disk: it trains the next epoch meanwhile.
import type { FoundDevice } from '@shared/contract'
import { lossOf, modelsOf, trainImages, type Experiment } from '@shared/experiment'
import type { ModelConfig } from '@shared/model'
import { probeIndices, type Dataset } from '../data/dataset'
import { boundsOf } from '../data/bounds'
import { checkClaim } from '../system/claim-file'
import { createCollector } from '../system/collector'
import { batchGroups } from './batch-groups'
import { writeCheckpoint, type Checkpoint } from './checkpoint'
import type { Control } from './control'
import type { EngineSession, SessionConfig } from './engines/engine'
import { checkFinite, checkFiniteStates, digitsOf, trainEpoch, type GroupEnd, type TrainedEpoch } from './epoch'
import { measureQuality, type Quality } from './evaluate'
import { createGroupTraining, type GroupTraining } from './group-training'
import { initialState } from './initial-state'
import { removePrevious, resumeCheckpoint } from './last-checkpoint'
import type { EpochLosses, TrainerEvent, TrainJob, WrittenWeights } from './messages'
import { createPace } from './pace'
import { qualityOf, statesOf } from './run-quality'
import { createWeightsKeeper } from './weights-keeper'

/** An epoch leaves its states and the checkpoint's bytes behind; to collect them takes as long as some steps. */
const EPOCHS_A_COLLECTION = 8

/** What a training works with. */
export interface TrainingTools {
  dataset: Dataset
  /** Opens a session of the engine; closed here. */
  open(config: SessionConfig): Promise<EngineSession>
  control: Control
  send(event: TrainerEvent): void
  /** Test MSE of PCA for each series; null where it could not be had. */
  pcaMse(): Promise<number[] | null>
  device: FoundDevice
  threads: number
}

/** Trains `job` to its end or until it is stopped; answers with the event to send when all is closed. Throws a LabError if it fails. */
export async function train(job: TrainJob, tools: TrainingTools): Promise<TrainerEvent> {
  const { experiment } = job
  const { dataset, control, send } = tools
  const models = modelsOf(experiment, dataset.test.size)
  const owner = { experiment, models, datasetSha256: dataset.info.sha256, recorded: job.recorded }
  const { checkpoint: resumed, lost } = job.continues
    ? await resumeCheckpoint(job.checkpoint, owner)
    : { checkpoint: null, lost: null }
  const weights = createWeightsKeeper(job, models)
  const probes = probeIndices(dataset.test.labels)
  const groups: GroupTraining[] = []
  const collect = createCollector()
  let saving = Promise.resolve<Checkpoint | null>(resumed)

  async function saveEpoch(
    { epoch, trainLoss, end }: TrainedEpoch,
    before: Checkpoint | null
  ): Promise<Checkpoint | null> {
    const { valLoss, valMse, states, digits, seconds } = await end
    checkFinite(valLoss, models)
    checkFiniteStates(states, models)
    if (!(await control.isRecorded(epoch - 1))) return before
    const history = [...(before?.history ?? []), { trainLoss, valLoss, valMse }]
    const checkpoint = { states, history, seconds: (resumed?.seconds ?? 0) + seconds }
    if (job.claim) await checkClaim(job.claim)
    await writeCheckpoint(job.checkpoint, checkpoint, owner)
    send(epochEnded(checkpoint, digits, await weights.keep(epoch, states)))
    if (epoch % EPOCHS_A_COLLECTION === 0) collect()
    return checkpoint
  }

  /** Digits and weights of the last epoch may not have been stored: both come again, the same. */
  async function sendResumed(checkpoint: Checkpoint): Promise<void> {
    const digits = await digitsOf(groups, dataset.test, probes)
    send(epochEnded(checkpoint, digits, await weights.keep(checkpoint.history.length, checkpoint.states)))
  }

  try {
    for (const group of batchGroups(models)) {
      const { train: images } = dataset
      const config = { models: group.models, train: images, device: job.device, threads: tools.threads }
      const session = await tools.open(config)
      groups.push(createGroupTraining(group, session, trainImages(experiment)))
      await session.load(
        group.indices.map((index) => resumed?.states[index] ?? initialState(models[index] as ModelConfig))
      )
    }
    const facts = { dataset: dataset.info, bounds: boundsOf(dataset, trainImages(experiment), lossOf(experiment)) }
    send({ type: 'started', ...facts, ...progressOf(resumed), device: tools.device, lost })
    if (resumed) await sendResumed(resumed)

    const firstEpoch = (resumed?.history.length ?? 0) + 1
    const pace = createPace(imagesByEpoch(groups, experiment), firstEpoch)
    const seconds = secondsFromNow(control)
    const ends = new Map<GroupTraining, Promise<GroupEnd>>()
    const epochTools = { experiment, groups, ends, test: dataset.test, probes, control, pace, seconds, send }
    const epochs = Math.max(...models.map((model) => model.epochs))
    let lastTrainLoss = resumed?.history[resumed.history.length - 1]?.trainLoss ?? []
    for (let epoch = firstEpoch; epoch <= epochs; epoch++) {
      const trained = await trainEpoch(epoch, lastTrainLoss, epochTools)
      const before = await saving // no more than one epoch waits to be saved
      if (!trained) break // stopped: what was trained of this epoch is given up
      saving = saveEpoch(trained, before)
      saving.catch(() => control.stop()) // what is trained after an epoch that can't be saved is in vain
      lastTrainLoss = trained.trainLoss
    }

    const checkpoint = await saving
    if (checkpoint) await removePrevious(job.checkpoint, { ...owner, recorded: checkpoint.history })
    const status = checkpoint?.history.length === epochs ? 'finished' : 'stopped'
    send({ type: 'finishing', status })
    const quality = checkpoint ? await lastQuality(groups, checkpoint, dataset) : null
    return { type: 'ended', status, quality, pcaMse: await tools.pcaMse(), seconds: checkpoint?.seconds ?? 0 }
  } finally {
    await saving.catch(() => undefined) // nothing is written or sent after the end
    // What failed before is what the user has to hear.
    await Promise.all(groups.splice(0).map(({ session }) => session.close().catch(() => undefined)))
    collect()
  }
}

/** Quality with the weights of the last complete epoch, also when steps were taken after it. */
function lastQuality(groups: GroupTraining[], checkpoint: Checkpoint, { info, test }: Dataset): Promise<Quality> {
  return qualityOf(groups, async ({ session, group }) => {
    await session.load(statesOf(group, checkpoint))
    return measureQuality(session, test, info.rows)
  })
}

function epochEnded(
  { history, seconds }: Checkpoint,
  digits: Uint8Array,
  weights: WrittenWeights | null
): TrainerEvent {
  const losses = history[history.length - 1] as EpochLosses
  return { type: 'epochEnded', epoch: history.length, digits, weights, seconds, ...losses }
}

/** A clock that starts now. */
function secondsFromNow(control: Control): () => number {
  const began = control.seconds()
  return () => control.seconds() - began
}

/** Images that each epoch trains, those of every active group. */
function imagesByEpoch(groups: GroupTraining[], experiment: Experiment): number[] {
  const epochs = Math.max(...groups.map(({ group }) => group.epochs))
  const activeIn = (epoch: number) => groups.filter(({ group }) => group.epochs >= epoch).length
  return Array.from({ length: epochs }, (_, index) => activeIn(index + 1) * trainImages(experiment))
}

function progressOf(checkpoint: Checkpoint | null) {
  return { history: checkpoint?.history ?? [], seconds: checkpoint?.seconds ?? 0 }
}
