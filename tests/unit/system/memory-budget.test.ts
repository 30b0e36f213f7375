import { totalmem } from 'node:os'
import { afterEach, expect, it, vi } from 'vitest'
import { memoryBudgetBytes } from '../../../src/main/system/memory-budget'

afterEach(() => vi.unstubAllGlobals())

it('is what was asked for, else a quarter of the machine’s memory', () => {
  expect(memoryBudgetBytes(512)).toBe(512e6)
  expect(memoryBudgetBytes(null, 8e9)).toBe(2e9)
  expect(memoryBudgetBytes(null)).toBe(totalmem() / 4)
})

it.each([undefined, () => 0])(
  'goes by the system where no container limits it, or the runtime can’t tell',
  (constrainedMemory) => {
    vi.stubGlobal('process', { constrainedMemory })
    expect(memoryBudgetBytes(null)).toBe(totalmem() / 4)
  }
)

it('goes by what a container allows', () => {
  vi.stubGlobal('process', { constrainedMemory: () => 2e9 })
  expect(memoryBudgetBytes(null)).toBe(5e8)
})
