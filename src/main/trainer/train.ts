// The training of one run, from top to bottom: load, epochs, quality. Pause and stop are obeyed between calls of the engine.
// The engine never waits for what an epoch's end needs of this thread and of the disk: it trains the next epoch meanwhile.
import type { FoundDevice } from '@shared/contract'
import { LabError } from '@shared/errors'
import type { Experiment } from '@shared/experiment'
import { shuffle } from '@shared/random'
import { meanDigit, meanDigitBce, perfectCopyBce } from '../data/baselines'
import { probeIndices, type Dataset } from '../data/dataset'
import { readCheckpoint, writeCheckpoint, type Checkpoint } from './checkpoint'
import { createCollector } from '../system/collector'
import type { Control } from './control'
import type { Evaluation, ModelSpec, ModelState, Training, TrainingJob } from './engine'
import { initialState } from './initialize'
import type { EpochLosses, TrainerEvent, TrainJob } from './messages'
import { bytesOf, toldTurns } from './memory-budget'
import { modelSpecs } from './model-specs'
import { createPace, type Pace } from './pace'
import { createRunningMean } from './running-mean'

const PROGRESS_MILLISECONDS = 250
/** Calls of the engine under way at once: while one group is late, by another program say, the others need not wait for it. */
export const CALLS_UNDER_WAY = 2

/** What a training works with. */
export interface TrainingTools {
  dataset: Dataset
  /** Opens the engine's training; closed here. */
  open(job: TrainingJob): Promise<Training>
  control: Control
  send(event: TrainerEvent): void
  /** Test MSE of PCA for each latent dimension; null where it could not be had. */
  pcaMse(): Promise<number[] | null>
  device: FoundDevice
  threads: number
}

/** Trains `job` to its end or until it is stopped; answers with the event to send when all is closed. Throws a LabError if it fails. */
export async function train(job: TrainJob, tools: TrainingTools): Promise<TrainerEvent> {
  const { experiment } = job
  const { dataset, control, send } = tools
  const models = modelSpecs(experiment)
  const owner = { experiment, datasetSha256: dataset.info.sha256 }
  const begun = job.continues ? await readCheckpoint(job.checkpoint, owner) : null
  const training = await tools.open(trainingJob(job, models, tools))
  const collect = createCollector()
  let keeping = Promise.resolve(begun)

  async function keep({ epoch, trainLoss, end }: TrainedEpoch, before: Checkpoint | null): Promise<Checkpoint | null> {
    const { evaluation, states, digits, seconds } = await end
    const { bce: valLoss, mse: valMse } = evaluation
    checkFinite(valLoss, models, experiment)
    if (!(await control.isRecorded(epoch - 1))) return before
    const history = [...(before?.history ?? []), { trainLoss, valLoss, valMse }]
    const kept = { states, history, seconds: (begun?.seconds ?? 0) + seconds }
    await writeCheckpoint(job.checkpoint, kept, owner)
    send(epochEnded(kept, digits))
    collect('major') // an epoch leaves its states and the file's bytes behind
    return kept
  }

  try {
    await training.load(begun?.states ?? models.map((model) => initialState(model, experiment.seed)))
    const { device } = tools
    const turns = toldTurns(training, job.memoryBudget)
    send({ type: 'started', ...facts(dataset, experiment), ...progressOf(begun), device, turns })
    if (begun) send(epochEnded(begun, await training.reconstruct(probeIndices(dataset.test.labels))))

    const pace = createPace(experiment.trainLimit, experiment.epochs)
    const seconds = secondsFromNow(control)
    for (let epoch = (begun?.history.length ?? 0) + 1; epoch <= experiment.epochs; epoch++) {
      const trained = await trainEpoch(epoch, training, { experiment, models, dataset, control, pace, seconds, send })
      const before = await keeping // no more than one epoch waits to be kept
      if (!trained) break // stopped: what was trained of this epoch is given up
      keeping = keep(trained, before)
      keeping.catch(() => control.stop()) // what is trained after an epoch that can't be kept is in vain
    }

    const kept = await keeping
    const status = kept?.history.length === experiment.epochs ? 'finished' : 'stopped'
    if (status === 'finished') send({ type: 'finishing' })
    const quality = kept ? await qualityOf(training, kept) : null
    return { type: 'ended', status, quality, pcaMse: await tools.pcaMse(), seconds: kept?.seconds ?? 0 }
  } finally {
    await keeping.catch(() => undefined) // nothing is written or told after the end
    await training.close().catch(() => undefined) // what failed before is what the user has to hear
  }
}

interface EpochTools {
  experiment: Experiment
  models: ModelSpec[]
  dataset: Dataset
  control: Control
  pace: Pace
  /** Training time of this process's epochs so far, pauses left out. */
  seconds(): number
  send(event: TrainerEvent): void
}

