// The training of one run, from top to bottom: load, epochs, quality. Pause and stop are obeyed between two batches.
// The engine never waits for what an epoch's end needs of this thread and of the disk: it trains the next epoch meanwhile.
import type { FoundDevice } from '@shared/contract'
import { LabError } from '@shared/errors'
import { lossOf, modelsOf, trainImages, type Experiment } from '@shared/experiment'
import type { ModelConfig } from '@shared/model'
import { probeIndices, type Dataset } from '../data/dataset'
import { boundsOf } from '../data/bounds'
import { createCollector } from '../system/collector'
import { batchGroups, stepsOf } from './batch-groups'
import { readCheckpoint, writeCheckpoint, type Checkpoint } from './checkpoint'
import type { Control } from './control'
import type { EngineSession, Images, ModelState, SessionConfig } from './engines/engine'
import { evaluate, measureQuality, reconstruct, type Evaluation, type Quality } from './evaluate'
import { createGroupTraining, type GroupTraining } from './group-training'
import { initialState } from './initial-state'
import type { EpochLosses, TrainerEvent, TrainJob } from './messages'
import { createPace, type Pace } from './pace'

const PROGRESS_MILLISECONDS = 250
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
  const owner = { experiment, models, datasetSha256: dataset.info.sha256 }
  const resumed = job.continues ? await readCheckpoint(job.checkpoint, owner) : null
  const probes = probeIndices(dataset.test.labels)
  const groups: GroupTraining[] = []
  const collect = createCollector()
  let saving = Promise.resolve(resumed)

  async function saveEpoch(
    { epoch, trainLoss, end }: TrainedEpoch,
    before: Checkpoint | null
  ): Promise<Checkpoint | null> {
    const { valLoss, valMse, states, digits, seconds } = await end
    checkFinite(valLoss, models)
    if (!(await control.isRecorded(epoch - 1))) return before
    const history = [...(before?.history ?? []), { trainLoss, valLoss, valMse }]
    const checkpoint = { states, history, seconds: (resumed?.seconds ?? 0) + seconds }
    await writeCheckpoint(job.checkpoint, checkpoint, owner)
    send(epochEnded(checkpoint, digits))
    if (epoch % EPOCHS_A_COLLECTION === 0) collect()
    return checkpoint
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
    send({ type: 'started', ...facts, ...progressOf(resumed), device: tools.device })
    if (resumed) send(epochEnded(resumed, await digitsOf(groups, dataset.test, probes)))

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
    const status = checkpoint?.history.length === epochs ? 'finished' : 'stopped'
    if (status === 'finished') send({ type: 'finishing' })
    const quality = checkpoint ? await qualityOf(groups, checkpoint, dataset) : null
    return { type: 'ended', status, quality, pcaMse: await tools.pcaMse(), seconds: checkpoint?.seconds ?? 0 }
  } finally {
    await saving.catch(() => undefined) // nothing is written or sent after the end
    // What failed before is what the user has to hear.
    await Promise.all(groups.splice(0).map(({ session }) => session.close().catch(() => undefined)))
    collect()
  }
}

interface EpochTools {
  experiment: Experiment
  groups: GroupTraining[]
  /** What each group last answered at an epoch's end. */
  ends: Map<GroupTraining, Promise<GroupEnd>>
  test: Images
  probes: readonly number[]
  control: Control
  pace: Pace
  /** Training time of this process's epochs until now, pauses left out. */
  seconds(): number
  send(event: TrainerEvent): void
}

/** An epoch whose steps are done. What the engine still has to do for its `end` stands in line before any later step. */
interface TrainedEpoch {
  epoch: number
  /** Mean of each model over the epoch, or over its own last one. */
  trainLoss: number[]
  end: Promise<EpochEnd>
}

/** What a group's session answers about its weights. `digits`: of each model [probes × size] uint8. */
interface GroupEnd extends Evaluation {
  states: ModelState[]
  digits: Uint8Array[]
}

/** What the engine answers about the weights after an epoch. */
interface EpochEnd extends Evaluation {
  states: ModelState[]
  /** The probes' reconstructions, [models × probes × size] uint8. */
  digits: Uint8Array
  /** When all of it was answered. */
  seconds: number
}

