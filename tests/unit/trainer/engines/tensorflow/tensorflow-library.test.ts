// The library that is not there, broken, or whole: what is told of each, and that none takes this process with it.
import { execFileSync } from 'node:child_process'
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it, type TestContext } from 'vitest'
import type { SessionConfig } from '../../../../../src/main/trainer/engines/engine'
import { devicesOf } from '../../../../../src/main/trainer/engines/tensorflow/tensorflow-devices'
import { createTensorflowEngine } from '../../../../../src/main/trainer/engines/tensorflow/tensorflow-engine'
import {
  findLibrary,
  missingLibraries,
  packageFolders,
  tryLibrary
} from '../../../../../src/main/trainer/engines/tensorflow/tensorflow-library'

const home = mkdtempSync(join(tmpdir(), 'bottleneck-lab-tensorflow-'))
afterAll(() => rmSync(home, { recursive: true }))

/** A package folder whose native part `write` makes. */
function packageWith(name: string, write: (path: string) => void): string {
  const folder = join(home, name)
  mkdirSync(join(folder, 'lib/napi-v8'), { recursive: true })
  write(join(folder, 'lib/napi-v8/tfjs_binding.node'))
  return folder
}

/** A shared library that ends the process which loads it, as TensorFlow does on a processor without AVX. */
function writeAborting(path: string, context: TestContext): void {
  const source = join(home, 'abort.c')
  const message = 'F tensorflow/core/platform/cpu_feature_guard.cc:37] It was compiled to use AVX instructions'
  writeFileSync(
    source,
    `#include <stdio.h>
     #include <stdlib.h>
     __attribute__((constructor)) static void start(void) { fputs("2026-01-01 00:00:00.1: ${message}\\n", stderr); abort(); }`
  )
  try {
    execFileSync('cc', ['-shared', '-fPIC', '-o', path, source], { stdio: 'ignore' })
  } catch {
    context.skip('needs a C compiler to make a library that aborts')
  }
}

const config: SessionConfig = {
  models: [],
  train: { pixels: new Uint8Array(), count: 0, size: 0 },
  device: 'tensorflow-cpu',
  threads: 1
}
const engineIn = (folders: string[]) => createTensorflowEngine({ workerPath: 'none', folders })

describe('a library that can’t be used', () => {
  it.each([
    [
      'without the package',
      [],
      /the npm package @tensorflow\/tfjs-node-gpu is not installed/,
      'Run npm ci, then npm run setup:tensorflow'
    ],
    ['without its native part', [home], /lib has no tfjs_binding\.node/, 'Run npm run setup:tensorflow']
  ])('%s', async (_what, folders, detail, remedy) => {
    const engine = engineIn(folders)
    const devices = await engine.devices()
    expect(devices.map(({ name, usable }) => [name, usable])).toEqual([
      ['tensorflow-cpu', false],
      ['tensorflow-cuda', false]
    ])
    for (const device of devices) {
      expect(device.detail).toMatch(detail)
      expect(device.remedy).toBe(remedy)
    }
    await expect(engine.open(config)).rejects.toMatchObject({
      kind: 'device-unavailable',
      data: { problem: expect.stringMatching(detail) as string, remedy }
    })
  })

  it('tells the loader’s own words of a broken file', async () => {
    const folder = packageWith('broken', (path) => writeFileSync(path, 'this is no library'))
    const [cpu] = await engineIn([folder]).devices()
    expect(cpu).toMatchObject({ usable: false, remedy: 'Run npm run setup:tensorflow', runtimeVersion: '' })
    expect(cpu?.detail).toContain('tfjs_binding.node')
    expect(cpu?.detail).not.toContain('\n')
  })

  it('names the library that is missing beside the native part', async (context) => {
    const installed = findLibrary(packageFolders())
    if (!installed) return context.skip('needs TensorFlow’s native part: npm run setup:tensorflow')
    const folder = packageWith('alone', (path) => copyFileSync(installed.binding, path))
    const state = await tryLibrary([folder])
    expect(state).toMatchObject({ loads: false, missing: null })
    expect(state.loads ? '' : state.reason).toMatch(/libtensorflow/)
  })

  it('survives one that aborts, and tells what it last said', async (context) => {
    const folder = packageWith('aborting', (path) => writeAborting(path, context))
    const state = await tryLibrary([folder])
    expect(state).toEqual({ loads: false, missing: null, reason: 'It was compiled to use AVX instructions' })
  })
})

