// Analyses by a real process: computed once, kept in the run folder, given up when nobody wants them.
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import type { AnalysisProgress, Claims, CodeLayout } from '../../src/shared/analysis'
import { forkAnalysis, forkTrainer } from '../../src/main/lab/fork'
import type { Lab } from '../../src/main/lab/lab'
import type { SpawnAnalysis } from '../../src/main/lab/child-process'
import { writeRunFile } from '../../src/main/lab/run-folder'
import { makeHome, nextEvent, offering, openLab, smallExperiment, type TestHome } from '../fixtures/lab'
import { fixtureRun } from '../fixtures/run-file'

const MINUTES = 60_000
const built = (name: string) => join(__dirname, '../../out/main', name)
const claims = { kind: 'claims', epoch: null } as const
let home: TestHome
let lab: Lab
let id: string
/** Processes that were started. */
let started: ReturnType<SpawnAnalysis>[]

function open(): Lab {
  const fork = forkAnalysis(built('analysis-process.js'))
  const spawnAnalysis: SpawnAnalysis = () => {
    const process = fork()
    started.push(process)
    return process
  }
  return openLab(home, offering(forkTrainer(built('trainer.js')), 'cpu'), { spawnAnalysis })
}

beforeAll(async () => {
  home = await makeHome()
  started = []
  lab = open()
  id = await lab.calls.startRun(smallExperiment({ seeds: [1, 2] }), 'cpu')
  await lab.whenEnded(id)
}, 5 * MINUTES)
afterAll(async () => {
  await lab.close()
  await home.remove()
})
beforeEach(() => {
  started = []
})

const folder = () => join(lab.folderOf(id), 'analysis')

