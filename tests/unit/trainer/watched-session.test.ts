import { expect, test } from 'vitest'
import type { Engine, EngineSession, SessionConfig } from '../../../src/main/trainer/engines/engine'
import type { Heartbeat } from '../../../src/main/trainer/heartbeat'
import { openWatched } from '../../../src/main/trainer/watched-session'

test('a call may also take as long as those that stand in line before it', async () => {
  const release: (() => void)[] = []
  const answered = <T>(value: T) => new Promise<T>((resolve) => release.push(() => resolve(value)))
  const session = { forward: () => answered({}), save: () => answered([]) } as unknown as EngineSession
  const patience: number[] = []
  const heartbeat: Heartbeat = {
    during(seconds, call) {
      patience.push(seconds)
      return call()
    }
  }
  const layers = [
    { units: 784, activation: 'relu' },
    { units: 784, activation: 'sigmoid' }
  ]
  const config = { models: [{ layers }] } as unknown as SessionConfig
  const engine = { open: async () => session } as unknown as Engine
  const watched = await openWatched(engine, config, heartbeat)

  const images = { pixels: new Uint8Array(), count: 0, size: 784 }
  const [forward, saved] = [watched.forward(images, new Int32Array(100_000), ['bce']), watched.save()]
  const [opening, alone, second] = patience
  expect(opening).toBe(0)
  expect(alone).toBeGreaterThan(60)
  expect(second).toBe(alone)
  for (const end of release.splice(0)) end()
  await Promise.all([forward, saved])
  const again = watched.save()
  expect(patience[3]).toBe(0)
  for (const end of release) end()
  await again
})
