import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { cachedSummaries } from '../../../src/main/lab/cached-summaries'
import { createLibrary } from '../../../src/main/lab/library'
import { runFolderFiles, writeRunFile } from '../../../src/main/lab/run-folder'
import { createCollector } from '../../../src/main/system/collector'
import { keptLog } from '../../fixtures/lab'
import { fixtureRun } from '../../fixtures/run-file'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bottleneck-lab-cached-'))
})
afterEach(async () => {
  vi.useRealTimers()
  await rm(folder, { recursive: true, force: true })
})

test('a file is parsed again only after it has changed', async () => {
  const { read } = cachedSummaries()
  await writeRunFile(folder, fixtureRun({ epochs: 1 }))
  const first = await read(folder)
  expect(await read(folder)).toBe(first)
  await writeRunFile(folder, fixtureRun({ epochs: 2 }))
  expect(await read(folder)).not.toBe(first)
})

test('one that is refused is tried again after a while, which does not touch the one that has come meanwhile', async () => {
  vi.useFakeTimers({ toFake: ['performance'] })
  const { read } = cachedSummaries()
  await writeFile(runFolderFiles(folder).run, '{')
  await expect(read(folder)).rejects.toMatchObject({ kind: 'bad-file' })
  await writeRunFile(folder, fixtureRun({ epochs: 1 }))
  const good = await read(folder)
  vi.advanceTimersByTime(60_000)
  expect(await read(folder)).toBe(good)
})

test('a run that the runs folder holds no more is forgotten', async () => {
  const { read, keepOnly } = cachedSummaries()
  await writeRunFile(folder, fixtureRun({ epochs: 1 }))
  const first = await read(folder)
  keepOnly([folder])
  expect(await read(folder)).toBe(first)
  keepOnly([])
  const again = await read(folder)
  expect(again).toEqual(first)
  expect(again).not.toBe(first)
})

test('a list shows a run as it is, whenever its file or its owner changes', async () => {
  const library = createLibrary(() => folder, keptLog())
  const { id, claim } = await library.create('article')
  const only = async () => (await library.list()).map(({ summary: { state, epochsDone } }) => ({ state, epochsDone }))
  await writeRunFile(claim.folder, { ...fixtureRun({ epochs: 1 }), status: 'stopped' })
  expect(await only()).toEqual([{ state: 'queued', epochsDone: 1 }]) // it was stopped, and goes on elsewhere
  await claim.write('running')
  expect(await only()).toEqual([{ state: 'running', epochsDone: 1 }])
  await claim.release()
  expect(await only()).toEqual([{ state: 'stopped', epochsDone: 1 }])
  await writeRunFile(claim.folder, { ...fixtureRun({ epochs: 2 }), status: 'running' })
  expect(await only()).toEqual([{ state: 'interrupted', epochsDone: 2 }])
  expect((await library.find(id)).file).toMatchObject({ id, status: 'running' })
})

test('a run that is finished and measured is so, whoever has claimed it: nothing is left to do', async () => {
  const library = createLibrary(() => folder, keptLog())
  const { claim } = await library.create('article')
  await writeRunFile(claim.folder, fixtureRun({ epochs: 1 }))
  expect(await library.list()).toMatchObject([{ summary: { state: 'finished' }, owner: null }])
  await claim.release()
})

test('a list keeps of its runs no more than it shows', async () => {
  const dims = Array.from({ length: 128 }, (_, n) => n + 1)
  const first = join(folder, 'run-0')
  await mkdir(first)
  await writeRunFile(first, fixtureRun({ latentDims: dims, epochs: 100 }))
  for (let copy = 1; copy < 30; copy++) await cp(first, join(folder, `run-${copy}`), { recursive: true })
  const collect = createCollector()
  const held = () => {
    collect()
    return process.memoryUsage().heapUsed
  }
  const library = createLibrary(() => folder, keptLog())
  const before = held()
  expect(await library.list()).toHaveLength(30)
  expect(held() - before).toBeLessThan(4 * 2 ** 20) // of 9 MB of losses alone
})
