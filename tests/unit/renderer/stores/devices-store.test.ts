import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, expect, it } from 'vitest'
import { LabError } from '@shared/errors'
import { useDevicesStore } from '../../../../src/renderer/stores/devices-store'
import { useExperimentStore } from '../../../../src/renderer/stores/experiment-store'
import { useLabStore } from '../../../../src/renderer/stores/lab-store'
import { useNoticesStore } from '../../../../src/renderer/stores/notices-store'
import { fixtureDevice } from '../../../fixtures/device'
import { testLink, type TestLink } from '../lab-link'
import { runView, summaryOf } from '../run-view'

const [cpu, gpu] = [fixtureDevice('cpu'), fixtureDevice('webgpu', { isDefault: true })]

beforeEach(() => setActivePinia(createPinia()))

async function attach(calls: Parameters<typeof testLink>[0] = {}): Promise<TestLink> {
  const link = testLink({ describe: () => Promise.resolve({ devices: [cpu, gpu] } as never), ...calls })
  useDevicesStore()
  await useLabStore().attach(link)
  return link
}

it('shows where training would happen, and where it happens while a run trains', async () => {
  const store = useDevicesStore()
  const link = await attach()
  expect(store.current).toEqual(gpu)
  link.emit('runChanged', summaryOf(runView(1)))
  expect([store.current, store.training?.device]).toEqual([cpu, 'cpu'])
  link.emit('runChanged', summaryOf(runView(1), { state: 'finished' }))
  expect([store.current, store.training]).toEqual([gpu, null])
})

it('follows what becomes of devices', async () => {
  const store = useDevicesStore()
  const link = await attach()
  const failed = fixtureDevice('webgpu', { usable: false, lastFailure: 'It was lost.' })
  link.emit('devicesChanged', [fixtureDevice('cpu', { isDefault: true }), failed])
  expect(store.best?.name).toBe('cpu')
  expect(store.all[1]).toEqual(failed)
})

it('asks once at a time, and shows what it answers or why it could not', async () => {
  const store = useDevicesStore()
  const measured = [fixtureDevice('cpu', { millisecondsPerStep: 4, isDefault: true }), gpu]
  let calls = 0
  await attach({
    measureDevices: () =>
      Promise.resolve(++calls === 1 ? measured : Promise.reject(new LabError('busy', 'Something trains')))
  })
  const first = store.measure()
  expect(store.doing).toBe('measuring')
  await Promise.all([first, store.measure()])
  expect([calls, store.doing, store.best?.millisecondsPerStep]).toEqual([1, '', 4])
  await store.measure()
  expect(useNoticesStore().notices).toMatchObject([{ tone: 'danger', text: 'Something trains.' }])
})

it('a chosen device that can’t be used any more gives way to the lab’s choice', async () => {
  const form = useExperimentStore()
  const link = await attach()
  expect([form.device, form.currentDevice?.name]).toEqual([null, 'webgpu'])
  form.chooseDevice('cpu')
  expect([form.device, form.currentDevice?.name]).toEqual(['cpu', 'cpu'])
  link.emit('devicesChanged', [{ ...cpu, usable: false }, gpu])
  expect([form.device, form.currentDevice?.name]).toEqual([null, 'webgpu'])
})
