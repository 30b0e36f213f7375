// Files from others take no memory beyond what whole ones may: the peak of a real process that lists, reports and continues.
import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { olderRunJson } from '../fixtures/older-runs'

const MEGABYTE = 2 ** 20
/** Beyond a small run: four files of 16 MB are read at once, each as bytes, text and values, and garbage is collected late. */
const MOST_EXTRA = 400 * MEGABYTE

const place = mkdtempSync(join(tmpdir(), 'hostile-'))
const program = join(process.cwd(), 'out', 'main', 'index.js')
const peakHook = join(place, 'peak.cjs')
const peaks = join(place, 'peaks')
afterAll(() => rmSync(place, { recursive: true, force: true }))

interface Answer {
  code: number | null
  text: string
  /** Of the command's own process, and of the largest of its children, in bytes. */
  peak: number
  childPeak: number
}

function lab(home: string, ...argv: string[]): Answer {
  rmSync(peaks, { force: true })
  const { status, stdout, stderr, pid } = spawnSync(process.execPath, [program, ...argv], {
    env: { ...process.env, BOTTLENECK_LAB_HOME: home, NODE_OPTIONS: `--require=${peakHook}` },
    encoding: 'utf8',
    maxBuffer: 64 * MEGABYTE
  })
  const lines = readFileSync(peaks, 'utf8').trim().split('\n')
  const measured = lines.map((line) => line.split(' ').map(Number) as [number, number])
  const bytesOf = (isWanted: (its: number) => boolean) =>
    1024 * Math.max(...measured.filter(([its]) => isWanted(its)).map(([, kilobytes]) => kilobytes))
  const own = (its: number) => its === pid
  return { code: status, text: stdout + stderr, peak: bytesOf(own), childPeak: bytesOf((its) => !own(its)) }
}

let made: Answer
let whole: Answer
const wholeHome = join(place, 'whole')
const runFolder = (home: string, name = 'a-run') => join(home, 'data', 'runs', name)

/** A home with one small real run, to be spoilt. */
function spoilt(name: string): { home: string; folder: string } {
  const home = join(place, name)
  cpSync(wholeHome, home, { recursive: true })
  return { home, folder: runFolder(home) }
}

function changeRun(folder: string, change: (run: Record<string, unknown>) => void): void {
  const path = join(folder, 'run.json')
  const run = JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>
  change(run)
  writeFileSync(path, JSON.stringify(run))
}

beforeAll(() => {
  writeFileSync(
    peakHook,
    `if (require('node:worker_threads').isMainThread) {
      const line = () => process.pid + ' ' + process.resourceUsage().maxRSS + '\\n'
      process.on('exit', () => require('node:fs').appendFileSync(${JSON.stringify(peaks)}, line()))
    }`
  )
  mkdirSync(join(wholeHome, 'data', 'runs'), { recursive: true })
  made = lab(
    wholeHome,
    'run',
    ...['--train-limit', '512', '--epochs', '2', '--dims', '2', '--device', 'cpu', '--out', runFolder(wholeHome)]
  )
  expect(made).toMatchObject({ code: 0 })
  whole = lab(wholeHome, 'runs')
  expect(whole).toMatchObject({ code: 0 })
}, 120_000)

function expectModest(answer: Answer): void {
  expect(answer.peak).toBeGreaterThan(20 * MEGABYTE) // it was measured
  expect(answer.peak - whole.peak).toBeLessThan(MOST_EXTRA)
}

it('run.json with 5,000 long versions', () => {
  const { home, folder } = spoilt('versions')
  const long = 'x'.repeat(900)
  changeRun(
    folder,
    (run) => (run.versions = Object.fromEntries(Array.from({ length: 5000 }, (_, n) => [`v${n}`, long])))
  )
  const answer = lab(home, 'runs')
  expect(answer.text).toContain('is not usable: found')
  expectModest(answer)
})

it('run.json of format 1 with a million values', () => {
  const { home, folder } = spoilt('format-1')
  const old = olderRunJson('stopped')
  const varied = { hyperparameter: 'latentDim', values: Array(1_000_000).fill(2) as number[] }
  writeFileSync(
    join(folder, 'run.json'),
    JSON.stringify({ ...old, experiment: { ...(old.experiment as object), varied } })
  )
  const answer = lab(home, 'runs')
  expect(answer.text).toContain('found experiment.varied.values: 1,000,000 entries, expected at most 128')
  expectModest(answer)
})

it('run.json with a million versions that are none', () => {
  const { home, folder } = spoilt('issues')
  changeRun(folder, (run) => (run.versions = Object.fromEntries(Array.from({ length: 1e6 }, (_, n) => [`v${n}`, 0]))))
  const answer = lab(home, 'runs')
  expect(answer.text).toContain('is not usable: found')
  expectModest(answer)
})

it('twenty run.json of 9 MB', () => {
  const { home, folder } = spoilt('large')
  changeRun(folder, (run) => (run.padding = 'x'.repeat(9 * MEGABYTE)))
  for (let copy = 2; copy <= 20; copy++) cpSync(folder, runFolder(home, `a-run-${copy}`), { recursive: true })
  const answer = lab(home, 'runs', '--json')
  expect(answer.code).toBe(0)
  expect(answer.text.trim().split('\n')).toHaveLength(20)
  expectModest(answer)
})

it('run.json that never ends', () => {
  const { home, folder } = spoilt('sparse')
  truncateSync(join(folder, 'run.json'), 2 ** 36)
  const answer = lab(home, 'runs')
  expect(answer.text).toContain('is not usable: found')
  expectModest(answer)
})

it('sparse digits and a checkpoint of 64 GB', () => {
  const { home, folder } = spoilt('digits')
  truncateSync(join(folder, 'digits.bin'), 2 ** 36)
  truncateSync(join(folder, 'checkpoint.safetensors'), 2 ** 36)
  const reported = lab(home, 'report', folder, '--out', join(place, 'digits.pdf'))
  expect(reported.code).toBe(0)
  expectModest(reported)

  changeRun(folder, (run) => {
    const experiment = run.experiment as { base: object }
    Object.assign(run, { status: 'stopped', experiment: { ...experiment, base: { ...experiment.base, epochs: 3 } } })
    delete run.resultsSha256
  })
  const continued = lab(home, 'continue', folder)
  expect(continued.code).toBe(2)
  expect(continued.text).toContain('is not usable: found 68,719,476,736 bytes')
  expectModest(continued)
  expect(continued.childPeak - made.childPeak).toBeLessThan(MOST_EXTRA)
})

it('settings of 200 MB', () => {
  const { home } = spoilt('settings')
  const settings = join(home, 'config', 'settings.json')
  mkdirSync(join(home, 'config'), { recursive: true })
  writeFileSync(settings, `{"theme":"dark","x":"${'x'.repeat(200 * MEGABYTE)}"}`)
  const answer = lab(home, 'runs')
  expect(answer.code).toBe(0)
  expectModest(answer)
  expect(readFileSync(settings).byteLength).toBeGreaterThan(200 * MEGABYTE) // kept as it was
})
