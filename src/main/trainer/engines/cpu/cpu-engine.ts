// The engine that trains on the processor, with kernels of our own.
import type { FoundDevice } from '@shared/contract'
import { LabError, toLabErrorData } from '@shared/errors'
import { formatBytes } from '@shared/format'
import { availableMemory } from '../../../system/available-memory'
import { processorModel, processorTitle } from '../../../system/processor'
import type { Engine } from '../engine'
import { kernelError, loadKernels, type Kernels, type LoadedKernels } from './load-kernels'
import { description, openSession } from './cpu-session'

export interface CpuEngineParts {
  load?: () => Promise<LoadedKernels>
  /** Name of the instruction set to use, instead of the fastest that works; BOTTLENECK_LAB_KERNELS names one for tests. */
  instructionSet?: string | undefined
  /** Bytes that a session may take at most; by default what there is. */
  memory?: number
}

/** Its one device is `cpu`. */
export function createCpuEngine(parts: CpuEngineParts = {}): Engine {
  const { load = loadKernels, instructionSet = process.env.BOTTLENECK_LAB_KERNELS, memory = availableMemory() } = parts
  let loaded: Promise<Chosen> | undefined
  const chosen = () => (loaded ??= load().then((found) => choose(found, instructionSet)))
  return {
    async devices() {
      const cpu: Pick<FoundDevice, 'name' | 'title' | 'driver'> = { name: 'cpu', title: processorTitle(), driver: '' }
      try {
        const { set, remarks } = await chosen()
        const detail = [processorModel(), set, ...remarks].join(', ')
        return [{ ...cpu, usable: true, detail, remedy: '', runtimeVersion: '' }]
      } catch (error) {
        const { problem, found, remedy } = toLabErrorData(error)
        return [{ ...cpu, usable: false, detail: `${problem} (${found})`, remedy, runtimeVersion: '' }]
      }
    },
    async open(config) {
      if (config.device !== 'cpu') {
        throw new LabError('device-unavailable', 'There is no such device', { found: config.device, expected: 'cpu' })
      }
      const { kernels, set } = await chosen()
      const bytes = neededBytes(kernels, config)
      if (bytes > memory) {
        throw new LabError('out-of-memory', 'These models take more memory than there is', {
          found: formatBytes(bytes),
          expected: `at most ${formatBytes(memory)}`,
          remedy: 'Train fewer or smaller models'
        })
      }
      return openSession(kernels, set, config)
    }
  }
}

interface Chosen {
  kernels: Kernels
  /** The instruction set that is used. */
  set: string
  /** What keeps it from being faster. */
  remarks: string[]
}

/** The fastest instruction set that works, WebAssembly last, or the one that is wanted. */
async function choose({ kernels, remark, portable }: LoadedKernels, wanted: string | undefined): Promise<Chosen> {
  const others: string[] = []
  for (const load of [() => kernels, ...(portable ? [portable] : [])]) {
    const own = await load()
    for (const set of own.instructionSets()) {
      if (wanted ? set === wanted : own.isWorking(set)) {
        const broken = wanted ? [] : others.map((name) => `${name} fails its self-test here`)
        return { kernels: own, set, remarks: [...broken, ...(remark ? [remark] : [])] }
      }
      others.push(set)
    }
  }
  throw new LabError('not-supported', 'This processor runs no such kernels', {
    found: wanted || 'none that work',
    expected: others.join(' or ')
  })
}

function neededBytes(kernels: Kernels, config: Parameters<Engine['open']>[0]): number {
  try {
    return kernels.bytes(description(config))
  } catch (thrown) {
    throw kernelError(thrown)
  }
}
