// Our kernels with each instruction set that this processor has, on one thread and on all.
import { formatPlural } from '../src/shared/format'
import { createCpuEngine } from '../src/main/trainer/engines/cpu/engine'
import { loadKernels } from '../src/main/trainer/engines/cpu/kernels'
import type { Contender } from './contender'
import { createOurs } from './ours'
import type { Setup } from './setup'

export async function openKernels({ dataset, threads }: Setup): Promise<Contender[]> {
  const { instructionSets } = await loadKernels()
  return instructionSets().flatMap((instructionSet) => {
    const engine = createCpuEngine({ instructionSet })
    return [...new Set([threads, 1])].map((count) => {
      const name = `${instructionSet}/${count}`
      const title = `${instructionSet}, ${formatPlural(count, 'thread')}`
      return createOurs({ name, title, kind: 'ours', engine, device: 'cpu', dataset, threads: count })
    })
  })
}
