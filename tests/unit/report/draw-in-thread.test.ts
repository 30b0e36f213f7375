import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { expect, test } from 'vitest'
import { drawInThread } from '../../../src/main/report/draw-in-thread'
import { drawReport } from '../../../src/main/report/report'
import { openLog } from '../../../src/main/system/log'
import { createGuard } from '../../../src/main/lab/guarded-calls'
import { fixtureDigits, fixtureProbes, fixtureRun } from '../../fixtures/run-file'

const worker = resolve(__dirname, '../../../out/main/report-worker.js')
const file = fixtureRun()
const input = { file, state: file.status, probes: fixtureProbes(), digits: fixtureDigits(file.models.length) }

test('a thread draws the same report, while this one goes on', async () => {
  let ticks = 0
  const counting = setInterval(() => ticks++, 1)
  const pdf = await drawInThread(worker)(input)
  clearInterval(counting)
  expect(ticks).toBeGreaterThan(10)
  expect(Buffer.from(pdf).equals(await drawReport(input))).toBe(true)
})

test('several are drawn at once, and one after another', async () => {
  const draw = drawInThread(worker)
  const [first, second] = await Promise.all([draw(input), draw(input)])
  expect(Buffer.from(first ?? []).equals(second ?? Buffer.alloc(0))).toBe(true)
  expect(Buffer.from(await draw(input)).equals(first ?? Buffer.alloc(0))).toBe(true)
})

test.each([
  [
    'fails',
    worker,
    { ...input, probes: { ...input.probes, labels: undefined as never } },
    /undefined/,
    /report-worker\.js:\d+/
  ],
  ['is missing', `${worker}.missing`, input, /Cannot find module/, /report-worker\.js\.missing/]
])(
  'where the thread %s, the caller hears a LabError and the log has the stack',
  async (_, path, given, said, stack) => {
    const folder = await mkdtemp(join(tmpdir(), 'drawing-'))
    const log = openLog(join(folder, 'log'))
    const exportReport = createGuard(() => Promise.resolve(), log)('exportReport', drawInThread(path))
    await expect(exportReport(given)).rejects.toMatchObject({
      name: 'LabError',
      kind: 'internal',
      data: { problem: expect.stringMatching(said), remedy: 'The log file has the details' }
    })
    const written = await readFile(join(folder, 'log'), 'utf8')
    expect(written).toContain('The call exportReport failed')
    expect(written).toMatch(stack)
    await rm(folder, { recursive: true })
  }
)
