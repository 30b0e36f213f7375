// What an epoch's end costs: the application's training loop as it is, with validation alone, and with nothing to do when an epoch ends.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { FoundDevice } from '../src/shared/contract'
import { presets } from '../src/shared/experiment'
import { optimizers, tensorNames, type ModelConfig } from '../src/shared/model'
import { createControl } from '../src/main/trainer/control'
import type {
  Engine,
  EngineSession,
  ForwardResult,
  ForwardValue,
  Images,
  ModelState
} from '../src/main/trainer/engines/engine'
import { train } from '../src/main/trainer/train'
import type { Setup } from './setup'

/** Epochs of a training; the first warms up. */
const EPOCHS = 4
const DEVICE = 'cpu'

/** `whole`: validation, state, reconstructions, checkpoint. */
export const epochKinds = ['whole', 'validation', 'steps'] as const
type EpochKind = (typeof epochKinds)[number]

/** Seconds an epoch, one entry a round; rounds belong together. */
export type EpochEnds = Record<EpochKind, number[]>

/** Trains on the processor in each of the three ways in turns, after a training that nobody times. */
export async function measureEpochEnds(setup: Setup): Promise<EpochEnds> {
  const engine = setup.engineOf(DEVICE)
  const device = (await engine?.devices())?.find(({ name }) => name === DEVICE)
  if (!engine || !device?.usable) throw new Error(device?.detail ?? `there is no device ${DEVICE}`)
  const seconds = (kind: EpochKind) => secondsAnEpoch(engine, device, kind, setup)
  await seconds('whole')
  const found: EpochEnds = { whole: [], validation: [], steps: [] }
  for (let round = 1; round <= setup.options.rounds; round++) {
    setup.say(`Epochs with their ends and without: round ${round} of ${setup.options.rounds}`)
    for (const kind of epochKinds) found[kind].push(await seconds(kind))
  }
  return found
}

/** From the end of the first epoch, as the lab hears of it, to that of the last. */
async function secondsAnEpoch(
  engine: Engine,
  device: FoundDevice,
  kind: EpochKind,
  { dataset, dataFolder, threads }: Setup
): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'bottleneck-lab-epochs-'))
  const control = createControl()
  const ended: number[] = []
  const { base, ...preset } = presets['keras-blog']
  const job = {
    id: 'epoch-end',
    experiment: { ...preset, base: { ...base, epochs: EPOCHS } },
    device: device.name,
    dataFolder,
    checkpoint: join(folder, 'checkpoint.safetensors'),
    cacheFolder: folder,
    continues: false
  }
  const enough = new Error('All epochs are measured')
  try {
    await train(job, {
      dataset,
      control,
      threads,
      device,
      open: async (config) => withPart(kind, await engine.open(config), config.models),
      send(event) {
        if (event.type === 'finishing') throw enough // what comes once a run is no part of an epoch
        if (event.type !== 'epochEnded') return
        ended.push(performance.now())
        control.recorded(event.epoch)
      },
      pcaMse: () => Promise.resolve(null)
    }).catch((thrown) => {
      if (thrown !== enough) throw thrown
    })
    return ((ended[EPOCHS - 1] ?? NaN) - (ended[0] ?? NaN)) / 1000 / (EPOCHS - 1)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** The session with that part of an epoch's end alone: the rest is answered at once, with next to nothing to write. */
function withPart(kind: EpochKind, session: EngineSession, models: readonly ModelConfig[]): EngineSession {
  if (kind === 'whole') return session
  const zero = models.map(() => new Float32Array(1))
  return {
    steps: (order, signal) => session.steps(order, signal),
    load: (states) => session.load(states),
    close: () => session.close(),
    save: () => Promise.resolve(models.map(emptyState)),
    async forward<Value extends ForwardValue>(images: Images, indices: Int32Array, values: readonly Value[]) {
      const isValidation = values.every((value) => value === 'bce' || value === 'mse')
      if (kind === 'validation' && isValidation) return session.forward(images, indices, values)
      return Object.fromEntries(values.map((value) => [value, zero])) as ForwardResult<Value>
    }
  }
}

function emptyState({ id, layers, optimizer }: ModelConfig): ModelState {
  const weights = tensorNames(layers).map(() => new Float32Array(0))
  return { id, weights, slots: optimizers[optimizer].slots.map(() => weights), step: 0 }
}
