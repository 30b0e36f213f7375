// Every engine on every device that this machine has; the others are skipped with their reason.
import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { createEngines } from '../../src/main/trainer/engines'
import { describeEngine } from './engine-suite'

const { engines, engineOf } = createEngines({ tensorflowWorker: resolve('out/main/tensorflow-worker.js') })
const devices = (await Promise.all(engines.map((engine) => engine.devices()))).flat()

it('there is always the processor', () => {
  expect(devices.filter(({ usable }) => usable).map(({ name }) => name)).toContain('cpu')
})

it('each device belongs to the engine that its name begins with', () => {
  for (const { name } of devices) expect(engineOf(name), name).toBeDefined()
  expect(engineOf('abacus')).toBeUndefined()
})

for (const { name, title, usable, detail, remedy, software = false } of devices) {
  const engine = engineOf(name)
  if (software) continue // webgpu-node.test.ts and webgpu-electron.test.ts hold the same engine to the same, on fewer pixels
  if (usable && engine) describeEngine({ title: `${name} (${title})`, device: name, engine })
  else describe(name, () => it('can’t be used here', ({ skip }) => skip(`${name}: ${detail} ${remedy}`.trim())))
}
