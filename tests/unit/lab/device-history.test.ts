import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createDeviceMemory } from '../../../src/main/lab/device-memory'
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
  engine: 'onnxruntime',
  name: 'webgpu',
  title: 'A GPU',
  usable: true,
  detail: 'an adapter',
  remedy: '',
  driver: 'Vendor 550.1',
  runtimeVersion: '1.30.0'
}
const cpu: FoundDevice = { ...gpu, name: 'cpu', title: 'CPU', driver: '' }
const open = (version = '1.0.0', log = keptLog()) => createDeviceMemory(path, version, log)
const recallOne = async (device: FoundDevice, version?: string) => (await open(version).recall([device]))[0]
const nothing = { millisecondsPerStep: null, failures: [] }

test('speed and failures outlive the process, each device its own', async () => {
  const memory = open()
  await Promise.all([memory.noteSpeed(gpu, 1.5), memory.noteSpeed(cpu, 4), memory.noteFailure(gpu, 'It was lost.')])
  expect(await open().recall([cpu, gpu])).toMatchObject([
    { millisecondsPerStep: 4, failures: [] },
    { millisecondsPerStep: 1.5, failures: ['It was lost.'] }
  ])
  await open().forget(gpu)
  expect(await recallOne(gpu)).toMatchObject(nothing)
  expect(await recallOne(cpu)).toMatchObject({ millisecondsPerStep: 4 })
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
  ['another format', '{"format":2,"devices":[]}'],
  [
    'a speed that is none',
    JSON.stringify({ format: 1, devices: [{ ...gpu, appVersion: '1.0.0', millisecondsPerStep: -1, failures: [] }] })
  ]
])('a file with %s counts as empty, is logged, and is replaced', async (_, text) => {
  await mkdir(dirname(path))
  await writeFile(path, text)
  const log = keptLog()
  const memory = open('1.0.0', log)
  expect(await memory.recall([gpu])).toEqual([nothing])
  expect(log.lines[0]).toMatch(/devices\.json is not usable/)
  await memory.noteSpeed(gpu, 2)
  expect(JSON.parse(await readFile(path, 'utf8'))).toMatchObject({ format: 1, devices: [{ name: 'webgpu' }] })
})

test('what can’t be written is known until the end', async () => {
  await writeFile(join(home, 'config'), '') // a file where the folder should be
  const log = keptLog()
  const memory = open('1.0.0', log)
  await memory.noteSpeed(gpu, 2)
  await memory.noteFailure(gpu, 'It was lost.')
  expect(await memory.recall([gpu])).toMatchObject([{ millisecondsPerStep: 2, failures: ['It was lost.'] }])
  expect(log.lines[0]).toMatch(/could not be saved/)
})
