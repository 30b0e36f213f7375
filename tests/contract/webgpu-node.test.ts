// The WebGPU engine in Node with Dawn's binding, on every adapter of this machine.
import { describe, expect, it } from 'vitest'
import { checkedEngine } from '../../src/main/trainer/engines/checked-session'
import { createNodeEngine, INSTALL_COMMAND } from '../../src/main/trainer/engines/webgpu/node'
import { describeGpuEngine, model, noise } from './webgpu-cases'

const engine = checkedEngine(createNodeEngine())
const devices = await engine.devices()

// A software adapter compiles for seconds each time a session is opened.
describe.each(devices)(
  'WebGPU in Node, $name',
  { timeout: 300_000 },
  ({ name, title, usable, detail, remedy, software }) => {
    if (!usable) return it('can’t be used here', ({ skip }) => skip(`${title}: ${detail}. ${remedy}`))

    describeGpuEngine(engine, name)

    it('finds the adapter by a part of its name, and says so where there is none', async () => {
      const job = { models: [model(49, [2])], train: noise(4, 49), threads: 1 }
      const session = await engine.open({ ...job, device: `webgpu:${detail.slice(2, 8).toUpperCase()}` })
      await session.close()
      const unknown = engine.open({ ...job, device: 'webgpu:no such adapter' })
      await expect(unknown).rejects.toMatchObject({
        kind: 'device-unavailable',
        message: expect.stringContaining(detail)
      })
    })

    it('marks software adapters', () => expect(software ?? false).toBe(/swiftshader|llvmpipe/i.test(detail)))
  }
)

it('says how to install what it needs', async () => {
  const [device] = await createNodeEngine('/nowhere/file.js').devices()
  expect(device).toMatchObject({ name: 'webgpu', usable: false, remedy: `Run ${INSTALL_COMMAND}` })
})
