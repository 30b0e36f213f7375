import { expect, it, vi } from 'vitest'
import type { DatasetInfo } from '../../../src/shared/run'
import type { TestSet } from '../../../src/main/data/dataset'
import { createTestSets } from '../../../src/main/lab/test-sets'

it('keeps those of the two data sets that were asked for last, and reads what failed again', async () => {
  const load = vi.fn(async (name: string) => ({ info: { name } }) as TestSet)
  const readTestSet = createTestSets({ load, infoOf: async (name) => ({ sha256: name }) as DatasetInfo })
  const loaded = () => load.mock.calls.map(([name]) => name).join()
  for (const name of ['pets', 'mnist', 'letters', 'mnist']) await readTestSet(name)
  expect(loaded()).toBe('pets,mnist,letters')
  await readTestSet('pets')
  await readTestSet('mnist')
  expect(loaded()).toBe('pets,mnist,letters,pets')
  load.mockRejectedValueOnce(new Error('gone'))
  await expect(readTestSet('letters')).rejects.toThrow('gone')
  expect((await readTestSet('letters')).info.name).toBe('letters')
})
