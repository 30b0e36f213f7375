// WebGPU in plain Node: Dawn's binding, the npm package `webgpu`. It is installed apart, since it takes 132 MB.
import { createRequire } from 'node:module'
import type { FoundDevice } from '@shared/contract'
import { LabError, messageOf } from '@shared/errors'
import type { Engine } from '../engine'
import { openGpuSession } from './gpu-session'

export const INSTALL_COMMAND = 'npm install --no-save webgpu'

interface Dawn {
  create(flags: string[]): GPU
  version: string
}

/** The kernels are ours: what protects a page from a stranger's costs time and, on a software adapter, minutes of compiling. */
const TRUSTED = 'enable-dawn-features=skip_validation,disable_robustness,disable_workgroup_init'
const SOFTWARE = /swiftshader|llvmpipe|lavapipe|basic render/i

interface Adapter {
  name: string
  info: GPUAdapterInfo
  isBest: boolean
}

/** `from`: a file beside whose packages `webgpu` is looked for. */
export function createNodeEngine(from = __filename): Engine {
  // Dawn ends when nothing holds what `create` gives.
  const opened = new Map<string, GPU>()

  function gpuOf(dawn: Dawn, adapter: string): GPU {
    const gpu = opened.get(adapter) ?? dawn.create([TRUSTED, ...(adapter ? [`adapter=${adapter}`] : [])])
    opened.set(adapter, gpu)
    return gpu
  }

  /** All adapters, the one that WebGPU prefers for performance first. */
  async function adapters(dawn: Dawn): Promise<Adapter[]> {
    const found = await Promise.all(
      (await adapterNames(dawn)).map(async (name) => ({ name, info: (await request(gpuOf(dawn, name)))?.info }))
    )
    const best = (await request(gpuOf(dawn, '')))?.info
    return found
      .flatMap(({ name, info }) => (info ? [{ name, info, isBest: isSame(info, best) }] : []))
      .sort((a, b) => Number(b.isBest) - Number(a.isBest))
  }

  return {
    async devices() {
      const dawn = loadDawn(from)
      if (dawn instanceof LabError) return [unusable(dawn)]
      const found = await adapters(dawn)
      if (found.length === 0) return [unusable(new LabError('device-unavailable', 'WebGPU finds no adapter'))]
      return found.map((adapter, index) => deviceOf(adapter, index === 0, dawn))
    },
    async open(config) {
      const dawn = loadDawn(from)
      if (dawn instanceof LabError) throw dawn
      const part = config.device.slice('webgpu:'.length)
      if (!part) return openGpuSession(gpuOf(dawn, ''), config)
      const names = await adapterNames(dawn)
      const wanted = part.toLowerCase()
      const name =
        names.find((one) => one.toLowerCase() === wanted) ?? names.find((one) => one.toLowerCase().includes(wanted))
      if (name) return openGpuSession(gpuOf(dawn, name), config)
      const expected = `part of ${names.join(', ')}`
      throw new LabError('device-unavailable', 'WebGPU has no such adapter', { found: part, expected })
    }
  }
}

/** The binding, or why there is none. */
function loadDawn(from: string): Dawn | LabError {
  const require = createRequire(from)
  try {
    const { version } = require('webgpu/package.json') as { version: string }
    return { ...(require('webgpu') as Pick<Dawn, 'create'>), version }
  } catch (error) {
    const isMissing = (error as NodeJS.ErrnoException).code === 'MODULE_NOT_FOUND'
    const reason = isMissing ? 'the npm package webgpu is not installed' : (messageOf(error).split('\n')[0] ?? '')
    return new LabError('device-unavailable', `WebGPU can’t be loaded: ${reason}`, {
      remedy: isMissing ? `Run ${INSTALL_COMMAND}` : ''
    })
  }
}

/** Dawn lists its adapters when it is asked for one that there is not. An adapter may have several backends. */
async function adapterNames(dawn: Dawn): Promise<string[]> {
  try {
    await dawn.create(['adapter=none of them']).requestAdapter()
    return []
  } catch (error) {
    return [...new Set([...messageOf(error).matchAll(/ name: '(.*)'$/gm)].map(([, name]) => name as string))]
  }
}

const request = (gpu: GPU) => gpu.requestAdapter({ powerPreference: 'high-performance' })

function isSame(one: GPUAdapterInfo, other: GPUAdapterInfo | undefined): boolean {
  return other !== undefined && one.vendor === other.vendor && one.device === other.device
}

function deviceOf({ name, info }: Adapter, isFirst: boolean, { version }: Dawn): FoundDevice {
  return {
    name: isFirst ? 'webgpu' : `webgpu:${name}`,
    title: `WebGPU · ${name}`,
    usable: true,
    detail: name,
    remedy: '',
    driver: info.description,
    runtimeVersion: version,
    ...((SOFTWARE.test(name) || info.isFallbackAdapter) && { software: true })
  }
}

function unusable({ data }: LabError): FoundDevice {
  const { problem, remedy } = data
  return { name: 'webgpu', title: 'WebGPU', usable: false, detail: problem, remedy, driver: '', runtimeVersion: '' }
}
