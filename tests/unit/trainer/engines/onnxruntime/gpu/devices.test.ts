import { execFileSync } from 'node:child_process'
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { FoundDevice } from '@shared/contract'
import { cudaVersionOf } from '../../../../../../src/main/trainer/engines/onnxruntime/gpu/gpu-devices'
import { providerOf } from '../../../../../../src/main/trainer/engines/onnxruntime/gpu/provider'
import { trainerEnvironment } from '../../../../../../src/main/system/addons'
import { buildEntry, removeEntry } from '../../../../../fixtures/engines/build-entry'

const linux = process.platform === 'linux' && process.arch === 'x64'
const icd = process.env.VK_DRIVER_FILES ?? ''

describe('the GPUs of onnxruntime on Linux', () => {
  beforeEach(({ skip }) => skip(!linux, 'needs Linux on x64'))
  const folder = mkdtempSync(join(tmpdir(), 'bottleneck-lab-devices-'))
  let entry = ''

  beforeAll(async () => {
    entry = await buildEntry('engines/tell-devices')
    // Beside the repository's packages, as the application is.
    copyFileSync(entry, resolve('out/tell-devices.js'))
  })
  afterAll(async () => {
    await removeEntry(entry)
    rmSync(resolve('out/tell-devices.js'), { force: true })
    rmSync(folder, { recursive: true, force: true })
  })

  function devices(changes: NodeJS.ProcessEnv): Record<string, FoundDevice> {
    const env = { ...process.env, ...changes }
    const told = execFileSync(process.execPath, [resolve('out/tell-devices.js')], {
      env,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore']
    })
    return Object.fromEntries((JSON.parse(told) as FoundDevice[]).map((device) => [device.name, device]))
  }
  const driver = (path: string) => ({ VK_DRIVER_FILES: path, VK_ICD_FILENAMES: path })

  it('without any Vulkan driver are not usable, the CPU is, and the runtime says why', () => {
    const { cpu, webgpu } = devices(driver(join(folder, 'none.json')))
    expect(cpu).toMatchObject({ usable: true })
    expect(webgpu).toMatchObject({ usable: false })
    const [detail, remedy] = webgpu?.detail.startsWith('No GPU')
      ? [/^No GPU was found in this computer \(.*No supported adapters/, /^$/]
      : [/^There is no GPU that WebGPU can use \(.*No supported adapters/, /^Install the Vulkan loader/]
    expect(webgpu?.detail).toMatch(detail)
    expect(webgpu?.remedy).toMatch(remedy)
  })

  it('with a broken Vulkan driver are not usable, and the process survives', () => {
    writeFileSync(join(folder, 'broken.so'), 'no library')
    const ICD = { library_path: join(folder, 'broken.so'), api_version: '1.0.5' }
    writeFileSync(join(folder, 'broken.json'), JSON.stringify({ file_format_version: '1.0.0', ICD }))
    const { cpu, webgpu } = devices(driver(join(folder, 'broken.json')))
    expect(cpu).toMatchObject({ usable: true })
    expect(webgpu).toMatchObject({ usable: false })
  })

  it('name a program that plays a GPU as what it is', ({ skip }) => {
    skip(!icd.includes('swiftshader'), 'needs SwiftShader, named by VK_DRIVER_FILES')
    const { webgpu } = devices({})
    expect(webgpu).toMatchObject({ usable: true, title: 'WebGPU · SwiftShader (software)' })
    expect(webgpu?.detail).toContain('slower than the device cpu')
  })

  it('say of CUDA that its libraries are not there, without a word of the runtime’s own', () => {
    const { cuda } = devices(driver(join(folder, 'none.json')))
    expect(cuda).toMatchObject({ usable: false })
    expect(cuda?.detail).toMatch(/CUDA libraries of ONNX Runtime are (an add-on that is )?not installed$/)
  })

  it('say of CUDA in the loader’s words why its libraries can’t be loaded', () => {
    const { version } = JSON.parse(readFileSync('node_modules/onnxruntime-node/package.json', 'utf8')) as {
      version: string
    }
    const home = join(folder, 'home')
    const addon = join(home, 'data/addons', `onnxruntime-${version}-cuda`)
    mkdirSync(addon, { recursive: true })
    copyFileSync(
      'node_modules/onnxruntime-node/bin/napi-v6/linux/x64/libonnxruntime.so.1',
      join(addon, 'libonnxruntime.so.1')
    )
    for (const part of ['shared', 'cuda'])
      writeFileSync(join(addon, `libonnxruntime_providers_${part}.so`), 'no library')
    const env = trainerEnvironment({ ...process.env, BOTTLENECK_LAB_HOME: home })
    expect(env.LD_LIBRARY_PATH?.split(':')[0]).toBe(addon)
    const { cpu, cuda } = devices(env)
    expect(cpu).toMatchObject({ usable: true })
    expect(cuda).toMatchObject({ usable: false })
    expect(cuda?.detail).toMatch(/libonnxruntime_providers_shared\.so: (file too short|invalid ELF header)/)
    expect(cuda?.remedy).toContain('Install CUDA, cuDNN 9')
  })
})

it('the remedy names the version of CUDA that the loader misses', () => {
  expect(cudaVersionOf('libcublasLt.so.13: cannot open shared object file: No such file or directory')).toBe('13')
  expect(cudaVersionOf('libcudnn.so.9: cannot open shared object file')).toBe('')
})

it('a trainer has NVIDIA’s libraries compute in full float32, unless the user wants otherwise', () => {
  expect(trainerEnvironment({}).NVIDIA_TF32_OVERRIDE).toBe('0')
  expect(trainerEnvironment({ NVIDIA_TF32_OVERRIDE: '1' }).NVIDIA_TF32_OVERRIDE).toBe('1')
})

describe('providerOf', () => {
  it.each([
    ['webgpu', { name: 'webgpu', deviceId: 0 }],
    ['cuda', { name: 'cuda', deviceId: 0 }],
    ['dml:1', { name: 'dml', deviceId: 1 }]
  ])('knows %s', (name, expected) => {
    expect(providerOf(name)).toMatchObject(expected)
  })

  it.each(['cpu', 'gpu', 'webgpu:1', 'cuda:', 'cuda:x', 'dml:100', 'WebGPU', ''])(
    'does not take %j for a GPU',
    (name) => {
      expect(providerOf(name)).toBeNull()
    }
  )
})
