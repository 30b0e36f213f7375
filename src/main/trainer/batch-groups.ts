// The models of a run that share their batches: one engine session a group.
import type { ModelConfig } from '@shared/model'

export interface BatchGroup {
  models: ModelConfig[]
  /** Where its models stand among those of the run. */
  indices: number[]
  seed: number
  batchSize: number
  epochs: number
}

/** Models of one seed, batch size and number of epochs see the same images in the same order, as long as each other. */
export function batchGroups(models: readonly ModelConfig[]): BatchGroup[] {
  const groups = new Map<string, BatchGroup>()
  models.forEach((model, index) => {
    const { seed, batchSize, epochs } = model
    const key = [seed, batchSize, epochs].join()
    const group = groups.get(key) ?? { models: [], indices: [], seed, batchSize, epochs }
    group.models.push(model)
    group.indices.push(index)
    groups.set(key, group)
  })
  return [...groups.values()]
}

/** Batches of one epoch over `images` images; the last may be smaller and is trained too, as Keras does. */
export function stepsOf({ batchSize }: Pick<BatchGroup, 'batchSize'>, images: number): number {
  return Math.ceil(images / batchSize)
}
