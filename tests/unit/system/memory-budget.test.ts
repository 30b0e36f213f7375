import { totalmem } from 'node:os'
import { afterEach, expect, it, vi } from 'vitest'
import { automaticMemoryBudget } from '../../../src/main/system/memory-budget'

const quarter = Math.floor(totalmem() / 4 / 1e6)
afterEach(() => vi.unstubAllGlobals())

it('is a quarter of the machine’s memory, in whole megabytes', () => {
  expect(automaticMemoryBudget(8_003_000_000)).toBe(2000)
  expect(automaticMemoryBudget()).toBe(quarter)
})

it.each([undefined, () => 0])(
  'goes by the system where no container limits it, or the runtime can’t tell',
  (constrainedMemory) => {
    vi.stubGlobal('process', { constrainedMemory })
    expect(automaticMemoryBudget()).toBe(quarter)
  }
)

it('goes by what a container allows', () => {
  vi.stubGlobal('process', { constrainedMemory: () => 2e9 })
  expect(automaticMemoryBudget()).toBe(500)
})
