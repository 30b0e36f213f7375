import { execFileSync } from 'node:child_process'
import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createReports } from '../../../src/main/lab/reports'
import { digitsDigest } from '../../../src/main/trainer/kept-digits'
import type { StoredRun } from '../../../src/main/lab/stored-run'
import type { Owner } from '../../../src/main/lab/owner'
import type { ReportedRun, ReportInput } from '../../../src/main/report/report'
import { defaultReportOptions } from '../../../src/shared/report-options'
import { fixtureDigits, fixtureProbes, fixtureRun } from '../../fixtures/run-file'

const file = fixtureRun({ latentDims: [2, 8], epochs: 3 })
const anEpoch = fixtureDigits(2).length
let folder: string
let path: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bottleneck-lab-reports-'))
  path = join(folder, 'digits.bin')
})
afterEach(() => rm(folder, { recursive: true, force: true }))

/** What the report of the run is drawn from. */
async function inputOf(run = file): Promise<ReportedRun> {
  const drawn: ReportInput[] = []
  const reports = createReports({
    version: '0.0.0',
    draw: async (input) => new Uint8Array(drawn.push(input)),
    readProbes: async () => fixtureProbes(),
    readClaims: async () => null,
    find: () => Promise.reject(new Error('not asked')),
    computeBaseline: async () => null
  })
  await reports.draw([{ folder, file: run, state: run.status }], defaultReportOptions)
  return drawn[0]?.runs[0] as ReportedRun
}

test('the digits of the last epoch are shown', async () => {
  await writeFile(path, new Uint8Array(3 * anEpoch).fill(7, 2 * anEpoch))
  const { digits, missing } = await inputOf()
  expect([digits.length, digits[0], missing]).toEqual([anEpoch, 7, ''])
})

test('digits that are missing, too short or none are told, not shown', async () => {
  const short = 'No reconstructions: digits.bin does not reach to epoch 3 or is missing.'
  expect(await inputOf()).toMatchObject({ digits: new Uint8Array(), missing: short })
  await writeFile(path, new Uint8Array(3 * anEpoch))
  await truncate(path, 3 * anEpoch - 1)
  expect(await inputOf()).toMatchObject({ digits: new Uint8Array(), missing: short })
  if (process.platform === 'win32') return
  await rm(path)
  execFileSync('mkfifo', [path])
  expect(await inputOf()).toMatchObject({
    digits: new Uint8Array(),
    missing: 'No reconstructions: digits.bin is not usable (something that is no regular file).'
  })
})

test('digits that the run did not write are told, not shown as its own', async () => {
  const own = fixtureDigits(2)
  await writeFile(path, Buffer.concat([own, own, own]))
  const written = { ...file, digitsSha256: [null, null, digitsDigest(own)] }
  expect((await inputOf(written)).digits).toEqual(own)
  await writeFile(path, Buffer.concat([own, own, own.map((pixel) => 255 - pixel)]))
  expect(await inputOf(written)).toMatchObject({
    digits: new Uint8Array(),
    missing: 'No reconstructions: digits.bin is not usable (other digits of epoch 3 than the run wrote).'
  })
})

test('a report of a run that nobody trains here is told what the run is doing, by whoever has it', async () => {
  const states: string[] = []
  const running = fixtureRun({ latentDims: [2, 8], epochs: 3, epochsDone: 2, status: 'running' })
  let owner: StoredRun['owner'] = null
  const reports = createReports({
    version: '0.0.0',
    draw: async ({ runs }) => new Uint8Array(states.push(...runs.map(({ state }) => state))),
    readProbes: async () => fixtureProbes(),
    readClaims: async () => null,
    find: async () => ({ folder, file: running, owner }),
    computeBaseline: async () => [0.01, 0.02]
  })
  await reports.draw([running.id], defaultReportOptions)
  owner = { state: 'finishing' } as Owner
  await reports.draw([running.id], defaultReportOptions)
  expect(states).toEqual(['interrupted', 'finishing'])
})

test('a run without a complete epoch lacks nothing', async () => {
  expect((await inputOf(fixtureRun({ latentDims: [2, 8], epochs: 3, epochsDone: 0 }))).missing).toBe('')
})

test('two reports are drawn at once, whoever asks and however many', async () => {
  const counts = { drawing: 0, most: 0 }
  const reports = createReports({
    version: '0.0.0',
    async draw() {
      counts.drawing += 1
      counts.most = Math.max(counts.most, counts.drawing)
      await new Promise((resolve) => setTimeout(resolve, 5))
      counts.drawing -= 1
      return new Uint8Array([1])
    },
    readClaims: async () => null,
    readProbes: async () => ({ pixels: new Uint8Array(), labels: [], indices: [] }),
    find: async () => ({ folder, file, owner: null }),
    computeBaseline: async () => null
  })
  const asked = Array.from({ length: 30 }, (_, index) =>
    reports.draw([index % 2 === 0 ? { folder, file, state: 'finished' } : file.id], defaultReportOptions)
  )
  expect(await Promise.all(asked)).toHaveLength(30)
  expect(counts).toEqual({ drawing: 0, most: 2 })
})

test('knows that a report is being drawn until it is, or can’t be', async () => {
  let fail: (error: Error) => void = () => undefined
  const reports = createReports({
    version: '0.0.0',
    draw: () => Promise.reject(new Error('not asked for')),
    readProbes: () => Promise.reject(new Error('not asked for')),
    readClaims: async () => null,
    find: () => new Promise((_, reject) => (fail = reject)),
    computeBaseline: () => Promise.resolve(null)
  })
  expect(reports.isWriting()).toBe(false)
  const written = reports.draw(['one'], defaultReportOptions)
  expect(reports.isWriting()).toBe(true)
  fail(new Error('gone'))
  await expect(written).rejects.toThrow('gone')
  expect(reports.isWriting()).toBe(false)
})
