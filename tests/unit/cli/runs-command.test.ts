import { expect, test } from 'vitest'
import { listRuns } from '../../../src/main/cli/runs-command'
import type { Lab } from '../../../src/main/lab/lab'
import { LabError } from '../../../src/shared/errors'
import type { RunSummary } from '../../../src/shared/run'
import { keptHost } from '../../fixtures/cli-host'

test('the gap closed is listed from the least to the most, whatever the order of the values', async () => {
  const run = {
    id: 'a',
    state: 'finished',
    epochsDone: 2,
    epochs: 2,
    device: 'cpu',
    name: 'Rates',
    tags: [],
    note: '',
    terms: [] as string[]
  } as unknown as RunSummary
  const runs = [
    { ...run, series: ['1', '2', '3'], gapClosed: [0.71, 0.84, 0.12], diverged: [] },
    { ...run, series: ['1'], gapClosed: [0.49], diverged: [] },
    { ...run, series: ['100', '1', '10'], gapClosed: [0, 0.49, 0], diverged: ['100', '10'] },
    { ...run, series: ['100', '10'], gapClosed: [0, 0], diverged: ['100', '10'] },
    { ...run, series: ['100'], gapClosed: [0], diverged: ['100'] }
  ]
  const lab = {
    calls: { listRuns: async () => runs, listUnreadable: async () => [] },
    close: async () => undefined
  } as unknown as Lab
  const { host, written } = keptHost({ createLab: () => lab })
  await listRuns(host)
  const lines = written.stdout.replaceAll('\u00a0', ' ').trimEnd().split('\n')
  expect(lines[0]).toMatch(/gap closed, least … most +name$/)
  expect(lines[1]).toMatch(/12 % … 84 % +Rates$/)
  expect(lines[2]).toMatch(/ 49 % +Rates$/)
  expect(lines[3]).toMatch(/ 2 of 3 diverged +Rates$/)
  expect(lines[4]).toMatch(/ 2 of 2 diverged +Rates$/)
  expect(lines[5]).toMatch(/  diverged +Rates$/)
})

test('what can’t be read is told with its reason, and is not “no runs”', async () => {
  const error = new LabError('bad-file', 'The run file x/run.json is not usable', { found: 'an empty file' }).data
  const calls = { listRuns: async () => [], listUnreadable: async () => [{ path: 'x', error }] }
  const lab = { calls, close: async () => undefined } as unknown as Lab
  const { host, written } = keptHost({ createLab: () => lab })
  await listRuns(host)
  expect(written).toEqual({ stdout: '', stderr: 'The run file x/run.json is not usable: found an empty file.\n' })
})
