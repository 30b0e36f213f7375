// TensorBoard's event files of a run, one folder a model: losses by epoch, hyperparameters and, if wanted, the reconstructions of its last epoch.
import { encode as encodePng } from 'fast-png'
import { hyperparameterKeys } from '@shared/hyperparameters'
import { PROBE_COUNT, type RunFile } from '@shared/run'
import { plainValue, trainedModels, type TrainedModel } from './models-of-run'
import { bytesField, doubleField, floatField, messageField, wholeField } from './protobuf'
import { tfRecords } from './tfrecord'

export interface ExportedFile {
  /** Below the folder that the user chooses, with slashes. */
  path: string
  content: Uint8Array
}

/** Tags of the losses: TensorBoard shows each as a chart with a line a folder, and those of one beginning together. */
const scalars = { 'loss/training': 'trainLoss', 'loss/validation': 'valLoss', 'mse/validation': 'valMse' } as const

const IMAGES_A_ROW = 10
const DT_FLOAT = 1
const GREY = 1

/**
 * `d=16/events.out.tfevents.…` of each model. Steps are epochs; wall times are the run's beginning and its training time, so that the same
 * run makes the same bytes; values are float32, as TensorBoard keeps them. `digits`: the reconstructions of the last complete epoch,
 * [models × 20 × pixels] uint8.
 */
export function tensorboardFiles(file: RunFile, digits: Uint8Array | null = null): ExportedFile[] {
  const began = Date.parse(file.createdAt) / 1000
  const name = `events.out.tfevents.${String(Math.floor(began)).padStart(10, '0')}.bottleneck-lab`
  return trainedModels(file).map((model, index) => {
    const times = epochTimes(file, model.epochsDone)
    const last = times[times.length - 1] ?? began
    const size = PROBE_COUNT * file.dataset.rows * file.dataset.columns
    const own = digits?.subarray(index * size, (index + 1) * size)
    const events = [
      Buffer.concat([doubleField(1, began), bytesField(3, 'brain.Event:2')]),
      event(began, 0, [sessionValue(model, began)]),
      ...times.map((time, epoch) => event(time, epoch + 1, scalarValues(model, epoch))),
      ...(own && model.epochsDone > 0 ? [event(last, model.epochsDone, [imageValue(file, own)])] : [])
    ]
    return { path: `${model.id}/${name}`, content: tfRecords(events) }
  })
}

/** When each epoch had ended, in seconds of Unix time, as if the training had never paused; spread evenly where the run has kept no times. */
function epochTimes({ createdAt, epochSeconds = [], seconds }: RunFile, epochs: number): number[] {
  const began = Date.parse(createdAt) / 1000
  return Array.from({ length: epochs }, (_, index) => {
    return began + (epochSeconds[index] ?? (seconds * (index + 1)) / epochs)
  })
}

/** Event: wall_time 1, step 2, summary 5, whose values are its fields 1. */
function event(time: number, step: number, values: readonly Buffer[]): Buffer {
  const summary = values.map((value) => messageField(1, value))
  return Buffer.concat([doubleField(1, time), wholeField(2, step), messageField(5, ...summary)])
}

/** Summary.Value: tag 1, simple_value 2. What is no number in run.json was none, or infinite, in training. */
function scalarValues({ history }: TrainedModel, index: number): Buffer[] {
  return Object.entries(scalars).map(([tag, key]) =>
    Buffer.concat([bytesField(1, tag), floatField(2, history[key][index] ?? NaN)])
  )
}

/** Summary.Value with an image (4): height 1, width 2, colorspace 3, encoded_image_string 4. Two rows of ten probes. */
function imageValue({ dataset: { rows, columns } }: RunFile, digits: Uint8Array): Buffer {
  const [width, height] = [IMAGES_A_ROW * columns, (PROBE_COUNT / IMAGES_A_ROW) * rows]
  const data = new Uint8Array(width * height)
  for (let line = 0; line < PROBE_COUNT * rows; line++) {
    const [probe, row] = [Math.floor(line / rows), line % rows]
    const x = (probe % IMAGES_A_ROW) * columns
    const y = Math.floor(probe / IMAGES_A_ROW) * rows + row
    data.set(digits.subarray(line * columns, (line + 1) * columns), y * width + x)
  }
  const png = encodePng({ width, height, data, channels: 1, depth: 8 })
  const image = [wholeField(1, height), wholeField(2, width), wholeField(3, GREY), bytesField(4, png)]
  return Buffer.concat([bytesField(1, 'reconstructions'), messageField(4, ...image)])
}

/**
 * What the HPARAMS tab lists of a model: a Summary.Value whose metadata (9) are plugin data of `hparams` (tensorboard/plugins/hparams,
 * plugin_data.proto): version 1, session_start_info 3 with the map hparams 1 and start_time_secs 5. The tensor (8), one zero, says nothing.
 */
function sessionValue(model: TrainedModel, began: number): Buffer {
  const entries = [
    ['seed', model.seed] as const,
    ...hyperparameterKeys.map((key) => [key, plainValue(model, key)] as const)
  ]
  const hparams = entries.map(([key, value]) =>
    messageField(1, bytesField(1, key), messageField(2, typeof value === 'number' ? doubleField(2, value) : bytesField(3, value)))
  ) // prettier-ignore
  const data = [wholeField(1, 0), messageField(3, ...hparams, doubleField(5, began))]
  const metadata = messageField(1, bytesField(1, 'hparams'), messageField(2, ...data))
  const zero = [wholeField(1, DT_FLOAT), messageField(2, messageField(2, wholeField(1, 1))), floatField(5, 0)]
  return Buffer.concat([
    bytesField(1, '_hparams_/session_start_info'),
    messageField(8, ...zero),
    messageField(9, metadata)
  ])
}
