// Models that take turns train as together: the same losses, weights and answers, in the same order.
import { describe, expect, it } from 'vitest'
import { createOnnxruntimeEngine } from '../../../../../src/main/trainer/engines/onnxruntime/engine'
import { gpuGraphBytes } from '../../../../../src/main/trainer/engines/onnxruntime/gpu/gpu-memory'
import { providerOf } from '../../../../../src/main/trainer/engines/onnxruntime/gpu/provider'
import { graphBytes } from '../../../../../src/main/trainer/engines/onnxruntime/graph-memory'
import type { Group } from '../../../../../src/main/trainer/engines/onnxruntime/group'
import { openInTurns } from '../../../../../src/main/trainer/engines/onnxruntime/turns'
import { tensorNames, type ModelSpec, type TrainingJob } from '../../../../../src/main/trainer/engine'
import { initialState } from '../../../../../src/main/trainer/initialize'
import { testDigits, trainingDigits } from '../digits'

const engine = createOnnxruntimeEngine('here')
const usable = (await engine.devices()).filter((device) => device.usable)
// Not by width, so that the answers of parts have to be put in order.
const models = [5, 2, 6].map((latentDim): ModelSpec => ({ name: `d=${latentDim}`, latentDim, activation: 'tanh' }))
const train = trainingDigits(40)
const test = testDigits(10)
const batchSize = 4
const order = Int32Array.from({ length: 8 * batchSize + 3 }, (_, place) => (place * 7) % train.count)

async function trained(device: string, memoryBudget?: number) {
  const job: TrainingJob = { models, batchSize, learningRate: 0.001, train, test, device, threads: 1 }
  const training = await engine.open(memoryBudget === undefined ? job : { ...job, memoryBudget })
  await training.load(models.map((model) => initialState(model, 3)))
  const losses = await training.steps(order)
  const [states, { bce, mse }, digits] = [
    await training.save(),
    await training.evaluate(),
    await training.reconstruct([1, 4])
  ]
  const { psnr, ssim } = await training.measureQuality()
  await training.close()
  const numbers = [losses, bce, mse, psnr, ssim, ...states.flatMap((state) => tensorNames.map((t) => state.weights[t]))]
  return { numbers: numbers.flatMap((some) => [...some]), names: states.map(({ name }) => name), digits }
}

/** A budget that the two narrower models just keep to together. */
function budgetOfTwo(device: string): number {
  const two = [models[0], models[1]] as ModelSpec[]
  const provider = providerOf(device)
  const images = train.count + test.count
  return provider ? gpuGraphBytes({ models: two, batchSize, images }, provider) : graphBytes(two, batchSize, false)
}

describe.each(usable)('on $name', ({ name }) => {
  it('a split training gives what one graph gives', async () => {
    const whole = await trained(name)
    expect(whole.names).toEqual(['d=5', 'd=2', 'd=6'])
    for (const budget of [1, budgetOfTwo(name)]) {
      const split = await trained(name, budget)
      expect(split.names).toEqual(whole.names)
      expect(split.numbers).toHaveLength(whole.numbers.length)
      // PSNR, in dB, is the largest of them; its last bits are as far apart.
      const apart = split.numbers.map((x, place) => Math.abs(x - (whole.numbers[place] ?? NaN)))
      expect(Math.max(...apart), `budget ${budget}`).toBeLessThan(1e-5)
      expect(
        Math.max(...split.digits.map((pixel, place) => Math.abs(pixel - (whole.digits[place] ?? 0))))
      ).toBeLessThan(2)
    }
  }, 120_000)
})

describe('opening parts', () => {
  const job = { models }
  const openAs = (calls: string[]) => async (own: typeof job) => {
    const name = own.models.map((model) => model.latentDim).join('+')
    calls.push(`open ${name}`)
    if (name === '6') throw new Error('no memory')
    return {
      steps: async () => {
        calls.push(`begin ${name}`)
        await new Promise((resolve) => setImmediate(resolve))
        calls.push(`end ${name}`)
        return new Float32Array(own.models.length)
      },
      close: async () => void calls.push(`close ${name}`)
    } as Partial<Group> as Group
  }

  it('each part’s call ends before the next part’s begins', async () => {
    const calls: string[] = []
    const group = await openInTurns({ models: models.slice(0, 2) }, [[1], [0]], openAs(calls))
    await group.steps(order)
    expect(calls).toEqual(['open 2', 'open 5', 'begin 2', 'end 2', 'begin 5', 'end 5'])
  })

  it('closes those that are open where one can’t be opened', async () => {
    const calls: string[] = []
    await expect(openInTurns(job, [[0, 1], [2]], openAs(calls))).rejects.toThrow('no memory')
    expect(calls).toEqual(['open 5+2', 'open 6', 'close 5+2'])
  })

  it('one part is a group as it is', async () => {
    const calls: string[] = []
    await openInTurns(job, [[0, 1, 2]], openAs(calls))
    expect(calls).toEqual(['open 5+2+6'])
  })
})
