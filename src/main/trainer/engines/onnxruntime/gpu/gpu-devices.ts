// The GPUs that this engine knows of, usable or not, each with its reason and what would help.
import type { FoundDevice } from '@shared/contract'
import { toLabErrorData, type LabErrorData } from '@shared/errors'
import { supportedBackends } from '../session'
import { findAdapters, nvidiaDriver, type Adapter } from './adapters'
import { cudaLibraries } from './cuda-libraries'
import { providerTitles } from './device-error'
import type { GpuThread } from './gpu-thread'
import { providerOf, type Provider } from './provider'

/** Lists the GPUs. What was found usable is not tried again in this process; what was not is, since a driver may have come. */
export type FindGpus = (runtimeVersion: string) => Promise<FoundDevice[]>

export function createFindGpus(thread: GpuThread): FindGpus {
  const usable = new Set<string>()

  /** Tries the device; answers with what keeps it from being used, null if nothing does. */
  async function problemOf(provider: Provider): Promise<LabErrorData | null> {
    const key = `${provider.name}:${provider.deviceId}`
    if (usable.has(key)) return null
    try {
      await thread.probe(provider)
      usable.add(key)
      return null
    } catch (error) {
      return toLabErrorData(error)
    }
  }

  return async (runtimeVersion) => {
    const adapters = await findAdapters()
    const common = { engine: 'onnxruntime' as const, driver: '', runtimeVersion }
    const devices: FoundDevice[] = [{ ...common, ...(await webgpu(adapters, problemOf)) }]
    if (process.platform === 'linux' && process.arch === 'x64') {
      devices.push({ ...common, ...(await cuda(adapters, problemOf)) })
    }
    if (process.platform === 'win32') {
      for (const [index, adapter] of adapters.entries()) {
        devices.push({ ...common, ...(await directMl(adapter, index, problemOf)) })
      }
    }
    return devices
  }
}

type ProblemOf = (provider: Provider) => Promise<LabErrorData | null>
type Told = Pick<FoundDevice, 'name' | 'title' | 'usable' | 'detail' | 'remedy'> & { driver?: string }

async function webgpu(adapters: Adapter[], problemOf: ProblemOf): Promise<Told> {
  const name = 'webgpu'
  const title = providerTitles[name]
  if (!(await supportedBackends()).includes(name)) {
    const detail = `ONNX Runtime has no WebGPU for ${process.platform} on ${process.arch}`
    return { name, title, usable: false, detail, remedy: '' }
  }
  const [first, ...others] = adapters
  const problem = await problemOf(needed(name))
  if (problem !== null) {
    const detail = withRuntimeWords(first ? problem : { ...problem, problem: 'No GPU was found in this computer' })
    return { name, title: titled(title, first), usable: false, detail, remedy: driverRemedy(first) }
  }
  // What computes although the system shows no GPU is a program.
  const adapter = first ?? { name: 'unknown adapter', driver: '', software: true }
  const { driver, software } = adapter
  const facts = { name, title: titled(title, adapter), driver, detail: detailOf(adapter, others), remedy: '' }
  return { ...facts, usable: true, ...(software && { software }) }
}

/** As a sentence, with the runtime's own words. */
function withRuntimeWords({ problem, found }: Pick<LabErrorData, 'problem' | 'found'>): string {
  return found ? `${problem} (${found})` : problem
}

function titled(title: string, adapter: Adapter | undefined): string {
  if (!adapter) return title
  return `${title} · ${adapter.name}${adapter.software ? ' (software)' : ''}`
}

function detailOf({ name, software }: Adapter, others: Adapter[]): string {
  if (software) return `${name} is a program that plays a GPU on the processor, and slower than the device cpu`
  if (others.length === 0) return name
  const also = others.map((other) => other.name).join(', ')
  return `${name}. Also in this computer: ${also}; the system gives WebGPU the one that it calls the fastest`
}

function driverRemedy(adapter: Adapter | undefined): string {
  if (!adapter) return ''
  if (process.platform !== 'linux') return `Install the newest driver of ${adapter.name}`
  return `Install the Vulkan loader (libvulkan1) and the Vulkan driver of ${adapter.name}`
}

async function cuda(adapters: Adapter[], problemOf: ProblemOf): Promise<Told> {
  const name = 'cuda'
  const card = adapters.find((adapter) => adapter.name.startsWith('NVIDIA'))
  const title = titled(providerTitles[name], card)
  const driver = nvidiaDriver()
  const found = { name, title, driver }
  const libraries = await cudaLibraries()
  if (!libraries.installed) {
    const detail = card
      ? 'The CUDA libraries of ONNX Runtime are an add-on that is not installed'
      : 'No NVIDIA GPU was found in this computer, and the CUDA libraries of ONNX Runtime are not installed'
    return { ...found, usable: false, detail, remedy: card ? 'Run npm run setup:cuda' : '' }
  }
  const problem = await problemOf(needed(name))
  if (problem === null) return { ...found, usable: true, detail: card?.name ?? 'NVIDIA GPU', remedy: '' }
  const missing = libraries.problem()
  const wanted = cudaVersionOf(missing)
  return {
    ...found,
    usable: false,
    detail: missing || withRuntimeWords(problem),
    remedy: `Install ${wanted ? `CUDA ${wanted}` : 'CUDA'}, cuDNN 9 and a driver that goes with them, or use the device webgpu`
  }
}

/** The major version of CUDA that the loader misses, from its words, e.g. `13` of `libcublasLt.so.13: cannot open …`; empty if they don't tell. */
export function cudaVersionOf(loaderWords: string): string {
  return /lib(?:cublas|cublasLt|cudart)\.so\.(\d+)/.exec(loaderWords)?.[1] ?? ''
}

async function directMl(adapter: Adapter, index: number, problemOf: ProblemOf): Promise<Told> {
  const name = index === 0 ? 'dml' : `dml:${index}`
  const found = { name, title: titled(providerTitles.dml, adapter), driver: adapter.driver }
  const problem = await problemOf(needed(name))
  if (problem === null) return { ...found, usable: true, detail: adapter.name, remedy: '' }
  return {
    ...found,
    usable: false,
    detail: withRuntimeWords(problem),
    remedy: 'Choose the device webgpu, which uses the same GPU'
  }
}

function needed(name: string): Provider {
  const provider = providerOf(name)
  if (!provider) throw new Error(`${name} is no GPU`)
  return provider
}