/** An epoch whose steps are done. What the engine still has to do for its `end` stands in line before any later step. */
interface TrainedEpoch {
  epoch: number
  /** Mean of each model over the epoch. */
  trainLoss: number[]
  end: Promise<EpochEnd>
}

/** What the engine tells of the weights after an epoch. */
interface EpochEnd {
  evaluation: Evaluation
  states: ModelState[]
  /** The probes' reconstructions, [models × 20 × 784] uint8. */
  digits: Uint8Array
  /** When all of it was told. */
  seconds: number
}

/** Trains one epoch; answers with null if it was stopped on the way. */
async function trainEpoch(epoch: number, training: Training, tools: EpochTools): Promise<TrainedEpoch | null> {
  const { experiment, models, control, pace, seconds, send } = tools
  const order = shuffle(experiment.seed, epoch, experiment.trainLimit)
  const mean = createRunningMean(models.length, experiment.batchSize)
  const underWay: { images: number; losses: Promise<Float32Array> }[] = []
  let end: Promise<EpochEnd> | null = null
  let asked = 0
  let trained = 0
  let lastSent = -Infinity
  try {
    while (trained < order.length) {
      if (!(await control.mayGoOn())) return null
      while (asked < order.length && underWay.length < CALLS_UNDER_WAY) {
        const part = order.subarray(asked, asked + training.stepsPerCall * experiment.batchSize)
        underWay.push({ images: part.length, losses: training.steps(part) })
        asked += part.length
        if (asked === order.length) end = endEpoch(training, tools)
      }
      const [call] = underWay
      if (!call) break
      mean.add(await call.losses, call.images)
      underWay.shift()
      trained += call.images
      pace.trained(call.images, seconds())
      checkFinite(mean.values(), models, experiment)
      if (performance.now() - lastSent < PROGRESS_MILLISECONDS) continue
      lastSent = performance.now()
      send({
        type: 'progress',
        epoch,
        step: Math.ceil(trained / experiment.batchSize),
        trainLoss: mean.values(),
        secondsPerEpoch: pace.secondsPerEpoch(),
        secondsLeft: pace.secondsLeft(epoch, trained)
      })
    }
    return end && { epoch, trainLoss: mean.values(), end }
  } finally {
    end?.catch(() => undefined) // told to whoever keeps the epoch
    await Promise.allSettled(underWay.map(({ losses }) => losses))
  }
}

/** Asks for all that is kept of an epoch as soon as its last steps are asked for: a group that is done with them waits for nobody. */
async function endEpoch(training: Training, { dataset, pace, seconds }: EpochTools): Promise<EpochEnd> {
  const asked = [training.evaluate(), training.save(), training.reconstruct(probeIndices(dataset.test.labels))] as const
  const [evaluation, states, digits] = await Promise.all(asked)
  const now = seconds()
  pace.evaluated(now)
  return { evaluation, states, digits, seconds: now }
}

/** A clock that starts now. */
function secondsFromNow(control: Control): () => number {
  const began = control.seconds()
  return () => control.seconds() - began
}

/** Quality with the weights of the last complete epoch, also when steps were taken after it. */
async function qualityOf(training: Training, kept: Checkpoint) {
  await training.load(kept.states)
  return training.measureQuality()
}

function epochEnded({ history, seconds }: Checkpoint, digits: Uint8Array): TrainerEvent {
  return { type: 'epochEnded', epoch: history.length, digits, seconds, ...(history[history.length - 1] as EpochLosses) }
}

function trainingJob(
  { experiment, device, memoryBudget }: TrainJob,
  models: ModelSpec[],
  tools: TrainingTools
): TrainingJob {
  const { train: images, test } = tools.dataset
  return {
    models,
    batchSize: experiment.batchSize,
    learningRate: experiment.learningRate,
    train: { pixels: images.pixels, count: images.count },
    test: { pixels: test.pixels, count: test.count },
    device,
    threads: tools.threads,
    memoryBudget: bytesOf(memoryBudget)
  }
}

function facts({ info: dataset, train: images, test }: Dataset, { trainLimit }: Experiment) {
  const bounds = {
    perfectCopy: perfectCopyBce(test),
    meanDigit: meanDigitBce(test, meanDigit(images, trainLimit)),
    pcaMse: null
  }
  return { dataset, bounds }
}

function progressOf(kept: Checkpoint | null) {
  return { history: kept?.history ?? [], seconds: kept?.seconds ?? 0 }
}

/** Throws LabError `diverged` naming the first model whose loss is no finite number. */
function checkFinite(losses: number[], models: ModelSpec[], { learningRate }: Experiment): void {
  const lost = losses.findIndex((loss) => !Number.isFinite(loss))
  if (lost < 0) return
  throw new LabError('diverged', `Training diverged: the loss of ${models[lost]?.name} is no finite number any more`, {
    found: `loss ${losses[lost]} at learning rate ${learningRate}`,
    expected: 'a finite loss',
    remedy: 'Choose a smaller learning rate'
  })
}
