import { expect, test } from 'vitest'
import { listRuns } from '../../../src/main/cli/runs-command'
import type { Lab } from '../../../src/main/lab/lab'
import type { RunSummary } from '../../../src/shared/run'
import { keptHost } from '../../fixtures/cli-host'

test('the gap closed is listed from the least to the most, whatever the order of the values', async () => {
  const run = { id: 'a', state: 'finished', epochsDone: 2, epochs: 2, device: 'cpu', name: 'Rates' } as RunSummary
  const runs = [
    { ...run, gapClosed: [0.71, 0.84, 0.12] },
    { ...run, gapClosed: [0.49] }
  ]
  const lab = { calls: { listRuns: async () => runs }, close: async () => undefined } as unknown as Lab
  const { host, written } = keptHost({ createLab: () => lab })
  await listRuns(host, false)
  const lines = written.stdout.replaceAll('\u00a0', ' ').trimEnd().split('\n')
  expect(lines[0]).toMatch(/gap closed, least … most +name$/)
  expect(lines[1]).toMatch(/12 % … 84 % +Rates$/)
  expect(lines[2]).toMatch(/ 49 % +Rates$/)
})
