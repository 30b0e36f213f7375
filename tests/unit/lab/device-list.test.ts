// Finding, measuring and choosing devices, with a trainer that answers as each test says and a memory on disk.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { createDeviceList } from '../../../src/main/lab/device-list'
import { createDeviceMeasuring } from '../../../src/main/lab/device-measuring'
import { createDeviceMemory } from '../../../src/main/lab/device-memory'
import type { Supervisor } from '../../../src/main/lab/supervisor'
import type { DeviceInfo, FoundDevice } from '../../../src/shared/contract'
import { LabError, type ErrorKind } from '../../../src/shared/errors'
import { keptLog } from '../../fixtures/lab'

const device = (name: string, changes: Partial<FoundDevice> = {}): FoundDevice => ({
  engine: 'onnxruntime',
  name,
  title: `Title ${name}`,
  usable: true,
  detail: '',
  runtimeVersion: '',
  remedy: '',
  driver: '',
  ...changes
})

let home: string
/** What the trainer finds, or why it can't be asked. */
let found: FoundDevice[] | LabError
/** Milliseconds a step of each device, or how measuring it ends. */
let speeds: Record<string, number | LabError>
let isBusy: boolean
let told: DeviceInfo[][]

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'bottleneck-lab-list-'))
  found = [
    device('slow'),
    device('fast'),
    device('off', { usable: false, detail: 'No driver.', remedy: 'Install one.' })
  ]
  speeds = { slow: 9, fast: 2 }
  isBusy = false
  told = []
})
afterEach(() => rm(home, { recursive: true, force: true }))

/** A lab's list, as after each start of the application. */
function open() {
  const measure = vi.fn(async ({ device: name, budgetMilliseconds }: Parameters<Supervisor['measure']>[0]) => {
    const speed = speeds[name] ?? 1
    if (speed instanceof LabError) throw speed
    expect(budgetMilliseconds).toBeLessThanOrEqual(1500)
    const rest = { evaluationSeconds: 0, preparationSeconds: 0, memoryBytes: 0, turns: null }
    return { type: 'measured' as const, request: 1, millisecondsPerStep: speed, ...rest }
  })
  const devices = vi.fn(async () => {
    if (found instanceof LabError) throw found
    return { type: 'devicesFound' as const, request: 1, devices: found }
  })
  const log = keptLog()
  const memory = createDeviceMemory(join(home, 'devices.json'), '1.0.0', log)
  const supervisor = { measure, devices }
  const list = createDeviceList({
    supervisor,
    memory,
    measuring: createDeviceMeasuring({ supervisor, memory, dataFolder: '', log }),
    isBusy: async () => isBusy,
    onChange: (all) => told.push(all),
    log
  })
  return { list, measure, devices }
}

const failure = (name: string, kind: ErrorKind = 'trainer-crashed') => ({
  failed: [{ engine: 'onnxruntime' as const, device: name }],
  error: new LabError(kind, 'It broke', { remedy: 'Go on' }).data
})
const named = (all: DeviceInfo[], name: string) => all.find((one) => one.name === name)

describe('finding', () => {
  test('the trainer is asked once, and again on demand', async () => {
    const { list, devices } = open()
    await list.all()
    found = [device('webgpu')]
    expect((await list.all()).map(({ name }) => name)).toEqual(['slow', 'fast', 'off'])
    expect(devices).toHaveBeenCalledTimes(1)
    expect((await list.lookAgain()).map(({ name }) => name)).toEqual(['webgpu'])
    expect(told).toHaveLength(1)
  })

  test('a trainer that can’t be asked is told in place of its devices, and asked anew next time', async () => {
    found = new LabError('trainer-crashed', 'It crashed')
    const { list } = open()
    expect(await list.all()).toMatchObject([{ usable: false, isDefault: false, detail: 'It crashed.' }])
    await expect(list.choose(null, null)).rejects.toMatchObject({
      data: { kind: 'device-unavailable', problem: 'No device can train here', found: 'It crashed' }
    })
    found = [device('cpu')]
    expect(await list.all()).toMatchObject([{ usable: true, isDefault: true }])
  })
})

