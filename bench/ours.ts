// Our engines as contenders, by the same calls as the application's training loop.
import type { FoundDevice } from '../src/shared/contract'
import { modelsOf, presets } from '../src/shared/experiment'
import type { ModelConfig } from '../src/shared/model'
import type { Dataset } from '../src/main/data/dataset'
import { batchGroups, type BatchGroup } from '../src/main/trainer/batch-groups'
import { createControl } from '../src/main/trainer/control'
import type { Engine, EngineSession } from '../src/main/trainer/engines/engine'
import { evaluate } from '../src/main/trainer/evaluate'
import { createGroupTraining, type GroupTraining } from '../src/main/trainer/group-training'
import { initialState } from '../src/main/trainer/initial-state'
import type { Contender, Outcome, Recipe } from './contender'
import type { Setup } from './setup'

export interface Ours extends Pick<Contender, 'name' | 'title' | 'kind'> {
  engine: Pick<Engine, 'open'>
  /** As the engine calls it. */
  device: string
  dataset: Dataset
  threads: number
  /** The recipe's models so many times, with weights of their own; all in one session. */
  copies?: number
}

/** A contender for each usable device; the others, with the reason, join `skipped`. */
export async function findOurs({ engines, skipped, dataset, threads }: Setup): Promise<Contender[]> {
  const contenders: Contender[] = []
  for (const engine of engines) {
    for (const device of await engine.devices()) {
      const { name } = device
      const common = { name, title: titleOf(device), kind: 'ours' } as const
      if (device.usable) contenders.push(createOurs({ ...common, engine, device: name, dataset, threads }))
      else skipped.push({ ...common, reason: device.detail })
    }
  }
  return contenders
}

const titleOf = ({ name, title }: FoundDevice) => `ours, ${name} (${title})`

/** A contender whose session is opened with its first work of a recipe and stays open. */
export function createOurs(ours: Ours): Contender {
  const { name, title, kind, engine, device, dataset, threads, copies = 1 } = ours
  let open: { recipe: Recipe; session: EngineSession; pass: (images: number) => Promise<Outcome> } | null = null
  let passes = 0

  async function close(): Promise<void> {
    await open?.session.close()
    open = null
  }
  async function openFor(recipe: Recipe) {
    await close()
    const [group] = batchGroups(copiesOf(modelsOf(presets[recipe.name], dataset.train.size), copies)) as [BatchGroup]
    const session = await engine.open({ models: group.models, train: dataset.train, device, threads })
    await session.load(group.models.map(initialState))
    const trainings = new Map<number, GroupTraining>() // each remembers how long its calls should be
    const pass = (images: number) => {
      const training = trainings.get(images) ?? createGroupTraining(group, session, images)
      trainings.set(images, training)
      return trainPass(training, ++passes)
    }
    return (open = { recipe, session, pass })
  }

  return {
    name,
    title,
    kind,
    async run({ recipe, images, validate }) {
      const { session, pass } = open?.recipe === recipe ? open : await openFor(recipe)
      const outcome = await pass(images)
      if (!validate) return outcome
      const began = performance.now()
      await evaluate(session, dataset.test, 'bce')
      return { ...outcome, validationSeconds: (performance.now() - began) / 1000 }
    },
    close
  }
}

/** An epoch in the order of this pass. */
async function trainPass(training: GroupTraining, pass: number): Promise<Outcome> {
  const control = createControl()
  const began = performance.now()
  training.begin(pass)
  await training.train(control, () => false)
  const seconds = (performance.now() - began) / 1000
  return { seconds, losses: training.trainLoss(), validationSeconds: null }
}

/** So many of each model, under ids and with weights of their own, in one batch group. */
function copiesOf(models: readonly ModelConfig[], copies: number): ModelConfig[] {
  const suffixes = Array.from({ length: copies }, (_, index) => (index === 0 ? '' : `.copy=${index + 1}`))
  return suffixes.flatMap((suffix) =>
    models.map((model) => ({ ...model, id: `${model.id}${suffix}`, initKey: `${model.initKey}${suffix}` }))
  )
}

/** The same images with every value from the other end: nearly all pixels are lit, so lists of them gain nothing. */
export function inverted({ info, train, test }: Dataset): Dataset {
  const invert = <Images extends Dataset['train']>(images: Images): Images => {
    const pixels = new Uint8Array(new SharedArrayBuffer(images.pixels.length))
    images.pixels.forEach((value, index) => (pixels[index] = 255 - value))
    return { ...images, pixels }
  }
  return { info, train: invert(train), test: invert(test) }
}
