// `lab devices` as it is printed. The lab is one that knows these devices and notes what it is asked.
import { beforeEach, expect, it } from 'vitest'
import { commandLine } from '../../../src/main/cli/main'
import type { Lab } from '../../../src/main/lab/lab'
import type { DeviceInfo, Leftovers } from '../../../src/shared/contract'
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
const software: DeviceInfo = {
  ...cpu,
  name: 'webgpu:1',
  title: 'SwiftShader',
  driver: 'Vendor 5',
  isDefault: false,
  millisecondsPerStep: null,
  detail: 'a software adapter',
  software: true
}
const failing: DeviceInfo = {
  ...cpu,
  name: 'tensorflow-cpu',
  title: 'TensorFlow',
  isDefault: false,
  millisecondsPerStep: 9,
  lastFailure: 'It crashed.'
}

let devices: DeviceInfo[]
let leftovers: Leftovers | null
let asked: string[]
beforeEach(() => {
  devices = [cpu, failing, gpu, software]
  leftovers = null
  asked = []
})

async function call(...argv: string[]) {
  const note = (what: string) => {
    asked.push(what)
    return devices
  }
  const lab = {
    calls: {
      describe: async () => ({ devices, leftovers }),
      measureDevices: async () => note('measure'),
      removeLeftovers: async () => {
        note('remove leftovers')
        leftovers = null
      }
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
      '   device          name             state       ms a step  driver    runtime',
      '*  cpu             CPU · 2 threads  usable            4.6  –         1.30.0',
      '   tensorflow-cpu  TensorFlow       usable            9.0  –         1.30.0',
      '   webgpu          WebGPU           not usable          –  –         1.30.0',
      '   webgpu:1        SwiftShader      usable              –  Vendor 5  1.30.0',
      '',
      'cpu: a processor.',
      'tensorflow-cpu: a processor. It failed last time. It crashed.',
      'webgpu: No adapter. Install a driver.',
      'webgpu:1: a software adapter.',
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

it('measures on demand alone', async () => {
  await call()
  expect(asked).toEqual([])
  expect((await call('--measure')).stderr).toBe('Measuring each usable device …\n')
  expect(asked).toEqual(['measure'])
})

it('names what an older version left with its size, and removes it where that is asked for', async () => {
  leftovers = { folder: '/home/me/.local/share/bottleneck-lab/addons', bytes: 1_234_567_890 }
  expect((await call()).stdout).toMatch(
    /\n\/home\/me\/\.local\/share\/bottleneck-lab\/addons \(1\.2 GB\) was left by setup:cuda of an older version, and nothing uses it any more\. To delete it: lab devices --remove-leftovers\n$/
  )
  const json = await call('--json')
  expect(json.stdout.trim().split('\n')).toHaveLength(devices.length)
  expect(asked).toEqual([])
  expect((await call('--remove-leftovers')).stdout).toMatch(/fastest of 2 measured\n$/)
  expect(asked).toEqual(['remove leftovers'])
})

it('what an older version had is an unknown option', async () => {
  expect(await call('--try', 'webgpu')).toMatchObject({
    code: 2,
    stdout: '',
    stderr: 'Unknown option: found --try, expected one of --measure, --remove-leftovers, --json, --help.\n'
  })
  expect(asked).toEqual([])
})
