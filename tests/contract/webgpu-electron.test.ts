// The WebGPU engine in Electron: Chromium's own WebGPU in the worker of the hidden page, SwiftShader as its adapter.
import { afterAll, describe, expect, it } from 'vitest'
import { initialState } from '../../src/main/trainer/initial-state'
import { openElectron } from '../fixtures/webgpu/electron-host'
import { describeGpuEngine, model, noise, orderOf } from './webgpu-cases'

const folder = process.env.ELECTRON_OVERRIDE_DIST_PATH
const reason = !folder ? 'ELECTRON_OVERRIDE_DIST_PATH names no Electron' : !process.env.DISPLAY ? 'no display' : ''

describe('WebGPU in Electron', { timeout: 300_000 }, async () => {
  if (reason) return it('can’t be tried here', ({ skip }) => skip(`WebGPU in Electron: ${reason}`))
  const { engine, crashPage, close } = await openElectron(folder as string)
  afterAll(close)

  it('has the one adapter, and refuses others by name', async () => {
    const [device] = await engine.devices()
    expect(device).toMatchObject({ name: 'webgpu', usable: true, software: true })
    const job = { models: [model(49, [2])], train: noise(4, 49), threads: 1 }
    await expect(engine.open({ ...job, device: 'webgpu:other' })).rejects.toMatchObject({ kind: 'device-unavailable' })
  })

  describeGpuEngine(engine, 'webgpu', false)

  it('reports a page that has ended, to calls under way and to later ones', async () => {
    const models = [model(49, [2])]
    const train = noise(40, 49)
    const session = await engine.open({ models, train, device: 'webgpu', threads: 1 })
    await session.load(models.map(initialState))
    const training = session.steps(orderOf(train, 12, 20_000))
    crashPage()
    await expect(training).rejects.toMatchObject({ kind: 'device-lost' })
    await expect(session.save()).rejects.toMatchObject({ kind: 'device-lost' })
    expect(await engine.devices()).toMatchObject([
      { name: 'webgpu', usable: false, detail: expect.stringMatching(/page .* has ended/) }
    ])
  })
})
