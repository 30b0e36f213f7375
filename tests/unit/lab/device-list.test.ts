// Finding, measuring and choosing devices, with a trainer that answers as each test says and a history on disk.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { createDeviceList } from '../../../src/main/lab/device-list'
import { createDeviceMeasuring } from '../../../src/main/lab/device-measuring'
import { createDeviceHistory } from '../../../src/main/lab/device-history'
import type { Supervisor } from '../../../src/main/lab/supervisor'
import type { DeviceInfo, FoundDevice } from '../../../src/shared/contract'
import { LabError, type ErrorKind } from '../../../src/shared/errors'
import { keptLog } from '../../fixtures/lab'

const device = (name: string, changes: Partial<FoundDevice> = {}): FoundDevice => ({
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
    const rest = { evaluationSeconds: 0, preparationSeconds: 0 }
    return { type: 'measured' as const, request: 1, millisecondsPerStep: speed, ...rest }
  })
  const devices = vi.fn(async () => {
    if (found instanceof LabError) throw found
    return { type: 'devicesFound' as const, request: 1, devices: found }
  })
  const log = keptLog()
  const history = createDeviceHistory(join(home, 'devices.json'), '1.0.0', log)
  const supervisor = { measure, devices }
  const list = createDeviceList({
    supervisor,
    history,
    measuring: createDeviceMeasuring({ supervisor, history, dataFolder: '', log }),
    isBusy: async () => isBusy,
    onChange: (all) => told.push(all),
    log
  })
  return { list, measure, devices }
}

const failure = (name: string, kind: ErrorKind = 'trainer-crashed', failed = [name]) => ({
  failed,
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
    await expect(list.choose(null)).rejects.toMatchObject({
      data: { kind: 'device-unavailable', problem: 'No device can train here', found: 'It crashed' }
    })
    found = [device('cpu')]
    expect(await list.all()).toMatchObject([{ usable: true, isDefault: true }])
  })
})

