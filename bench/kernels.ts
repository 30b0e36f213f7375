// Our kernels with each instruction set that this processor has, on one thread and on all, and as WebAssembly.
import { formatPlural } from '../src/shared/format'
import { createCpuEngine } from '../src/main/trainer/engines/cpu/cpu-engine'
import { loadKernels } from '../src/main/trainer/engines/cpu/load-kernels'
import type { Contender } from './contender'
import { createOurs } from './ours'
import type { Setup } from './setup'

/** Has no native file, so that the WebAssembly module is loaded. */
const NO_PLATFORM = 'webassembly'

export async function openKernels({ dataset, threads }: Setup): Promise<Contender[]> {
  const native = await loadKernels()
  const portable = await loadKernels(NO_PLATFORM)
  const counts = [...new Set([threads, 1])]
  return [native, portable].flatMap((loaded) =>
    loaded.kernels.instructionSets().flatMap((instructionSet) => {
      const engine = createCpuEngine({ instructionSet, load: () => Promise.resolve(loaded) })
      return (loaded === portable ? [1] : counts).map((count) => {
        const name = `${instructionSet}/${count}`
        const title = `${instructionSet}, ${formatPlural(count, 'thread')}`
        return createOurs({ name, title, kind: 'ours', engine, device: 'cpu', dataset, threads: count })
      })
    })
  )
}
