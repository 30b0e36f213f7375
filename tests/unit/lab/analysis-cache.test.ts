// Where analyses are kept, and of what they are taken for.
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { Analysis } from '../../../src/shared/analysis'
import { createAnalysisCache } from '../../../src/main/lab/analysis-cache'
import { fixtureRun } from '../../fixtures/run-file'
import { makeHome, type TestHome } from '../../fixtures/lab'

const request = { kind: 'claims', epoch: null } as const
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
  expect(await readdir(join(folder, 'analysis'))).toEqual(['claims.json'])
  expect(await cache.read(folder, run, request)).toEqual(analysis)
  const renamed = { ...run, experiment: { ...run.experiment, name: 'Another name' } }
  expect(await cache.read(folder, renamed, request)).toEqual(analysis)
  const [first, ...others] = run.models
  const history = { ...first!.history, valLoss: first!.history.valLoss.map((loss) => (loss ?? 0) + 0.1) }
  const trainedOn = { ...run, models: [{ ...first!, history }, ...others] }
  expect(await cache.read(folder, trainedOn, request)).toBeNull()
  expect(await cache.read(folder, run, { kind: 'codes', epoch: null })).toBeNull()
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
