// What an epoch's end costs: the application's training loop as it is, and the same loop with nothing to do when an epoch ends.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { FoundDevice } from '../src/shared/contract'
import { createControl } from '../src/main/trainer/control'
import { tensorNames, type Engine, type ModelSpec, type ModelTensors, type Training } from '../src/main/trainer/engine'
import { train } from '../src/main/trainer/train'
import { experiment, type Setup } from './setup'

/** Epochs of a training; the first warms up. */
const EPOCHS = 4

/** Seconds an epoch, one entry a round; rounds belong together. */
export interface EpochEnds {
  /** With validation, state, reconstructions and checkpoint. */
  whole: number[]
  stepsAlone: number[]
}

/** Trains on the processor with the epochs' ends and without them in turn, after a training that nobody times. */
export async function measureEpochEnds(rounds: number, setup: Setup): Promise<EpochEnds> {
  const engine = setup.engines.find(({ name }) => name === 'onnxruntime')
  const device = (await engine?.devices())?.find(({ name }) => name === 'cpu')
  if (!engine || !device?.usable) throw new Error('onnxruntime can’t be used')
  const seconds = (kind: keyof EpochEnds) => secondsAnEpoch(engine, device, kind, setup)
  await seconds('stepsAlone')
  const found: EpochEnds = { whole: [], stepsAlone: [] }
  for (let round = 0; round < rounds; round++) {
    for (const kind of ['whole', 'stepsAlone'] as const) found[kind].push(await seconds(kind))
  }
  return found
}

/** From the end of the first epoch, as the lab hears of it, to that of the last. */
async function secondsAnEpoch(
  engine: Pick<Engine, 'open'>,
  device: FoundDevice,
  kind: keyof EpochEnds,
  { dataset, dataFolder, threads }: Setup
): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'bottleneck-lab-epochs-'))
  const control = createControl()
  const ended: number[] = []
  const job = {
    id: 'epoch-end',
    experiment: { ...experiment, epochs: EPOCHS },
    engine: device.engine,
    device: device.name,
    dataFolder,
    checkpoint: join(folder, 'checkpoint.safetensors'),
    cacheFolder: folder,
    continues: false
  }
  try {
    await train(job, {
      dataset,
      control,
      threads,
      device,
      async open(wanted) {
        return partOf(await engine.open(wanted), wanted.models, kind)
      },
      send(event) {
        if (event.type !== 'epochEnded') return
        ended.push(performance.now())
        control.recorded(event.epoch)
      },
      pcaMse: () => Promise.resolve(null)
    })
    return ((ended[EPOCHS - 1] ?? NaN) - (ended[0] ?? NaN)) / 1000 / (EPOCHS - 1)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** Without what a run measures once, at its end. An epoch's end is answered at once, with next to nothing to write, if only steps are wanted. */
function partOf(training: Training, models: readonly ModelSpec[], kind: keyof EpochEnds): Training {
  const zeros = models.map(() => 0)
  const part: Training = {
    ...training,
    get stepsPerCall() {
      return training.stepsPerCall
    },
    measureQuality: () => Promise.resolve({ psnr: zeros, ssim: zeros })
  }
  if (kind === 'whole') return part
  const states = models.map(({ name }) => ({ name, weights: empty, firstMoment: empty, secondMoment: empty, step: 0 }))
  part.evaluate = () => Promise.resolve({ bce: zeros, mse: zeros })
  part.save = () => Promise.resolve(states)
  part.reconstruct = () => Promise.resolve(new Uint8Array(0))
  part.load = async (given) => (given === states ? undefined : training.load(given))
  return part
}

const empty = Object.fromEntries(tensorNames.map((name) => [name, new Float32Array(0)])) as ModelTensors
