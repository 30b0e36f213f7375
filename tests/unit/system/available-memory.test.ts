import { totalmem } from 'node:os'
import { afterEach, expect, it, vi } from 'vitest'
import { availableMemory } from '../../../src/main/system/available-memory'

afterEach(() => vi.restoreAllMocks())

it('is at most what the machine has', () => {
  expect(availableMemory()).toBeGreaterThan(0)
  expect(availableMemory()).toBeLessThanOrEqual(totalmem())
})

it('is what a container allows, where it limits it', () => {
  const constrained = vi.spyOn(process, 'constrainedMemory')
  constrained.mockReturnValue(1e6)
  expect(availableMemory()).toBe(1e6)
  constrained.mockReturnValue(0)
  expect(availableMemory()).toBe(totalmem())
})
