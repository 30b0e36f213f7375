import { totalmem } from 'node:os'
import { expect, it } from 'vitest'
import { memoryBudgetBytes } from '../../../src/main/system/memory-budget'

it('is what was asked for, else a quarter of the machine’s memory', () => {
  expect(memoryBudgetBytes(512)).toBe(512e6)
  expect(memoryBudgetBytes(null, 8e9)).toBe(2e9)
  expect(memoryBudgetBytes(null)).toBe(totalmem() / 4)
})
