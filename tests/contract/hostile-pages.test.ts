// What one page can make a real server take of the memory: many reports, many runs. (A page that does not read: bounds.test.ts.)
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { presets, type Experiment } from '../../src/shared/experiment'
import { openPage, tokenOf } from '../fixtures/page'

const MEGABYTE = 2 ** 20
const REPORTS = 24
const MOST_ACTIVE = 100

const home = mkdtempSync(join(tmpdir(), 'hostile-page-'))
let server: ChildProcess
let page: Awaited<ReturnType<typeof openPage>>
let finished: string

const experiment = (name: string, epochs: number): Experiment => {
  const { base, ...preset } = presets['keras-blog']
  return {
    ...preset,
    preset: 'custom',
    name,
    base: { ...base, trainLimit: 512, epochs },
    varied: { key: 'latentDim', values: [2, 8] }
  }
}

const isLinux = process.platform === 'linux'

beforeAll(async () => {
  if (!isLinux) return
  server = spawn(process.execPath, ['out/main/index.js', 'serve', '--no-open'], {
    env: { ...process.env, BOTTLENECK_LAB_HOME: home },
    stdio: ['ignore', 'pipe', 'inherit']
  })
  let printed = ''
  while (!printed.includes('/#link=')) printed += String(await once(server.stdout as NodeJS.ReadableStream, 'data'))
  server.stdout?.resume()
  const link = /http:\S+/.exec(printed)?.[0] ?? ''
  page = await openPage(Number(new URL(link).port), { link: tokenOf(link) })
  finished = await page.lab.calls.startRun(experiment('Finished', 2), 'cpu')
  await stateOf(finished, 'finished')
  await page.lab.calls.exportReport([finished]) // loads what drawing needs
}, 240_000)

afterAll(async () => {
  if (!isLinux) return
  server.kill('SIGKILL')
  await once(server, 'close')
  rmSync(home, { recursive: true, force: true, maxRetries: 5 })
})

beforeEach((context) => {
  if (!isLinux) context.skip('reads the peak of a process from /proc')
})

async function stateOf(id: string, state: string): Promise<void> {
  while ((await page.lab.calls.openRun(id)).state !== state) await new Promise((resolve) => setTimeout(resolve, 50))
}

/** The most memory that the server has had at once, in bytes (proc(5), VmHWM). */
function peak(): number {
  const status = readFileSync(`/proc/${server.pid}/status`, 'utf8')
  return Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1]) * 1024
}

it('reports that are asked for at once are drawn two at a time', async () => {
  const before = peak()
  const reports = Array.from({ length: REPORTS }, () => page.lab.calls.exportReport([finished]))
  const sizes = (await Promise.all(reports)).map(({ length }) => length)
  expect(Math.min(...sizes)).toBeGreaterThan(10_000)
  expect(peak() - before).toBeLessThan(300 * MEGABYTE)
}, 240_000)

it('of four hundred runs a hundred wait', async () => {
  const before = peak()
  const starts = Array.from({ length: 400 }, (_, n) =>
    page.lab.calls.startRun(experiment(`Queued ${n}`, 2), 'cpu').then(
      () => 'queued',
      (error: Error) => error.message
    )
  )
  // 264 calls of a page may be under way or wait; those that come after them are refused at once.
  const outcomes = await Promise.all(starts)
  const queued = outcomes.filter((outcome) => outcome === 'queued').length
  expect(queued).toBeGreaterThanOrEqual(MOST_ACTIVE)
  expect(queued).toBeLessThan(264)
  expect(peak() - before).toBeLessThan(300 * MEGABYTE)
}, 240_000)