/** Trains one epoch, the batch groups alternately; answers with null if it was stopped on the way. */
async function trainEpoch(epoch: number, lastTrainLoss: number[], tools: EpochTools): Promise<TrainedEpoch | null> {
  const { experiment, groups, control, pace, seconds, send } = tools
  const active = groups.filter(({ group }) => group.epochs >= epoch)
  const stepsPerEpoch = sum(active.map(({ group }) => stepsOf(group, trainImages(experiment))))
  const trainLoss = () =>
    perModel(groups, (training) =>
      active.includes(training)
        ? training.trainLoss()
        : training.group.indices.map((model) => lastTrainLoss[model] ?? NaN)
    )
  let lastSent = -Infinity

  /** Whether the next group should go on, so that all groups' curves grow together. */
  const afterCall = (training: GroupTraining, images: number): boolean => {
    pace.trained(images, seconds())
    checkFinite(training.trainLoss(), training.group.models)
    if (performance.now() - lastSent >= PROGRESS_MILLISECONDS) {
      lastSent = performance.now()
      const step = sum(active.map((one) => one.steps()))
      const times = { secondsPerEpoch: pace.secondsPerEpoch(), secondsLeft: pace.secondsLeft() }
      send({ type: 'progress', epoch, step, stepsPerEpoch, partialTrainLoss: trainLoss(), ...times })
    }
    return active.length > 1
  }

  active.forEach((training) => training.begin(epoch))
  while (active.some((training) => !training.isDone())) {
    for (const training of active.filter((one) => !one.isDone())) {
      if (!(await control.mayGoOn())) return null
      await training.train(control, ({ images }) => afterCall(training, images))
    }
  }
  const end = endEpoch(tools, active)
  end.catch(() => undefined) // answered to whoever saves the epoch
  return { epoch, trainLoss: trainLoss(), end }
}

/**
 * Asks for all that is kept of an epoch, before the next epoch's steps are asked for. Groups that are not `active` have not changed:
 * what they last answered is taken.
 */
async function endEpoch(tools: EpochTools, active: readonly GroupTraining[]): Promise<EpochEnd> {
  const { groups, ends, pace, seconds } = tools
  const answered = await Promise.all(
    groups.map((training) => {
      const last = ends.get(training)
      if (last && !active.includes(training)) return last
      const fresh = endOfGroup(training, tools)
      ends.set(training, fresh)
      return fresh
    })
  )
  const now = seconds()
  pace.evaluated(now)
  const of = <Name extends keyof GroupEnd>(name: Name) =>
    perModel(groups, (_, index) => (answered[index]?.[name] ?? []) as GroupEnd[Name][number][])
  return {
    valLoss: of('valLoss'),
    valMse: of('valMse'),
    states: of('states'),
    digits: Buffer.concat(of('digits')),
    seconds: now
  }
}

/** The calls are made at once, so that no later one comes between them. */
async function endOfGroup({ session }: GroupTraining, { experiment, test, probes }: EpochTools): Promise<GroupEnd> {
  const answers = [
    evaluate(session, test, lossOf(experiment)),
    session.save(),
    reconstruct(session, test, probes)
  ] as const
  const [evaluation, states, digits] = await Promise.all(answers)
  return { ...evaluation, states, digits }
}

/** What each group says of its models, in the order of the run's models. */
function perModel<Value>(
  groups: GroupTraining[],
  values: (training: GroupTraining, index: number) => Value[]
): Value[] {
  const all: Value[] = []
  groups.forEach((training, index) => {
    const own = values(training, index)
    training.group.indices.forEach((model, rank) => (all[model] = own[rank] as Value))
  })
  return all
}

async function digitsOf(groups: GroupTraining[], test: Images, probes: readonly number[]): Promise<Uint8Array> {
  const drawn = await Promise.all(groups.map(({ session }) => reconstruct(session, test, probes)))
  return Buffer.concat(perModel(groups, (_, index) => drawn[index] ?? []))
}

/** Quality with the weights of the last complete epoch, also when steps were taken after it. */
async function qualityOf(groups: GroupTraining[], { states }: Checkpoint, { info, test }: Dataset): Promise<Quality> {
  const qualities: Quality[] = []
  for (const { session, group } of groups) {
    await session.load(group.indices.map((index) => states[index] as ModelState))
    qualities.push(await measureQuality(session, test, info.rows))
  }
  const of = (name: keyof Quality) => perModel(groups, (_, index) => qualities[index]?.[name] ?? [])
  return { bce: of('bce'), psnr: of('psnr'), ssim: of('ssim') }
}

function epochEnded({ history, seconds }: Checkpoint, digits: Uint8Array): TrainerEvent {
  return { type: 'epochEnded', epoch: history.length, digits, seconds, ...(history[history.length - 1] as EpochLosses) }
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

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0)

/** Throws LabError `diverged` naming the first model whose loss became NaN or infinite. */
function checkFinite(losses: number[], models: ModelConfig[]): void {
  const index = losses.findIndex((loss) => !Number.isFinite(loss))
  const model = models[index]
  if (!model) return
  throw new LabError('diverged', `Training diverged: the loss of ${model.label} became NaN or infinite`, {
    found: `loss ${losses[index]} at learning rate ${model.learningRate}`,
    expected: 'a finite loss',
    remedy: 'Choose a smaller learning rate'
  })
}
