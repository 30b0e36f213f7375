import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { presets, type Experiment } from '@shared/experiment'
import { mnist } from '../../../src/main/data/mnist'
import { createControl, type Control } from '../../../src/main/trainer/control'
import { createCpuEngine } from '../../../src/main/trainer/engines/cpu/cpu-engine'
import type { EngineSession } from '../../../src/main/trainer/engines/engine'
import type { TrainerEvent, TrainJob } from '../../../src/main/trainer/messages'
import { train } from '../../../src/main/trainer/train'
import { makeHome } from '../../fixtures/lab'

const recipe: Experiment = {
  ...presets['keras-blog'],
  base: { ...presets['keras-blog'].base, trainLimit: 1024, batchSize: 64, epochs: 3 },
  varied: { key: 'latentDim', values: [2] }
}
const engine = createCpuEngine()
const whole = await mnist.load(mnist.folder())
/** Fewer test images, so that measuring their quality takes a moment. */
const dataset = {
  ...whole,
  test: { ...whole.test, count: 300, pixels: whole.test.pixels.subarray(0, 300 * whole.test.size) }
}
let home: Awaited<ReturnType<typeof makeHome>>
let control: Control

beforeEach(async () => {
  home = await makeHome()
  control = createControl()
})
afterEach(() => home.remove())

type Epoch = Extract<TrainerEvent, { type: 'epochEnded' }>

interface Options {
  experiment?: Experiment
  continues?: boolean
  checkpoint?: string
  onCall?: (call: string) => void
  /** Replaces the decoder's weights to begin with. */
  firstWeight?: number
  /** Stands in the last slot of all that is saved. */
  savedSlot?: number
}

/** Trains on the real engine; hears every event, and every call that was made of it. */
function run(hear: (event: TrainerEvent) => void, options: Options = {}): Promise<TrainerEvent> {
  const {
    experiment = recipe,
    continues = false,
    checkpoint = join(home.folder, 'checkpoint'),
    onCall,
    firstWeight,
    savedSlot
  } = options
  const noting = (session: EngineSession): EngineSession => ({
    ...session,
    steps(order, signal) {
      onCall?.('steps')
      return session.steps(order, signal)
    },
    forward(images, indices, values) {
      onCall?.(`forward ${values.join()}`)
      return session.forward(images, indices, values)
    },
    load(states) {
      if (firstWeight !== undefined) states.forEach(({ weights }) => weights[2]?.fill(firstWeight))
      return session.load(states)
    },
    async save() {
      onCall?.('save')
      const states = await session.save()
      if (savedSlot !== undefined) states.forEach(({ slots }) => slots[1]?.[3]?.fill(savedSlot))
      return states
    }
  })
  const job: TrainJob = {
    id: 'run',
    experiment,
    device: 'cpu',
    dataFolder: mnist.folder(),
    checkpoint,
    cacheFolder: home.folder,
    continues
  }
  return train(job, {
    dataset,
    open: async (config) => noting(await engine.open(config)),
    control,
    send: hear,
    pcaMse: async () => null,
    device: { name: 'cpu', title: 'CPU', usable: true, detail: '', remedy: '', driver: '', runtimeVersion: '' },
    threads: 2
  })
}

/** Trains to the end, every epoch recorded at once. */
async function epochsOfRun(options: Options = {}): Promise<{ epochs: Epoch[]; end: TrainerEvent }> {
  const epochs: Epoch[] = []
  control = createControl()
  const end = await run((event) => {
    if (event.type !== 'epochEnded') return
    epochs.push(event)
    control.recorded(event.epoch)
  }, options)
  return { epochs, end }
}

