import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createDeviceHistory } from '../../../src/main/lab/device-history'
import type { FoundDevice } from '../../../src/shared/contract'
import { keptLog } from '../../fixtures/lab'

let home: string
let path: string
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'bottleneck-lab-devices-'))
  path = join(home, 'config', 'devices.json')
})
afterEach(() => rm(home, { recursive: true, force: true }))

const gpu: FoundDevice = {
  name: 'webgpu',
  title: 'A GPU',
  usable: true,
  detail: 'an adapter',
  remedy: '',
  driver: 'Vendor 550.1',
  runtimeVersion: '1.30.0'
}
const cpu: FoundDevice = { ...gpu, name: 'cpu', title: 'CPU', driver: '' }
const open = (version = '1.0.0', log = keptLog()) => createDeviceHistory(path, version, log)
const recallOne = async (device: FoundDevice, version?: string) => (await open(version).recall([device]))[0]
const nothing = { millisecondsPerStep: null, lastFailure: '' }

test('speed and failures outlive the process, each device its own; a speed after a failure clears it', async () => {
  const history = open()
  await Promise.all([history.noteSpeed(gpu, 1.5), history.noteSpeed(cpu, 4), history.noteFailure(gpu, 'It was lost.')])
  expect(await open().recall([cpu, gpu])).toMatchObject([
    { millisecondsPerStep: 4, lastFailure: '' },
    { millisecondsPerStep: null, lastFailure: 'It was lost.' }
  ])
  await open().noteSpeed(gpu, 2)
  expect(await recallOne(gpu)).toMatchObject({ millisecondsPerStep: 2, lastFailure: '' })
  expect(await readdir(dirname(path))).toEqual(['devices.json'])
})

test('another driver, adapter, runtime or application is another device', async () => {
  await open().noteSpeed(gpu, 1.5)
  for (const change of [
    { driver: 'Vendor 551.0' },
    { detail: 'another adapter' },
    { runtimeVersion: '1.31.0' },
    { title: 'B' }
  ]) {
    expect(await recallOne({ ...gpu, ...change })).toEqual(nothing)
  }
  expect(await recallOne(gpu, '1.1.0')).toEqual(nothing)
  expect(await recallOne(gpu)).toMatchObject({ millisecondsPerStep: 1.5 })
})

test.each([
  ['no JSON', '{'],
  ['another format', '{"format":3,"devices":[]}'],
  [
    'a speed that is none',
    JSON.stringify({ format: 2, devices: [{ ...gpu, appVersion: '1.0.0', millisecondsPerStep: -1, lastFailure: '' }] })
  ]
])('a file with %s counts as empty, is logged, and is replaced', async (_, text) => {
  await mkdir(dirname(path))
  await writeFile(path, text)
  const log = keptLog()
  const history = open('1.0.0', log)
  expect(await history.recall([gpu])).toEqual([nothing])
  expect(log.lines[0]).toMatch(/devices\.json is not usable/)
  await history.noteSpeed(gpu, 2)
  expect(JSON.parse(await readFile(path, 'utf8'))).toMatchObject({ format: 2, devices: [{ name: 'webgpu' }] })
})

test('the file of an older version is set aside: its devices are measured anew', async () => {
  await mkdir(dirname(path))
  await copyFile(resolve('tests/fixtures/devices-format-1.json'), path)
  const log = keptLog()
  const old: FoundDevice = { ...cpu, title: 'CPU · 2 threads', detail: 'AMD EPYC', runtimeVersion: '1.30.0' }
  const history = open('0.1.0', log)
  expect(await history.recall([old])).toEqual([nothing])
  expect(log.lines[0]).toMatch(/devices\.json is not usable: devices are measured anew/)
  await history.noteSpeed(old, 3)
  expect(await open('0.1.0').recall([old])).toMatchObject([{ millisecondsPerStep: 3, lastFailure: '' }])
})

test('what can’t be written is known until the end', async () => {
  await writeFile(join(home, 'config'), '') // a file where the folder should be
  const log = keptLog()
  const history = open('1.0.0', log)
  await history.noteSpeed(gpu, 2)
  await history.noteFailure(gpu, 'It was lost.')
  expect(await history.recall([gpu])).toMatchObject([{ millisecondsPerStep: null, lastFailure: 'It was lost.' }])
  expect(log.lines[0]).toMatch(/could not be saved/)
})
