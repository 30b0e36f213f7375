// `lab devices` as it is printed. The lab is one that knows these devices and notes what it is asked.
import { beforeEach, expect, it } from 'vitest'
import { commandLine } from '../../../src/main/cli/main'
import type { Lab } from '../../../src/main/lab/lab'
import type { DeviceInfo } from '../../../src/shared/contract'
import { keptHost } from '../../fixtures/cli-host'
import { fixtureDevice } from '../../fixtures/device'

const cpu = fixtureDevice('cpu', {
  title: 'CPU · 2 threads',
  detail: 'a processor',
  runtimeVersion: '1.30.0',
  millisecondsPerStep: 4.56,
  isDefault: true
})
const away = { usable: false, isDefault: false, millisecondsPerStep: null }
const gpu: DeviceInfo = {
  ...cpu,
  ...away,
  name: 'webgpu',
  title: 'WebGPU',
  detail: 'No adapter.',
  remedy: 'Install a driver.'
}
const aside: DeviceInfo = {
  ...cpu,
  ...away,
  name: 'webgpu:1',
  title: 'A GPU',
  driver: 'Vendor 5',
  millisecondsPerStep: 1,
  detail: 'It failed twice. It was lost.',
  remedy: 'Try it again once the cause is gone.',
  lastFailure: 'It was lost.',
  isSetAside: true
}
const failing: DeviceInfo = {
  ...cpu,
  name: 'cuda',
  title: 'CUDA',
  isDefault: false,
  millisecondsPerStep: 9,
  lastFailure: 'It crashed.'
}

let devices: DeviceInfo[]
let asked: string[]
beforeEach(() => {
  devices = [cpu, failing, gpu, aside]
  asked = []
})

async function call(...argv: string[]) {
  const note = (what: string) => {
    asked.push(what)
    return devices
  }
  const lab = {
    calls: {
      describe: async () => ({ devices }),
      measureDevices: async () => note('measure'),
      forgiveDevice: async (engine: string, name: string) => note(`forgive ${engine} ${name}`)
    },
    close: async () => undefined
  } as unknown as Lab
  const { host, written } = keptHost({ createLab: () => lab })
  const code = await commandLine(['devices', ...argv], host)
  return { code, ...written }
}

it('a table, then what each is or why not, then which is taken and why', async () => {
  expect(await call()).toEqual({
    code: 0,
    stderr: '',
    stdout: [
      '   engine       device    name             state       ms a step  driver    runtime',
      '*  onnxruntime  cpu       CPU · 2 threads  usable            4.6  –         1.30.0',
      '   onnxruntime  cuda      CUDA             usable            9.0  –         1.30.0',
      '   onnxruntime  webgpu    WebGPU           not usable          –  –         1.30.0',
      '   onnxruntime  webgpu:1  A GPU            set aside         1.0  Vendor 5  1.30.0',
      '',
      'onnxruntime cpu: a processor.',
      'onnxruntime cuda: a processor. It failed once. It crashed.',
      'onnxruntime webgpu: No adapter. Install a driver.',
      'onnxruntime webgpu:1: It failed twice. It was lost. Try it again: lab devices --try webgpu:1.',
      '',
      '* what lab run takes: fastest of 2 measured',
      ''
    ].join('\n')
  })
})

it('with --json one device a line and nothing else', async () => {
  const { stdout, stderr } = await call('--json')
  const lines = stdout.trim().split('\n')
  expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual(devices)
  expect(stderr).toBe('')
})

it('says where nothing can train', async () => {
  devices = [gpu]
  expect((await call()).stdout).toMatch(/No device can train here\n$/)
})

it('measures, and tries a device again, on demand alone', async () => {
  await call()
  expect(asked).toEqual([])
  expect((await call('--measure')).stderr).toBe('Measuring each usable device …\n')
  await call('--try', 'webgpu:1')
  expect(asked).toEqual(['measure', 'forgive onnxruntime webgpu:1'])
})

it('a device that is not there is one sentence that names those that are', async () => {
  expect(await call('--try', 'tpu')).toEqual({
    code: 2,
    stdout: '',
    stderr: '--try is not usable: found tpu, expected cpu, cuda, webgpu, webgpu:1.\n'
  })
  expect(asked).toEqual([])
})
