import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { expect, test } from 'vitest'
import { makeReportInProcess } from '../../src/main/lab/report-in-process'
import { forkReport } from '../../src/main/lab/fork'
import { drawReport, type ReportedRun } from '../../src/main/report/report'
import { openLog } from '../../src/main/system/log'
import { createGuard } from '../../src/main/lab/guarded-calls'
import { fixtureReport } from '../fixtures/report'
import { fixtureRun } from '../fixtures/run-file'

const entry = resolve(__dirname, '../../out/main/report-process.js')
const input = fixtureReport(fixtureRun())
const [run] = input.runs as [ReportedRun]
const damaged = { ...input, runs: [{ ...run, probes: { ...run.probes, labels: undefined as never } }] }

test('a process makes the same report, while this one goes on', async () => {
  let ticks = 0
  const counting = setInterval(() => ticks++, 1)
  const pdf = await makeReportInProcess(forkReport(entry))(input)
  clearInterval(counting)
  expect(ticks).toBeGreaterThan(10)
  expect(Buffer.from(pdf).equals(await drawReport(input))).toBe(true)
})

test('several are made at once, and one after another', async () => {
  const draw = makeReportInProcess(forkReport(entry))
  const [first, second] = await Promise.all([draw(input), draw(input)])
  expect(Buffer.from(first ?? []).equals(second ?? Buffer.alloc(0))).toBe(true)
  expect(Buffer.from(await draw(input)).equals(first ?? Buffer.alloc(0))).toBe(true)
})

test.each([
  ['fails', entry, damaged, /undefined/, /report-process\.js:\d+/],
  ['is missing', `${entry}.missing`, input, /ended \(code 1\)/, /Cannot find module/]
])(
  'where the process %s, the caller hears a LabError and the log has the stack',
  async (_, path, given, said, stack) => {
    const folder = await mkdtemp(join(tmpdir(), 'reports-'))
    const log = openLog(join(folder, 'log'))
    const exportReport = createGuard(() => Promise.resolve(), log)(
      'exportReport',
      makeReportInProcess(forkReport(path))
    )
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