describe('choosing', () => {
  test('measures once and takes the fastest, also after the next start', async () => {
    const { list, measure } = open()
    expect(await list.choose(null, null)).toMatchObject({ device: 'fast', why: 'fastest of 2 measured' })
    expect(measure).toHaveBeenCalledTimes(2)
    expect(told.pop()?.map(({ millisecondsPerStep, isDefault }) => [millisecondsPerStep, isDefault])).toEqual([
      [9, false],
      [2, true],
      [null, false]
    ])
    const again = open()
    expect(await again.list.choose(null, null)).toMatchObject({ device: 'fast' })
    expect(again.measure).not.toHaveBeenCalled()
  })

  test('a new driver is measured anew, the others are not', async () => {
    await open().list.choose(null, null)
    found = [device('slow', { driver: '2' }), device('fast')]
    speeds = { slow: 1, fast: 1000 }
    const { list, measure } = open()
    expect(await list.choose(null, null)).toMatchObject({ device: 'slow' })
    expect(measure).toHaveBeenCalledTimes(1)
  })

  test('measures nothing where one device is usable, where one is named, or while something trains', async () => {
    const { list, measure } = open()
    expect(await list.choose(null, 'slow')).toMatchObject({ device: 'slow', why: 'chosen by you' })
    isBusy = true
    expect(await list.choose(null, null)).toMatchObject({
      device: 'slow',
      why: 'first of the usable devices, none is measured yet'
    })
    isBusy = false
    found = [device('slow')]
    await list.lookAgain()
    expect(await list.choose(null, null)).toMatchObject({ device: 'slow', why: 'the only usable device' })
    expect(measure).not.toHaveBeenCalled()
  })

  test('two choices at once share one measuring', async () => {
    const { list, measure } = open()
    await Promise.all([list.choose(null, null), list.choose(null, null)])
    expect(measure).toHaveBeenCalledTimes(2)
  })

  test('a run that comes between ends the measuring, not the choice', async () => {
    speeds = { slow: new LabError('busy', 'The trainer is at work on a run'), fast: 1 }
    const { list, measure } = open()
    expect(await list.choose(null, null)).toMatchObject({ device: 'slow' })
    expect(measure).toHaveBeenCalledTimes(1)
    expect((await list.all()).map(({ lastFailure }) => lastFailure)).toEqual(['', '', ''])
  })

  test('one that can’t be measured comes last, and is not tried by itself again', async () => {
    speeds = { slow: 9, fast: new LabError('device-unavailable', 'It was lost') }
    await open().list.choose(null, null)
    const { list, measure } = open()
    expect(await list.choose(null, null)).toMatchObject({ device: 'slow', why: 'the only one measured' })
    expect(measure).not.toHaveBeenCalled()
    expect(named(await list.all(), 'fast')).toMatchObject({ usable: true, lastFailure: 'It was lost.' })
  })

  test('an engine without a device means its best; a device without an engine the engine that is best on it', async () => {
    found = [device('cpu'), device('gpu'), { ...device('cpu'), engine: 'tensorflow' as never }]
    speeds = { cpu: 5, gpu: 1 }
    const { list } = open()
    expect(await list.choose('tensorflow' as never, null)).toMatchObject({ engine: 'tensorflow', device: 'cpu' })
    await list.measure()
    expect(await list.choose('onnxruntime', null)).toMatchObject({
      device: 'gpu',
      why: 'fastest of 2 measured, engine chosen by you'
    })
    expect(await list.choose(null, 'cpu')).toMatchObject({ engine: 'onnxruntime', why: 'chosen by you' })
  })

  test.each([
    ['off', { problem: "The device off can't be used", found: 'No driver', expected: '', remedy: 'Install one' }],
    ['cuda', { problem: 'There is no such device', found: 'cuda', expected: 'slow, fast, off' }]
  ])('%s is refused with what is the matter', async (name, data) => {
    const error: unknown = await open()
      .list.choose('onnxruntime', name)
      .catch((thrown: unknown) => thrown)
    expect((error as LabError).data).toMatchObject({ kind: 'device-unavailable', ...data })
  })
})

