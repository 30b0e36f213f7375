// TensorBoard's event files of a run, one folder a model: losses and reconstructions by epoch, the last metrics, hyperparameters.
import { evenly } from '@shared/evenly'
import { hyperparameterKeys } from '@shared/hyperparameters'
import { epochsDone, type RunFile } from '@shared/run'
import { plainValue, trainedModels, type TrainedModel } from './models-of-run'
import { probesPng, type Png } from './probes-png'
import { bytes, double, float, integer, message, text, type Field } from './protobuf'
import type { RunImages } from './run-images'
import { tfRecords } from './tfrecord'
import type { NamedFile } from '../system/zip'

/** Tags of the losses: TensorBoard shows each as a chart with a line a folder, and those of one beginning together. */
const scalars = { 'loss/training': 'trainLoss', 'loss/validation': 'valLoss', 'mse/validation': 'valMse' } as const

/** Tags of what is measured once, at a model's last epoch. */
const metrics = { 'last/bce': 'bce', 'last/mse': 'mse', 'last/psnr': 'psnr', 'last/ssim': 'ssim' } as const

const MOST_PICTURES = 50
const DT_FLOAT = 1
const GREY = 1

/**
 * `d=16/events.out.tfevents.…` of each model. Steps are epochs; wall times are the run's beginning and its training time, so that the same
 * run makes the same bytes; values are float32, as TensorBoard keeps them. Pictures (probes-png.ts) are of at most 50 epochs. Throws as RunImages.
 */
export async function tensorboardFiles(file: RunFile, images: RunImages): Promise<NamedFile[]> {
  const models = trainedModels(file)
  const pictures = await picturesOf(file, models, images)
  const began = Date.parse(file.createdAt) / 1000
  const name = `events.out.tfevents.${String(Math.floor(began)).padStart(10, '0')}.bottleneck-lab`
  return models.map((model, index) => {
    const events = [
      Buffer.concat([double(1, began), text(3, 'brain.Event:2')].flat()),
      event(began, 0, [sessionValue(model, began)]),
      ...epochTimes(file, model.epochsDone).map((time, at) => {
        const picture = pictures[index]?.get(at + 1)
        const isLast = at + 1 === model.epochsDone
        const values = [...scalarValues(model, at), ...(isLast ? metricValues(model) : [])]
        return event(time, at + 1, picture ? [...values, imageValue(picture)] : values)
      })
    ]
    return { name: `${model.id}/${name}`, content: tfRecords(events) }
  })
}

/** Of each model the pictures by epoch; digits of one epoch are in memory at a time. */
async function picturesOf(
  file: RunFile,
  models: readonly TrainedModel[],
  images: RunImages
): Promise<Map<number, Png>[]> {
  const pictures = models.map(() => new Map<number, Png>())
  const originals = await images.originals()
  for (const epoch of shownEpochs(epochsDone(file))) {
    const digits = await images.reconstructions(epoch)
    if (!digits) continue
    const size = digits.length / models.length
    models.forEach((model, index) => {
      if (epoch > model.epochsDone) return
      pictures[index]?.set(epoch, probesPng(file.dataset, originals, digits.subarray(index * size, (index + 1) * size)))
    })
  }
  return pictures
}

/** At most 50 epochs, evenly from the first to the last. */
export function shownEpochs(epochs: number): number[] {
  const all = Array.from({ length: epochs }, (_, index) => index + 1)
  return evenly(all, MOST_PICTURES)
}

/** When each epoch had ended, in seconds of Unix time, as if the training had never paused; spread evenly where the run has kept no times. */
function epochTimes(file: RunFile, epochs: number): number[] {
  const { createdAt, epochSeconds = [], seconds } = file
  const began = Date.parse(createdAt) / 1000
  const spread = (index: number) => (seconds * (index + 1)) / epochsDone(file)
  return Array.from({ length: epochs }, (_, index) => began + (epochSeconds[index] ?? spread(index)))
}

/** Fields of a message of the type Summary.Value. */
type SummaryValue = Field[]

/** Event: wall_time 1, step 2, summary 5, whose values are its fields 1. */
function event(time: number, step: number, values: readonly SummaryValue[]): Buffer {
  const summary = values.map((value) => message(1, ...value))
  return Buffer.concat([double(1, time), integer(2, step), message(5, ...summary)].flat())
}

/** tag 1, simple_value 2. What is no number in run.json was none, or infinite, in training. */
function scalarValues({ history }: TrainedModel, index: number): SummaryValue[] {
  return Object.entries(scalars).map(([tag, key]) => [text(1, tag), float(2, history[key][index] ?? NaN)])
}

function metricValues({ metrics: measured }: TrainedModel): SummaryValue[] {
  return Object.entries(metrics).flatMap(([tag, key]) => {
    const value = measured?.[key] ?? null
    return value === null ? [] : [[text(1, tag), float(2, value)]]
  })
}

/** tag 1, image 4: height 1, width 2, colorspace 3, encoded_image_string 4. */
function imageValue({ width, height, content }: Png): SummaryValue {
  const image = [integer(1, height), integer(2, width), integer(3, GREY), bytes(4, content)]
  return [text(1, 'reconstructions'), message(4, ...image)]
}

/**
 * What the HPARAMS tab lists of a model: tag 1, and as metadata 9 plugin data of `hparams` (tensorboard/plugins/hparams, plugin_data.proto):
 * version 1, session_start_info 3 with the map hparams 1 and start_time_secs 5. The tensor 8, one zero, says nothing.
 */
function sessionValue(model: TrainedModel, began: number): SummaryValue {
  const hparams = [hparam('seed', model.seed), ...hyperparameterKeys.map((key) => hparam(key, plainValue(model, key)))]
  const data = [integer(1, 0), message(3, ...hparams, double(5, began))]
  const metadata = message(1, text(1, 'hparams'), message(2, ...data))
  const zero = [integer(1, DT_FLOAT), message(2, message(2, integer(1, 1))), float(5, 0)]
  return [text(1, '_hparams_/session_start_info'), message(8, ...zero), message(9, metadata)]
}

/** An entry of the map: key 1, value 2, which is a google.protobuf.Value: number_value 2 or string_value 3. */
function hparam(key: string, value: number | string): Field {
  return message(1, text(1, key), message(2, typeof value === 'number' ? double(2, value) : text(3, value)))
}