describe('the installed library', () => {
  it('is the first package with a native part that this Node can load', () => {
    const first = packageWith('first', () => undefined)
    const second = packageWith('second', (path) => writeFileSync(path, ''))
    mkdirSync(join(second, 'lib/napi-v999'))
    writeFileSync(join(second, 'lib/napi-v999/tfjs_binding.node'), '')
    expect(findLibrary([first, second])).toEqual({
      packageFolder: second,
      binding: join(second, 'lib/napi-v8/tfjs_binding.node')
    })
    expect(findLibrary([first])).toBeNull()
  })

  it('is where BOTTLENECK_LAB_TENSORFLOW says', () => {
    expect(packageFolders({ BOTTLENECK_LAB_TENSORFLOW: '/somewhere' })).toEqual(['/somewhere'])
  })
})

describe('devices', () => {
  // As TensorFlow 2.9 logs it.
  const withoutCuda = `
2026-01-01 10:00:00.1: W tensorflow/stream_executor/platform/default/dso_loader.cc:64] Could not load dynamic library 'libcudart.so.11.0'; dlerror: libcudart.so.11.0: cannot open shared object file: No such file or directory; LD_LIBRARY_PATH: /usr/lib
2026-01-01 10:00:00.2: I tensorflow/stream_executor/cuda/cudart_stub.cc:29] Ignore above cudart dlerror if you do not have a GPU set up on your machine.
2026-01-01 10:00:00.3: W tensorflow/stream_executor/platform/default/dso_loader.cc:64] Could not load dynamic library 'libcudnn.so.8'; dlerror: libcudnn.so.8: cannot open shared object file: No such file or directory
2026-01-01 10:00:00.4: W tensorflow/stream_executor/platform/default/dso_loader.cc:64] Could not load dynamic library 'libcudart.so.11.0'; dlerror: libcudart.so.11.0: cannot open shared object file: No such file or directory
`
  const withGpu =
    '2026-01-01 10:00:00.1: I tensorflow/core/common_runtime/gpu/gpu_device.cc:1532] Created device ' +
    '/job:localhost/replica:0/task:0/device:GPU:0 with 2154 MB memory:  -> device: 0, name: NVIDIA GeForce RTX 3050 Ti ' +
    'Laptop GPU, pci bus id: 0000:01:00.0, compute capability: 8.6\n'

  it('are the CPU alone where no GPU is seen', () => {
    const [cpu, cuda] = devicesOf({ loads: true, version: '2.9.1', usesGpu: false, log: '' })
    expect(cpu).toMatchObject({ name: 'tensorflow-cpu', usable: true, remedy: '', runtimeVersion: '2.9.1' })
    expect(cpu?.title).toMatch(/^TensorFlow CPU · \d+ threads?$/)
    expect(cuda).toMatchObject({
      name: 'tensorflow-cuda',
      usable: false,
      detail: 'TensorFlow sees no NVIDIA GPU',
      runtimeVersion: '2.9.1'
    })
  })

  it('tell which libraries of CUDA and cuDNN are missing, in the loader’s words', () => {
    const words = 'libcudart.so.11.0: cannot open shared object file: No such file or directory'
    expect(missingLibraries(withoutCuda)).toEqual([
      { name: 'libcudart.so.11.0', reason: words },
      { name: 'libcudnn.so.8', reason: expect.stringContaining('libcudnn.so.8: cannot open') as string }
    ])
    const [, cuda] = devicesOf({ loads: true, version: '2.9.1', usesGpu: false, log: withoutCuda })
    expect(cuda?.detail).toBe(`TensorFlow sees no NVIDIA GPU: ${words}; it lacks libcudnn.so.8 too`)
    expect(cuda?.remedy).toContain('CUDA 11.2 and cuDNN 8.1')
  })

  it('are the GPU by its name where one is seen, and not the CPU too', () => {
    const [cpu, cuda] = devicesOf({ loads: true, version: '2.9.1', usesGpu: true, log: withGpu })
    expect(cuda).toMatchObject({ usable: true, detail: 'NVIDIA GeForce RTX 3050 Ti Laptop GPU', remedy: '' })
    expect(cpu).toMatchObject({ usable: false, remedy: expect.stringContaining('CUDA_VISIBLE_DEVICES=-1') as string })
  })
})
