// Where analyses are kept, and of what they are taken for.
import { mkdir, readdir, rm, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { Analysis } from '../../../src/shared/analysis'
import { createAnalysisCache } from '../../../src/main/lab/analysis-cache'
import { fixtureRun } from '../../fixtures/run-file'
import { makeHome, type TestHome } from '../../fixtures/lab'

const request = { kind: 'claims', epoch: 3 } as const
const analysis: Analysis = {
  kind: 'claims',
  epoch: 3,
  images: 10,
  seeds: 1,
  resamples: 5,
  series: [],
  steps: [],
  noise: []
}
const run = fixtureRun({ latentDims: [2, 8] })
let home: TestHome

beforeEach(async () => {
  home = await makeHome()
})
afterEach(() => home.remove())

it('keeps an analysis in the run folder, for the run as it was', async () => {
  const cache = createAnalysisCache(join(home.folder, 'cache'))
  const folder = join(home.folder, 'run')
  await mkdir(folder)
  await cache.write(folder, run, request, analysis)
  expect(await readdir(join(folder, 'analysis'))).toEqual(['claims-0003.json'])
  expect(await cache.read(folder, run, request)).toEqual(analysis)
  const renamed = { ...run, experiment: { ...run.experiment, name: 'Another name' } }
  expect(await cache.read(folder, renamed, request)).toEqual(analysis)
  const [first, ...others] = run.models
  const history = { ...first!.history, valLoss: first!.history.valLoss.map((loss) => (loss ?? 0) + 0.1) }
  const another = { ...run, models: [{ ...first!, history }, ...others] }
  expect(await cache.read(folder, another, request)).toBeNull()
  expect(await cache.read(folder, run, { kind: 'codes', epoch: 3 })).toBeNull()
})

it('keeps those of other epochs beside it, also while the run trains on, and the newest eight of a kind', async () => {
  const cache = createAnalysisCache(join(home.folder, 'cache'))
  const folder = join(home.folder, 'run')
  await mkdir(folder)
  const long = fixtureRun({ latentDims: [2, 8], epochs: 12 })
  const upTo = (epochs: number) => ({
    ...long,
    models: long.models.map((model) => ({
      ...model,
      history: {
        trainLoss: model.history.trainLoss.slice(0, epochs),
        valLoss: model.history.valLoss.slice(0, epochs),
        valMse: model.history.valMse.slice(0, epochs)
      }
    }))
  })
  await cache.write(folder, long, { kind: 'codes', epoch: 1 }, { ...analysis, epoch: 1 })
  for (let epoch = 0; epoch <= 10; epoch++) {
    const at = { kind: 'claims', epoch } as const
    await cache.write(folder, upTo(Math.max(epoch, 1)), at, { ...analysis, epoch })
    await utimes(join(folder, 'analysis', `claims-${String(epoch).padStart(4, '0')}.json`), epoch, epoch)
    expect(await cache.read(folder, long, at)).toMatchObject({ epoch })
  }
  const names = await readdir(join(folder, 'analysis'))
  expect(names.sort()).toEqual([
    ...[3, 4, 5, 6, 7, 8, 9, 10].map((epoch) => `claims-${String(epoch).padStart(4, '0')}.json`),
    'codes-0001.json'
  ])
})

it('keeps it in the application’s cache where the run folder can’t be written, and nowhere where neither can', async () => {
  const cacheFolder = join(home.folder, 'cache')
  const folder = join(home.folder, 'run')
  await mkdir(folder)
  await writeFile(join(folder, 'analysis'), 'a file where the folder would be')
  const cache = createAnalysisCache(cacheFolder)
  await cache.write(folder, run, request, analysis)
  expect(await cache.read(folder, run, request)).toEqual(analysis)
  await rm(cacheFolder, { recursive: true })
  await writeFile(cacheFolder, 'no folder either')
  await cache.write(folder, run, request, analysis)
  expect(await cache.read(folder, run, request)).toBeNull()
})

it('does not make a run folder anew that is gone', async () => {
  const cache = createAnalysisCache(join(home.folder, 'cache'))
  const folder = join(home.folder, 'run')
  await cache.write(folder, run, request, analysis)
  expect(await readdir(home.folder)).not.toContain('run')
  await mkdir(folder) // by an undo
  expect(await cache.read(folder, run, request)).toEqual(analysis)
})
