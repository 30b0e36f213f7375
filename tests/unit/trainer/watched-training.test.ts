import { expect, test } from 'vitest'
import type { Engine, Training, TrainingJob } from '../../../src/main/trainer/engine'
import type { Heartbeat } from '../../../src/main/trainer/heartbeat'
import { openWatched } from '../../../src/main/trainer/watched-training'

test('a call may also take as long as those that stand in line before it', async () => {
  const release: (() => void)[] = []
  const answered = <T>(value: T) => new Promise<T>((resolve) => release.push(() => resolve(value)))
  const training = {
    stepsPerCall: 1,
    evaluate: () => answered({ bce: [], mse: [] }),
    save: () => answered([])
  } as Partial<Training>
  const patience: number[] = []
  const heartbeat: Heartbeat = {
    during(seconds, call) {
      patience.push(seconds)
      return call()
    }
  }
  const models = [{ name: 'd=784', latentDim: 784, activation: 'relu' }]
  const job = { models, batchSize: 1, test: { pixels: new Uint8Array(), count: 100_000 } } as Partial<TrainingJob>
  const engine = { open: async () => training } as Partial<Engine>
  const watched = await openWatched(engine as Engine, job as TrainingJob, heartbeat)

  const [evaluation, saved] = [watched.evaluate(), watched.save()]
  const [opening, alone, second] = patience
  expect(opening).toBe(0)
  expect(alone).toBeGreaterThan(60)
  expect(second).toBe(alone)
  for (const end of release.splice(0)) end()
  await Promise.all([evaluation, saved])
  const again = watched.save()
  expect(patience[3]).toBe(0)
  for (const end of release) end()
  await again
})
