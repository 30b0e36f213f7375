// The engine that trains on the processor, with kernels of our own.
import { totalmem } from 'node:os'
import type { FoundDevice } from '@shared/contract'
import { LabError, toLabErrorData } from '@shared/errors'
import { processorModel, processorTitle } from '../../../system/processor'
import type { Engine } from '../engine'
import { kernelError, loadKernels, type Kernels } from './kernels'
import { description, openSession } from './session'

export interface CpuEngineParts {
  load?: () => Promise<Kernels>
  /** Name of the instruction set to use; BOTTLENECK_LAB_KERNELS names one for tests. */
  instructionSet?: string | undefined
  /** Bytes that sessions may take at most. */
  memory?: number
}

/** Its one device is `cpu`. */
export function createCpuEngine(parts: CpuEngineParts = {}): Engine {
  const { load = loadKernels, instructionSet = process.env.BOTTLENECK_LAB_KERNELS, memory = totalmem() } = parts
  let loaded: Promise<{ kernels: Kernels; set: string }> | undefined
  const kernels = () => (loaded ??= load().then((found) => ({ kernels: found, set: chosenSet(found, instructionSet) })))
  return {
    async devices() {
      const cpu: Pick<FoundDevice, 'name' | 'title' | 'driver'> = { name: 'cpu', title: processorTitle(), driver: '' }
      try {
        const { set } = await kernels()
        const detail = `${processorModel()}, ${set}`
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
      const { kernels: found, set } = await kernels()
      const bytes = neededBytes(found, config)
      if (bytes > memory) {
        throw new LabError('out-of-memory', 'These models take more memory than there is', {
          found: megabytes(bytes),
          expected: `at most ${megabytes(memory)}`,
          remedy: 'Train fewer or smaller models'
        })
      }
      return openSession(found, set, config)
    }
  }
}

function chosenSet(kernels: Kernels, wanted: string | undefined): string {
  const sets = kernels.instructionSets()
  const set = wanted ? sets.find((name) => name === wanted) : sets[0]
  if (set === undefined) {
    throw new LabError('not-supported', 'This processor has no such instruction set', {
      found: wanted ?? '',
      expected: sets.join(' or ')
    })
  }
  return set
}

function neededBytes(kernels: Kernels, config: Parameters<Engine['open']>[0]): number {
  try {
    return kernels.bytes(description(config))
  } catch (thrown) {
    throw kernelError(thrown)
  }
}

const megabytes = (bytes: number) => `${Math.ceil(bytes / 1e6).toLocaleString('en-US')} MB`