describe('measuring on demand', () => {
  test('measures every usable device anew, also a single one', async () => {
    found = [device('slow')]
    const { list } = open()
    await list.measure()
    speeds = { slow: 4 }
    expect(await list.measure()).toMatchObject([{ millisecondsPerStep: 4 }])
  })

  test('is refused while a run trains', async () => {
    isBusy = true
    await expect(open().list.measure()).rejects.toMatchObject({ kind: 'busy' })
  })
})

describe('a device that fails', () => {
  test('the next best takes over; after two failures the device is set aside until it is tried again', async () => {
    await open().list.choose(null, null)
    const { list } = open()
    expect(await list.next(failure('fast'))).toMatchObject({ device: 'slow', why: 'the next best after a failure' })
    expect(named(await list.all(), 'fast')).toMatchObject({ usable: true, isDefault: true, lastFailure: 'It broke.' })
    await list.next(failure('fast'))

    const later = open().list
    expect(named(await later.all(), 'fast')).toMatchObject({
      usable: false,
      isSetAside: true,
      detail: 'It failed twice. It broke.'
    })
    await expect(later.choose(null, 'fast')).rejects.toMatchObject({
      data: { kind: 'device-unavailable', remedy: 'Try it again in the device panel, or with devices --try fast' }
    })
    expect(await later.refusal('onnxruntime', 'fast')).toMatchObject({ kind: 'device-unavailable' })
    expect(await later.refusal('onnxruntime', 'slow')).toBeNull()
    expect(await later.choose(null, null)).toMatchObject({ device: 'slow', why: 'the only usable device' })

    expect(named(await later.forgive('onnxruntime', 'fast'), 'fast')).toMatchObject({
      usable: true,
      isSetAside: false,
      lastFailure: ''
    })
    expect(await later.choose(null, null)).toMatchObject({ device: 'fast' })
  })

  test.each<ErrorKind>(['diverged', 'bad-file', 'disk-full', 'not-writable', 'bad-value', 'busy'])(
    '%s is not the device’s: no other is tried and nothing is noted',
    async (kind) => {
      const { list } = open()
      expect(await list.next(failure('fast', kind))).toBeNull()
      expect(named(await list.all(), 'fast')?.lastFailure).toBe('')
    }
  )

  test('what a device does not support is no failure of it', async () => {
    const { list } = open()
    expect(await list.next(failure('fast', 'not-supported'))).toMatchObject({ device: 'slow' })
    expect(named(await list.all(), 'fast')?.lastFailure).toBe('')
  })

  test('where no other is left the run fails and the device stays usable', async () => {
    const { list } = open()
    const both = {
      ...failure('slow'),
      failed: ['fast', 'slow'].map((name) => ({ engine: 'onnxruntime' as const, device: name }))
    }
    expect(await list.next(both)).toBeNull()
    found = [device('slow')]
    await list.lookAgain()
    for (let turn = 0; turn < 3; turn++) expect(await list.next(failure('slow'))).toBeNull()
    expect(await list.all()).toMatchObject([{ usable: true, lastFailure: '' }])
  })

  test('one that was set aside is used all the same once there is no other', async () => {
    const { list } = open()
    for (let turn = 0; turn < 2; turn++) await list.next(failure('fast'))
    found = [device('fast'), device('slow', { usable: false })]
    expect(named(await list.lookAgain(), 'fast')).toMatchObject({ usable: true, isDefault: true })
  })
})
