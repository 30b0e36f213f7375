// Several groups as one: their answers in the order of all models.
import type { ModelSpec } from '../../engine'
import type { Group } from './group'

/** How a call is made of all groups: `atOnce` where each has a thread of its own, `oneByOne` where they share one. */
export type CallAll = <Answer>(groups: readonly Group[], call: (group: Group) => Promise<Answer>) => Promise<Answer[]>

export const atOnce: CallAll = (groups, call) => Promise.all(groups.map(call))

/** A group is called when the one before it has answered, so that what they take for the time of a call is taken once. */
export const oneByOne: CallAll = async (groups, call) => {
  const answers = []
  for (const group of groups) answers.push(await call(group))
  return answers
}

/** Groups as one. `places[g]` are the indices of group g's models among `models`. */
export function join(models: readonly ModelSpec[], groups: Group[], places: number[][], callAll: CallAll): Group {
  const count = models.length
  const all = <Answer>(call: (group: Group) => Promise<Answer>) => callAll(groups, call)

  /** One entry a model from each group's, in the models' order. */
  const inOrder = <Value>(answers: ArrayLike<Value>[]): Value[] => {
    const values = new Array<Value>(count)
    answers.forEach((ofGroup, group) => {
      places[group]?.forEach((model, place) => (values[model] = ofGroup[place] as Value))
    })
    return values
  }

  return {
    async steps(order) {
      const answers = await all((group) => group.steps(order))
      const steps = (answers[0]?.length ?? 0) / (places[0]?.length ?? 1)
      const losses = new Float32Array(steps * count)
      for (let step = 0; step < steps; step++) {
        const row = answers.map((ofGroup, group) => {
          const width = places[group]?.length ?? 0
          return ofGroup.subarray(step * width, (step + 1) * width)
        })
        losses.set(inOrder(row), step * count)
      }
      return losses
    },
    async evaluate() {
      const answers = await all((group) => group.evaluate())
      return { bce: inOrder(answers.map(({ bce }) => bce)), mse: inOrder(answers.map(({ mse }) => mse)) }
    },
    async measureQuality() {
      const answers = await all((group) => group.measureQuality())
      return { psnr: inOrder(answers.map(({ psnr }) => psnr)), ssim: inOrder(answers.map(({ ssim }) => ssim)) }
    },
    async reconstruct(indices) {
      const answers = await all((group) => group.reconstruct(indices))
      const perModel = answers.map((pixels, group) => {
        const ofGroup = places[group] ?? []
        const length = pixels.length / ofGroup.length
        return ofGroup.map((_, place) => pixels.subarray(place * length, (place + 1) * length))
      })
      const ordered = inOrder(perModel)
      const pixels = new Uint8Array(ordered.reduce((sum, ofModel) => sum + ofModel.length, 0))
      ordered.forEach((ofModel, model) => pixels.set(ofModel, model * ofModel.length))
      return pixels
    },
    async save() {
      return inOrder(await all((group) => group.save()))
    },
    async load(states) {
      const names = new Map(groups.map((group, index) => [group, places[index]?.map((model) => models[model]?.name)]))
      await all((group) => group.load(states.filter((state) => names.get(group)?.includes(state.name))))
    },
    async close() {
      await Promise.all(groups.map((group) => group.close()))
    }
  }
}
