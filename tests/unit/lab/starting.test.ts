// Where a run goes on: on its own device, by the name that it has now, or on the best one with a sentence.
import { expect, test } from 'vitest'
import { LabError } from '@shared/errors'
import type { ChosenDevice, DeviceList } from '../../../src/main/lab/device-list'
import { createStarting, type StartingParts } from '../../../src/main/lab/starting'
import { fixtureRun } from '../../fixtures/run-file'

/** The device on which a run of `device` goes on where these are usable, the first of them the fastest. */
async function goesOnOn(device: string, usable: string[], asked: string | null = null): Promise<ChosenDevice> {
  const chosen = (name: string, why: string): ChosenDevice => ({ device: name, title: '', hardware: '', why })
  const choose: DeviceList['choose'] = async (name) => {
    if (name !== null && usable.includes(name)) return chosen(name, 'chosen by you')
    const [best] = usable
    if (name === null && best !== undefined) return chosen(best, 'fastest of 2 measured')
    throw new LabError('device-unavailable', `no ${name}`)
  }
  const taken: ChosenDevice[] = []
  const parts = {
    devices: { choose },
    trainings: { continueRun: async (_folder: string, _file: unknown, on: ChosenDevice) => void taken.push(on) }
  } as unknown as StartingParts
  const file = { ...fixtureRun({ status: 'stopped', epochsDone: 2 }), device }
  await createStarting(parts).goOn({ folder: '', file, owner: null }, asked)
  return taken[0] as ChosenDevice
}

test.each([
  ['cpu', 'cpu', 'where the run trained before'],
  ['webgpu:Radeon', 'webgpu:Radeon', 'where the run trained before'],
  ['onnxruntime cpu', 'cpu', 'in place of onnxruntime cpu'],
  ['onnxruntime webgpu', 'webgpu', 'in place of onnxruntime webgpu'],
  ['onnxruntime webgpu:1', 'webgpu', 'in place of onnxruntime webgpu:1'],
  ['tensorflow cpu', 'tensorflow-cpu', 'in place of tensorflow cpu'],
  ['tensorflow cuda', 'tensorflow-cuda', 'in place of tensorflow cuda']
])('a run on %s goes on on %s, %s', async (before, now, why) => {
  const usable = ['fastest', 'cpu', 'webgpu', 'webgpu:Radeon', 'tensorflow-cpu', 'tensorflow-cuda']
  expect(await goesOnOn(before, usable)).toMatchObject({ device: now, why })
})

test.each(['onnxruntime cuda', 'onnxruntime dml'])(
  'a run on %s, which this version does not have, goes on on the fastest, and why is said',
  async (before) => {
    const why = `fastest of 2 measured; ${before} can’t be used now`
    const usable = ['webgpu', 'cpu', 'webgpu:Radeon', 'tensorflow-cpu', 'tensorflow-cuda']
    expect(await goesOnOn(before, usable)).toMatchObject({ device: 'webgpu', why })
  }
)

test.each(['onnxruntime webgpu:1', 'tensorflow-cuda', 'webgpu'])(
  'a run on %s, which is not there, goes on on the fastest, and why is said',
  async (before) => {
    const why = `fastest of 2 measured; ${before} can’t be used now`
    expect(await goesOnOn(before, ['cpu', 'tensorflow-cpu'])).toMatchObject({ device: 'cpu', why })
  }
)

test('a device that is asked for is taken, or refused', async () => {
  expect(await goesOnOn('onnxruntime cpu', ['cpu', 'webgpu'], 'webgpu')).toMatchObject({
    device: 'webgpu',
    why: 'chosen by you'
  })
  await expect(goesOnOn('cpu', ['cpu'], 'webgpu')).rejects.toMatchObject({ kind: 'device-unavailable' })
})

test('where nothing is usable the run’s own device says why', async () => {
  await expect(goesOnOn('onnxruntime webgpu', [])).rejects.toThrow('no webgpu')
})
