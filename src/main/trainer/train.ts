// The training of one run, from top to bottom: load, epochs, quality. Pause and stop are obeyed between calls of the engine.
import type { FoundDevice } from '@shared/contract'
import { LabError } from '@shared/errors'
import type { Experiment } from '@shared/experiment'
import { shuffle } from '@shared/random'
import { meanDigit, meanDigitBce, perfectCopyBce } from '../data/baselines'
import { probeIndices, type Dataset } from '../data/dataset'
import { readCheckpoint, writeCheckpoint, type Checkpoint } from './checkpoint'
import type { Control } from './control'
import type { ModelSpec, Training, TrainingJob } from './engine'
import { initialState } from './initialize'
import type { EpochLosses, TrainerEvent, TrainJob } from './messages'
import { modelSpecs } from './model-specs'
import { createPace, type Pace } from './pace'
import { createRunningMean } from './running-mean'

const PROGRESS_MILLISECONDS = 100
/** Calls of the engine under way at once: while one group is late, by another program say, the others need not wait for it. */
const CALLS_UNDER_WAY = 3

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
  let kept = job.continues ? await readCheckpoint(job.checkpoint, owner) : null
  const training = await tools.open(trainingJob(job, models, tools))
  try {
    await training.load(kept?.states ?? models.map((model) => initialState(model, experiment.seed)))
    send({ type: 'started', ...facts(dataset, experiment), ...progressOf(kept), device: tools.device })
    if (kept) send(await epochEnded(training, dataset, kept))

    const pace = createPace(experiment.trainLimit, experiment.epochs)
    const secondsBefore = (kept?.seconds ?? 0) - control.seconds()
    for (let epoch = (kept?.history.length ?? 0) + 1; epoch <= experiment.epochs; epoch++) {
      const trainLoss = await trainEpoch(epoch, training, { experiment, models, control, pace, send })
      if (!trainLoss) break // stopped: what was trained of this epoch is given up

      const evaluationBegan = control.seconds()
      const { bce: valLoss, mse: valMse } = await training.evaluate()
      checkFinite(valLoss, models, experiment)
      if (!(await control.isRecorded(epoch - 1))) break
      const history = [...(kept?.history ?? []), { trainLoss, valLoss, valMse }]
      kept = { states: await training.save(), history, seconds: secondsBefore + control.seconds() }
      await writeCheckpoint(job.checkpoint, kept, owner)
      send(await epochEnded(training, dataset, kept))
      pace.evaluated(control.seconds() - evaluationBegan)
    }

    const status = kept?.history.length === experiment.epochs ? 'finished' : 'stopped'
    const quality = kept ? await qualityOf(training, kept) : null
    return { type: 'ended', status, quality, pcaMse: await tools.pcaMse(), seconds: kept?.seconds ?? 0 }
  } finally {
    await training.close().catch(() => undefined) // what failed before is what the user has to hear
  }
}

interface EpochTools {
  experiment: Experiment
  models: ModelSpec[]
  control: Control
  pace: Pace
  send(event: TrainerEvent): void
}

/** Trains one epoch; answers with the mean loss of each model over it, or null if it was stopped on the way. */
async function trainEpoch(epoch: number, training: Training, tools: EpochTools): Promise<number[] | null> {
  const { experiment, models, control, pace, send } = tools
  const order = shuffle(experiment.seed, epoch, experiment.trainLimit)
  const mean = createRunningMean(models.length, experiment.batchSize)
  const underWay: { images: number; losses: Promise<Float32Array> }[] = []
  let asked = 0
  let trained = 0
  let lastSent = -Infinity
  let lastEnded = control.seconds()
  try {
    while (trained < order.length) {
      if (!(await control.mayGoOn())) return null
      while (asked < order.length && underWay.length < CALLS_UNDER_WAY) {
        const part = order.subarray(asked, asked + training.stepsPerCall * experiment.batchSize)
        underWay.push({ images: part.length, losses: training.steps(part) })
        asked += part.length
      }
      const [call] = underWay
      if (!call) break
      mean.add(await call.losses, call.images)
      underWay.shift()
      trained += call.images
      pace.trained(call.images, control.seconds() - lastEnded)
      lastEnded = control.seconds()
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
    return mean.values()
  } finally {
    await Promise.allSettled(underWay.map(({ losses }) => losses))
  }
}

/** Quality with the weights of the last complete epoch, also when steps were taken after it. */
async function qualityOf(training: Training, kept: Checkpoint) {
  await training.load(kept.states)
  return training.measureQuality()
}

async function epochEnded(training: Training, dataset: Dataset, kept: Checkpoint): Promise<TrainerEvent> {
  const epoch = kept.history.length
  const digits = await training.reconstruct(probeIndices(dataset.test.labels))
  return { type: 'epochEnded', epoch, digits, seconds: kept.seconds, ...(kept.history[epoch - 1] as EpochLosses) }
}

function trainingJob({ experiment, device }: TrainJob, models: ModelSpec[], tools: TrainingTools): TrainingJob {
  const { train: images, test } = tools.dataset
  return {
    models,
    batchSize: experiment.batchSize,
    learningRate: experiment.learningRate,
    train: { pixels: images.pixels, count: images.count },
    test: { pixels: test.pixels, count: test.count },
    device,
    threads: tools.threads
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
