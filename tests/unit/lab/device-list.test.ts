import { expect, test, vi } from 'vitest'
import { createDeviceList } from '../../../src/main/lab/device-list'
import type { Supervisor } from '../../../src/main/lab/supervisor'
import type { FoundDevice } from '../../../src/shared/contract'
import { LabError } from '../../../src/shared/errors'

const device = (name: string): FoundDevice => ({
  engine: 'onnxruntime',
  name,
  title: name,
  usable: true,
  detail: '',
  runtimeVersion: '',
  remedy: '',
  driver: ''
})

function listOver(devices: () => Promise<FoundDevice[]>) {
  const ask = vi.fn(async () => ({ type: 'devicesFound' as const, request: 1, devices: await devices() }))
  return { ask, list: createDeviceList({ devices: ask } as Partial<Supervisor> as Supervisor) }
}

test('the trainer is asked once, and again on demand', async () => {
  let found = [device('cpu')]
  const { ask, list } = listOver(() => Promise.resolve(found))
  await list.all()
  found = [device('webgpu'), device('cpu')]
  expect((await list.all()).map(({ name }) => name)).toEqual(['cpu'])
  expect(ask).toHaveBeenCalledTimes(1)
  expect((await list.lookAgain()).map(({ name }) => name)).toEqual(['webgpu', 'cpu'])
  await list.check('onnxruntime', 'webgpu')
  expect(ask).toHaveBeenCalledTimes(2)
})

test('a trainer that can’t be asked is told in place of its devices, and asked anew next time', async () => {
  let fails = true
  const { list } = listOver(() =>
    fails ? Promise.reject(new LabError('trainer-crashed', 'It crashed')) : Promise.resolve([device('cpu')])
  )
  expect(await list.all()).toMatchObject([{ usable: false, detail: 'It crashed.' }])
  fails = false
  expect(await list.all()).toMatchObject([{ usable: true }])
})