describe('train', () => {
  it('answers for models whose epochs are done with what they last were, without asking again', async () => {
    const { epochs: _, ...base } = recipe.base
    const experiment: Experiment = {
      ...recipe,
      base: { ...base, latentDim: 2 },
      varied: { key: 'epochs', values: [1, 3] }
    }
    const calls: string[] = []
    const { epochs } = await epochsOfRun({ experiment, onCall: (call) => calls.push(call) })
    expect(calls.filter((call) => call === 'save')).toHaveLength(1 + 3)
    expect(epochs.map(({ valLoss }) => valLoss[0])).toEqual(Array(3).fill(epochs[0]?.valLoss[0]))
    expect(new Set(epochs.map(({ valLoss }) => valLoss[1])).size).toBe(3)
  })

  it('asks for an epoch’s validation, state and digits before the next epoch’s steps', async () => {
    const calls: string[] = []
    const heard: TrainerEvent['type'][] = []
    const end = await run(
      (event) => {
        heard.push(event.type)
        if (event.type === 'epochEnded') control.recorded(event.epoch)
      },
      { onCall: (call) => calls.push(call) }
    )
    expect(end).toMatchObject({ type: 'ended', status: 'finished' })
    const ofEnd = ['forward bce,mse', 'save', 'forward reconstruction']
    const first = calls.indexOf('save')
    const fromFirstEnd = calls.slice(first - 1) // what comes before is drawn in the midst of the first epoch
    expect(fromFirstEnd.filter((call) => call !== 'steps').slice(0, 9)).toEqual([...ofEnd, ...ofEnd, ...ofEnd])
    expect(fromFirstEnd.slice(0, 4)).toEqual([...ofEnd, 'steps'])
    const drawn = heard.filter((type) => type === 'digits').length
    expect(drawn).toBeGreaterThan(0)
    expect(calls.slice(0, first - 1).filter((call) => call === 'forward reconstruction')).toHaveLength(drawn)
    expect(heard.lastIndexOf('digits')).toBeLessThan(heard.indexOf('epochEnded'))
    expect(heard[heard.length - 1]).toBe('finishing')
  })

  it('ends with what kept an epoch from being saved, and sends nothing after it', async () => {
    const heard: TrainerEvent['type'][] = []
    const end = run(({ type }) => heard.push(type), { checkpoint: join(home.folder, 'missing', 'checkpoint') })
    await expect(end).rejects.toMatchObject({ kind: 'not-writable' })
    const count = heard.length
    await new Promise((resolve) => setTimeout(resolve, 100))
    expect(heard).not.toContain('epochEnded')
    expect(heard).toHaveLength(count)
  })

  it('never has a checkpoint two epochs ahead of what is recorded', async () => {
    const path = join(home.folder, 'checkpoint')
    const heard: number[] = []
    const calls: string[] = []
    const end = run((event) => event.type === 'epochEnded' && heard.push(event.epoch), {
      onCall: (call) => calls.push(call)
    })
    const isDue = () => calls.filter((call) => call === 'save').length >= 2 && heard.length > 0
    while (!isDue()) await new Promise((resolve) => setTimeout(resolve, 5))
    await new Promise((resolve) => setTimeout(resolve, 200))
    expect(heard).toEqual([1])
    const before = await readFile(path)
    control.stop()
    expect(await end).toMatchObject({ status: 'stopped' })
    expect((await readFile(path)).equals(before)).toBe(true)
  })

  it('goes on after a pause inside an epoch as if there had been none', async () => {
    const { epochs: whole } = await epochsOfRun()
    let pauses = 0
    control = createControl()
    const paused: Epoch[] = []
    await run((event) => {
      if (event.type === 'epochEnded') {
        paused.push(event)
        control.recorded(event.epoch)
      }
      if (event.type !== 'progress' || pauses++ > 3) return
      control.pause()
      setTimeout(() => control.resume(), 20)
    })
    expect(pauses).toBeGreaterThan(0)
    expect(paused.map(withoutSeconds)).toEqual(whole.map(withoutSeconds))
  })

  it('stopped and continued, it ends where it would have ended in one part', async () => {
    const { epochs: whole } = await epochsOfRun()
    control = createControl()
    const stopped = await run((event) => {
      if (event.type !== 'epochEnded') return
      control.recorded(event.epoch)
      control.stop()
    })
    expect(stopped).toMatchObject({ status: 'stopped' })
    const { epochs: rest, end } = await epochsOfRun({ continues: true })
    expect(end).toMatchObject({ status: 'finished' })
    expect(rest.map(withoutSeconds)).toEqual(whole.slice(-rest.length).map(withoutSeconds))
  })

  it('trains each seed of several as a run of that seed alone', async () => {
    const { epochs: together } = await epochsOfRun({ experiment: { ...recipe, seeds: [5, 6, 7] } })
    for (const [index, seed] of [5, 6, 7].entries()) {
      const { epochs: alone } = await epochsOfRun({ experiment: { ...recipe, seeds: [seed] } })
      for (const [epoch, own] of alone.entries()) {
        const all = together[epoch] as Epoch
        expect([all.trainLoss[index], all.valLoss[index], all.valMse[index]]).toEqual([
          own.trainLoss[0],
          own.valLoss[0],
          own.valMse[0]
        ])
        const size = own.digits.length
        expect(Buffer.from(all.digits.subarray(index * size, (index + 1) * size)).equals(own.digits)).toBe(true)
      }
    }
  })

  it('takes any hyperparameter as the varied one: rates, activations, batch sizes, hidden layers', async () => {
    const { hidden: _, ...base } = { ...recipe.base, latentDim: 4, epochs: 1, trainLimit: 256 }
    const vary = (key: keyof typeof recipe.base, values: Experiment['varied']['values']): Experiment => {
      const { [key]: __, ...stays } = { ...base, hidden: [] as number[] }
      return { ...recipe, preset: 'custom', base: stays, varied: { key, values } }
    }
    for (const [key, values] of [
      ['learningRate', [0.1, 0.001]],
      ['activation', ['tanh', 'relu', 'linear']],
      ['batchSize', [16, 64]],
      ['hidden', [[], [128], [128, 32]]],
      ['loss', ['bce', 'mse']]
    ] as [keyof typeof recipe.base, Experiment['varied']['values']][]) {
      const { epochs, end } = await epochsOfRun({ experiment: vary(key, values) })
      expect(end, key).toMatchObject({ status: 'finished' })
      expect(epochs[0]?.valLoss, key).toHaveLength(values.length)
      expect(new Set(epochs[0]?.valLoss).size, key).toBe(values.length)
    }
  })

  it('models of fewer epochs stop and keep their last values', async () => {
    const { epochs: _, ...base } = { ...recipe.base, latentDim: 3 }
    const experiment: Experiment = { ...recipe, base, varied: { key: 'epochs', values: [1, 3] } }
    const { epochs } = await epochsOfRun({ experiment })
    expect(epochs).toHaveLength(3)
    const of = (model: number) => epochs.map(({ trainLoss, valLoss }) => [trainLoss[model], valLoss[model]].join())
    expect(new Set(of(0)).size).toBe(1)
    expect(new Set(of(1)).size).toBe(3)
    expect(epochs[0]?.valLoss[0]).toBe(epochs[0]?.valLoss[1])
  })

  it('names the model whose loss became NaN or infinite', async () => {
    const end = run((event) => event.type === 'epochEnded' && control.recorded(event.epoch), { firstWeight: 1e38 })
    await expect(end).rejects.toMatchObject({
      kind: 'diverged',
      message: expect.stringContaining('the loss of d = 2 became NaN or infinite') as string
    })
  })

  it.each([NaN, Infinity])('names the tensor that became %d, and keeps no checkpoint with it', async (savedSlot) => {
    const end = run((event) => event.type === 'epochEnded' && control.recorded(event.epoch), { savedSlot })
    await expect(end).rejects.toMatchObject({
      kind: 'diverged',
      message:
        'Training diverged: the state of d = 2 became NaN or infinite: found such values in d=2.decoder.bias.v at learning rate ' +
        '0.001, expected finite weights and optimizer slots. Choose a smaller learning rate, or leave this model out.'
    })
    expect(await readdir(home.folder)).not.toContain('checkpoint')
  })
})

const withoutSeconds = ({ seconds: _, ...epoch }: Epoch) => epoch