describe('choosing', () => {
  test('measures once and takes the fastest, also after the next start', async () => {
    const { list, measure } = open()
    expect(await list.choose(null)).toMatchObject({ device: 'fast', why: 'fastest of 2 measured' })
    expect(measure).toHaveBeenCalledTimes(2)
    expect(told.pop()?.map(({ millisecondsPerStep, isDefault }) => [millisecondsPerStep, isDefault])).toEqual([
      [9, false],
      [2, true],
      [null, false]
    ])
    const again = open()
    expect(await again.list.choose(null)).toMatchObject({ device: 'fast' })
    expect(again.measure).not.toHaveBeenCalled()
  })

  test('a new driver is measured anew, the others are not', async () => {
    await open().list.choose(null)
    found = [device('slow', { driver: '2' }), device('fast')]
    speeds = { slow: 1, fast: 1000 }
    const { list, measure } = open()
    expect(await list.choose(null)).toMatchObject({ device: 'slow' })
    expect(measure).toHaveBeenCalledTimes(1)
  })

  test('measures nothing where one device is usable, where one is named, or while something trains', async () => {
    const { list, measure } = open()
    expect(await list.choose('slow')).toMatchObject({ device: 'slow', why: 'chosen by you' })
    isBusy = true
    expect(await list.choose(null)).toMatchObject({
      device: 'slow',
      why: 'first of the usable devices, none is measured yet'
    })
    isBusy = false
    found = [device('slow')]
    await list.lookAgain()
    expect(await list.choose(null)).toMatchObject({ device: 'slow', why: 'the only usable device' })
    expect(measure).not.toHaveBeenCalled()
  })

  test('two choices at once share one measuring', async () => {
    const { list, measure } = open()
    await Promise.all([list.choose(null), list.choose(null)])
    expect(measure).toHaveBeenCalledTimes(2)
  })

  test('a run that comes between ends the measuring, not the choice', async () => {
    speeds = { slow: new LabError('busy', 'The trainer is at work on a run'), fast: 1 }
    const { list, measure } = open()
    expect(await list.choose(null)).toMatchObject({ device: 'slow' })
    expect(measure).toHaveBeenCalledTimes(1)
    expect((await list.all()).map(({ lastFailure }) => lastFailure)).toEqual(['', '', ''])
  })

  test('one that can’t be measured comes last, and is not tried by itself again', async () => {
    speeds = { slow: 9, fast: new LabError('device-unavailable', 'It was lost') }
    await open().list.choose(null)
    const { list, measure } = open()
    expect(await list.choose(null)).toMatchObject({ device: 'slow', why: 'the only one measured' })
    expect(measure).not.toHaveBeenCalled()
    expect(named(await list.all(), 'fast')).toMatchObject({ usable: true, lastFailure: 'It was lost.' })
  })

  test('an adapter may be named by a part of its name, whatever the case', async () => {
    found = [device('cpu'), device('webgpu'), device('webgpu:1', { title: 'WebGPU · Radeon 780M' })]
    const { list } = open()
    expect(await list.choose('webgpu')).toMatchObject({ device: 'webgpu' })
    for (const name of ['webgpu:1', 'webgpu:radeon', 'webgpu:780M']) {
      expect(await list.choose(name)).toMatchObject({ device: 'webgpu:1', title: 'WebGPU · Radeon 780M' })
    }
    await expect(list.choose('webgpu:GeForce')).rejects.toMatchObject({
      data: { problem: 'There is no such device', found: 'webgpu:GeForce', expected: 'cpu, webgpu, webgpu:1' }
    })
    await expect(list.choose('cpu:radeon')).rejects.toMatchObject({ kind: 'device-unavailable' })
  })

  test('a software adapter is measured and taken only where it is named', async () => {
    found = [device('slow'), device('webgpu', { software: true })]
    const { list, measure } = open()
    expect(await list.choose(null)).toMatchObject({ device: 'slow', why: 'the only usable device' })
    expect(measure).not.toHaveBeenCalled()
    expect(await list.choose('webgpu')).toMatchObject({ device: 'webgpu', why: 'chosen by you' })
    expect(await list.next(failure('slow'))).toBeNull()
  })

  test.each([
    ['off', { problem: 'The device off can’t be used', found: 'No driver', expected: '', remedy: 'Install one' }],
    ['cuda', { problem: 'There is no such device', found: 'cuda', expected: 'slow, fast, off' }]
  ])('%s is refused with what is the matter', async (name, data) => {
    const error: unknown = await open()
      .list.choose(name)
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
  test('the next best takes over; the failure is remembered over a restart until it is measured again', async () => {
    await open().list.choose(null)
    const { list } = open()
    expect(await list.next(failure('fast'))).toMatchObject({ device: 'slow', why: 'the next best after a failure' })
    expect(told.pop()?.map(({ isDefault }) => isDefault)).toEqual([true, false, false])

    const later = open()
    expect(named(await later.list.all(), 'fast')).toMatchObject({
      usable: true,
      millisecondsPerStep: null,
      lastFailure: 'It broke.'
    })
    expect(await later.list.choose(null)).toMatchObject({ device: 'slow', why: 'the only one measured' })
    expect(later.measure).not.toHaveBeenCalled()
    expect(await later.list.choose('fast')).toMatchObject({ device: 'fast' })
    expect(await later.list.refusal('fast')).toBeNull()

    await later.list.measure()
    expect(named(await later.list.all(), 'fast')).toMatchObject({ millisecondsPerStep: 2, lastFailure: '' })
    expect(await later.list.choose(null)).toMatchObject({ device: 'fast', why: 'fastest of 2 measured' })
  })

  test('each is tried once, best first', async () => {
    found = [device('slow'), device('fast'), device('middle')]
    speeds = { slow: 9, fast: 2, middle: 5 }
    const { list } = open()
    await list.choose(null)
    expect(await list.next(failure('fast'))).toMatchObject({ device: 'middle' })
    expect(await list.next(failure('middle', 'trainer-hung', ['fast', 'middle']))).toMatchObject({ device: 'slow' })
    expect(await list.next(failure('slow', 'device-lost', ['fast', 'middle', 'slow']))).toBeNull()
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
    expect(await list.next(failure('slow', 'internal', ['fast', 'slow']))).toBeNull()
    found = [device('slow')]
    await list.lookAgain()
    for (let turn = 0; turn < 3; turn++) expect(await list.next(failure('slow'))).toBeNull()
    expect(await list.all()).toMatchObject([{ usable: true, isDefault: true }])
    expect(await list.choose(null)).toMatchObject({ device: 'slow' })
  })

  test('one that has gone meanwhile is refused with the reason', async () => {
    const { list } = open()
    await list.all()
    expect(await list.refusal('off')).toMatchObject({ kind: 'device-unavailable', found: 'No driver' })
    found = [device('fast')]
    await list.lookAgain()
    expect(await list.refusal('slow')).toMatchObject({ problem: 'There is no such device', found: 'slow' })
  })
})