describe('an analysis', () => {
  afterEach(() => rm(folder(), { recursive: true, force: true }))

  it(
    'tells how far it is, agrees with run.json and is kept',
    async () => {
      expect(await lab.calls.readAnalysis(id, claims)).toBeNull()
      const heard: AnalysisProgress[] = []
      const stop = lab.subscribe((event, payload) => {
        if (event === 'analysisProgress') heard.push(payload as AnalysisProgress)
      })
      const analysis = (await lab.calls.analyse(id, claims)) as Claims
      stop()
      expect(heard.length).toBeGreaterThan(0)
      expect(heard[0]).toMatchObject({ id, kind: 'claims' })
      expect(heard[heard.length - 1]).toMatchObject({ id, kind: 'claims', epoch: 4, share: 1 })
      const { file } = await lab.calls.openRun(id)
      expect(analysis).toMatchObject({ epoch: 4, images: 10_000, seeds: 2, resamples: 2_000 })
      const meanOf = (rank: number, key: 'valLoss' | 'valMse') => {
        const ends = file.models.filter((model) => model.rank === rank).map(({ history }) => history[key][3] as number)
        return ends.reduce((sum, end) => sum + end, 0) / ends.length
      }
      for (const rank of [0, 1]) {
        const one = analysis.series[rank]!
        expect(one.bce.estimate).toBeCloseTo(meanOf(rank, 'valLoss'), 5)
        expect(one.mse.estimate).toBeCloseTo(meanOf(rank, 'valMse'), 5)
        expect(one.bce.low).toBeLessThan(one.bce.estimate)
        expect(one.bce.high).toBeGreaterThan(one.bce.estimate)
        expect(one.pcaMse).toBeCloseTo(file.bounds.pcaMse![rank]!, 6)
      }
      expect(analysis.noise[0]!.noisyMse).toBeLessThan(analysis.noise[3]!.noisyMse)
      expect(await lab.calls.readAnalysis(id, claims)).toEqual(analysis)
      expect(await lab.calls.analyse(id, claims)).toEqual(analysis)
      expect(started).toHaveLength(1)
      await damagedIsMadeAnew(analysis)
    },
    10 * MINUTES
  )

  async function damagedIsMadeAnew(analysis: Claims): Promise<void> {
    const path = join(folder(), 'claims-0004.json')
    const text = await readFile(path, 'utf8')
    for (const damaged of [text.slice(0, -20), text.replace(/"estimate":0\.\d/, '"estimate":9.9'), '[]', '']) {
      await writeFile(path, damaged)
      expect(await lab.calls.readAnalysis(id, claims)).toBeNull()
    }
    await writeFile(path, text.replace(/"of":"./, '"of":"z')) // of another run, or other epochs
    expect(await lab.calls.readAnalysis(id, claims)).toBeNull()
    await writeFile(path, text)
    expect(await lab.calls.readAnalysis(id, claims)).toEqual(analysis)
  }

  it(
    'is of any epoch whose weights are kept, and of the untrained models',
    async () => {
      const { file } = await lab.calls.openRun(id)
      for (const epoch of [2, 0]) {
        const analysis = (await lab.calls.analyse(id, { kind: 'claims', epoch })) as Claims
        expect(analysis.epoch).toBe(epoch)
        expect(await lab.calls.readAnalysis(id, { kind: 'claims', epoch })).toEqual(analysis)
        if (epoch === 0) continue
        const ends = file.models.filter(({ rank }) => rank === 1).map(({ history }) => history.valLoss[1] as number)
        const mean = ends.reduce((sum, end) => sum + end, 0) / ends.length
        expect(analysis.series[1]!.bce.estimate).toBeCloseTo(mean, 3) // its weights are rounded to float16
      }
      expect(await lab.calls.readAnalysis(id, claims)).toBeNull() // of the last epoch
    },
    10 * MINUTES
  )

  it(
    'waits for those that were asked for before, and says so; each is cancelled by itself',
    async () => {
      const heard: AnalysisProgress[] = []
      const stop = lab.subscribe((event, payload) => {
        if (event === 'analysisProgress') heard.push(payload as AnalysisProgress)
      })
      const begun = nextEvent(lab, 'analysisProgress', ({ share }) => share !== null)
      const first = lab.calls.analyse(id, claims)
      await begun
      const [second, third, again] = [
        lab.calls.analyse(id, { kind: 'codes', epoch: 4 }),
        lab.calls.analyse(id, { kind: 'claims', epoch: 1 }),
        lab.calls.analyse(id, { kind: 'claims', epoch: 1 })
      ]
      const areWaiting = () => expect(heard.filter(({ share }) => share === null).length).toBeGreaterThan(2)
      await vi.waitFor(areWaiting, { timeout: MINUTES })
      const waiting = (kind: string) => heard.find((one) => one.kind === kind && one.share === null)
      expect(waiting('codes')).toMatchObject({ epoch: 4, step: 'waits for Claims of epoch 4' })
      expect(waiting('claims')).toMatchObject({ epoch: 1, step: 'waits for Claims of epoch 4 and 1 more' })
      await lab.calls.cancelAnalysis(id, { kind: 'codes', epoch: 4 })
      expect(await second).toBeNull()
      expect(started).toHaveLength(1)
      expect(await first).toMatchObject({ epoch: 4 })
      expect(await third).toMatchObject({ epoch: 1 })
      expect(await again).toEqual(await third)
      expect(started).toHaveLength(2)
      stop()
    },
    10 * MINUTES
  )

  it(
    'is null once it is cancelled, its process gone and nothing kept, those that wait among them',
    async () => {
      const begun = nextEvent(lab, 'analysisProgress')
      const answer = lab.calls.analyse(id, claims)
      await begun
      const waiting = nextEvent(lab, 'analysisProgress', ({ kind }) => kind === 'codes')
      const other = lab.calls.analyse(id, { kind: 'codes', epoch: null })
      await waiting
      await lab.calls.cancelAnalysis(id)
      expect(await answer).toBeNull()
      expect(await other).toBeNull()
      expect(started).toHaveLength(1)
      expect(await readdir(folder()).catch(() => [])).toEqual([])
    },
    5 * MINUTES
  )

  it(
    'gives way to a training that begins',
    async () => {
      const begun = nextEvent(lab, 'analysisProgress')
      const answer = lab.calls.analyse(id, claims)
      await begun
      const other = await lab.calls.startRun(smallExperiment({ name: 'Other' }), 'cpu')
      expect(await answer).toBeNull()
      await lab.whenEnded(other)
    },
    5 * MINUTES
  )
})

it(
  'ends when its run is deleted, which can be brought back',
  async () => {
    const begun = nextEvent(lab, 'analysisProgress')
    const answer = lab.calls.analyse(id, claims)
    await begun
    await lab.calls.deleteRun(id)
    expect(await answer).toBeNull()
    await lab.calls.restoreRun(id)
    expect((await lab.calls.openRun(id)).file.id).toBe(id)
  },
  5 * MINUTES
)

it(
  'lays out the codes of a model by UMAP: the same bytes twice, kept for each model',
  async () => {
    const request = { kind: 'umap', epoch: null, model: 1 } as const
    const first = (await lab.calls.analyse(id, request)) as CodeLayout
    expect(first).toMatchObject({ epoch: 4, model: 1, images: 10_000, neighbours: 15, minDistance: 0.1 })
    const places = new Float32Array(Uint8Array.from(Buffer.from(first.points, 'base64')).buffer)
    expect(places).toHaveLength(20_000)
    expect(places.every(Number.isFinite)).toBe(true)
    expect(await lab.calls.readAnalysis(id, request)).toEqual(first)
    expect(await lab.calls.readAnalysis(id, { ...request, model: 0 })).toBeNull()
    await rm(folder(), { recursive: true })
    expect(await lab.calls.analyse(id, request)).toEqual(first)
    expect(started).toHaveLength(2)
    await expect(lab.calls.analyse(id, { ...request, model: 99 })).rejects.toMatchObject({ kind: 'bad-value' })
    await rm(folder(), { recursive: true })
  },
  10 * MINUTES
)

it(
  'refuses a run without an epoch, one that is to come, and one whose weights are gone',
  async () => {
    await expect(lab.calls.analyse(id, { kind: 'claims', epoch: 5 })).rejects.toMatchObject({ kind: 'bad-value' })
    await rm(join(lab.folderOf(id), 'weights/0003.safetensors'))
    await expect(lab.calls.analyse(id, { kind: 'claims', epoch: 3 })).rejects.toMatchObject({ kind: 'not-found' })
    await expect(lab.calls.analyse('no-run', claims)).rejects.toMatchObject({ kind: 'not-found' })
    const { dataset } = (await lab.calls.openRun(id)).file
    const untrained = { ...fixtureRun({ epochsDone: 0, status: 'stopped' }), dataset }
    await mkdir(join(lab.folderOf(id), '..', untrained.id))
    await writeRunFile(join(lab.folderOf(id), '..', untrained.id), untrained)
    await expect(lab.calls.analyse(untrained.id, claims)).rejects.toThrow('no complete epoch')
  },
  MINUTES
)
