// `lab verify` as built, started as a user starts it, on the report of a small real run and on what somebody has made of it.
import { execFile, spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { PDFDocument } from '@cantoo/pdf-lib'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readRunText } from '../../src/main/lab/run-folder'
import { drawReport } from '../../src/main/report/report'
import type { ReportPartCheck } from '../../src/shared/report-check'
import type { RunFile } from '../../src/shared/run'
import { changeDigit, hostileReport, packedZeros, withOwnDigest, withStream } from '../fixtures/changed-report'
import { fixtureReport, fixtureReported } from '../fixtures/report'

const home = mkdtempSync(join(tmpdir(), 'cli-verify-'))
const program = resolve('out/main/index.js')
const run = join(home, 'my-run')
const report = join(run, 'report.pdf')
afterAll(() => rmSync(home, { recursive: true, force: true }))

const temporary = join(home, 'temporary')
mkdirSync(temporary)
const env = { ...process.env, BOTTLENECK_LAB_HOME: home, TMPDIR: temporary }

function lab(...argv: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  return new Promise((done) =>
    execFile(process.execPath, [program, ...argv], { cwd: home, env }, (error, stdout, stderr) =>
      done({ code: error ? Number(error.code) : 0, stdout, stderr })
    )
  )
}

beforeAll(async () => {
  const small = ['--train-limit', '500', '--epochs', '2', '--dims', '2,4', '--device', 'cpu', '--json']
  const made = await lab('run', ...small, '--out', run)
  expect(made).toMatchObject({ code: 0 })
})

const runFile = (): RunFile => readRunText(readFileSync(join(run, 'run.json'), 'utf8'), 'run.json').file

/** Writes a file and says what is found in it. */
async function verified(name: string, content: Uint8Array, ...argv: string[]) {
  const path = join(home, name)
  writeFileSync(path, content)
  const { code, stdout, stderr } = await lab('verify', path, '--json', ...argv)
  const [first = '{}', ...others] = stdout.trim().split('\n')
  const said = JSON.parse(first || '{}') as {
    verdict?: string
    sentence?: string
    parts?: ReportPartCheck[]
    recomputed?: ReportPartCheck[]
  }
  return {
    code,
    stderr,
    ...said,
    others: others.map((line) => JSON.parse(line) as { event: string; largest?: unknown; differing?: number })
  }
}

const notAgreeing = (parts: readonly ReportPartCheck[] = []) =>
  parts.filter(({ state }) => state !== 'agrees').map(({ part }) => part)

test('a report as it was written agrees in all: digests, figures, the data and its bounds', async () => {
  const { code, stdout, stderr } = await lab('verify', report)
  expect([code, stderr]).toEqual([0, ''])
  expect(stdout).toContain(runFile().experiment.name)
  expect(stdout).toContain('2 of 2 epochs on cpu')
  expect(stdout).toMatch(/^d=4 +\d/m)
  for (const part of [
    'whole file',
    'text',
    'pictures',
    'attachment run.json',
    'losses.csv',
    'data set mnist',
    'PCA',
    'mean digit'
  ]) {
    expect(stdout).toMatch(new RegExp(`^${part} +agrees`, 'm'))
  }
  expect(stdout).toContain('Nothing has changed since it was written.')
  expect(stdout).toContain('They do not show who wrote it')
})

test('what was changed is named, and ends with 1', async () => {
  const file = readFileSync(report)
  const isRun = (content: Buffer) => content.includes('"valLoss"')
  const attachment = withStream(file, isRun, (content) => changeDigit(content, '"valLoss": [ 0.'))
  expect(await verified('attachment.pdf', attachment)).toMatchObject({
    code: 1,
    verdict: 'changed',
    sentence: 'It was changed since it was written. What differs: attachment run.json.'
  })
  const elsewhere = Buffer.from(file)
  elsewhere[elsewhere.indexOf('ModifyDate>2') + 11] = 0x33
  expect(await verified('elsewhere.pdf', elsewhere)).toMatchObject({
    code: 1,
    sentence: 'It was changed since it was written, elsewhere in the file than in its text, pictures and attachments.'
  })
  expect(await verified('cut.pdf', file.subarray(0, -10))).toMatchObject({
    code: 1,
    sentence: 'It was cut short: the end of the file is missing.'
  })
  const packed = await (await PDFDocument.load(file)).save()
  expect(await verified('rewritten.pdf', packed)).toMatchObject({ code: 1, verdict: 'changed' })
})

test('a run.json that was changed with all digests of the file is found by its own', async () => {
  const isRun = (content: Buffer) => content.includes('"valLoss"')
  const changed = withOwnDigest(
    withStream(readFileSync(report), isRun, (content) => changeDigit(content, '"valLoss": [ 0.'))
  )
  const { code, parts, recomputed } = await verified('forged.pdf', changed)
  expect([code, notAgreeing(parts)]).toEqual([1, ['attachment run.json']])
  expect(notAgreeing(recomputed)).toEqual(['run.json'])
})

test('figures that do not fit one another, or not the data, are a contradiction', async () => {
  const file = runFile()
  const drawn = async (changed: RunFile, lossesCsv?: string) => {
    const reported = fixtureReported(changed)
    const attached = { ...reported.attached, ...(lossesCsv && { lossesCsv }) }
    return drawReport({ ...fixtureReport(changed), runs: [{ ...reported, attached }] })
  }
  const table = await verified('table.pdf', await drawn(file, 'epoch,model\r\n'))
  expect([table.code, table.verdict, notAgreeing(table.recomputed)]).toEqual([1, 'contradictory', ['losses.csv']])
  const bounds = await verified('bounds.pdf', await drawn({ ...file, bounds: { ...file.bounds, meanDigit: 0.25 } }))
  expect([bounds.code, notAgreeing(bounds.recomputed)]).toEqual([1, ['mean digit']])
  const data = await verified(
    'data.pdf',
    await drawn({ ...file, dataset: { ...file.dataset, sha256: 'f'.repeat(64) } })
  )
  expect([data.code, notAgreeing(data.recomputed)]).toEqual([0, ['data set mnist']]) // it may be another machine's
})

test('what is no report ends with 2, whatever it is', async () => {
  const document = await PDFDocument.create()
  document.addPage()
  const others = await verified('others.pdf', await document.save())
  expect([others.code, others.stderr]).toEqual([2, expect.stringContaining('without the digests')])
  const half = await verified('half.pdf', readFileSync(report).subarray(0, 10_000))
  expect([half.code, half.stderr]).toEqual([2, expect.stringContaining('a PDF that was cut short')])
  const text = await verified('text.pdf', Buffer.from('no PDF'))
  expect([text.code, text.stderr]).toEqual([2, expect.stringContaining('a file that is no PDF')])
  expect(await lab('verify', join(home, 'missing.pdf'))).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('is missing')
  })
  expect(await lab('verify', home)).toMatchObject({ code: 2, stderr: expect.stringContaining('no regular file') })
  writeFileSync(join(home, 'large.pdf'), '')
  truncateSync(join(home, 'large.pdf'), 500_000_000)
  expect(await lab('verify', join(home, 'large.pdf'))).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('found 500,000,000 bytes, expected at most 67,108,864 bytes')
  })
  expect(await lab('verify', report, '--device', 'cpu')).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('--retrain')
  })
})

test('names of paths and bombs write nothing and are told', async () => {
  const before = readdirSync(home).length
  const path = await verified('path.pdf', hostileReport('../../x.json', Buffer.alloc(0)))
  const bomb = await verified('bomb.pdf', hostileReport('run.json', await packedZeros(2 ** 30)))
  expect([path.code, bomb.code]).toEqual([1, 1])
  expect(notAgreeing(bomb.parts)).toContain('attachment run.json')
  expect(readdirSync(home)).toHaveLength(before + 2)
})

test('training it anew gives the same bits, and tells figures that were never measured', async () => {
  const same = await verified('same.pdf', readFileSync(report), '--retrain')
  expect([same.code, same.others.at(-1)]).toMatchObject([
    0,
    { event: 'retrained', differing: 0, largest: null, isSameExpected: true }
  ])
  expect(same.others.filter(({ event }) => event === 'epoch')).toHaveLength(2)
  const file = runFile()
  const models = file.models.map((model, index) => {
    const [first = 0, ...rest] = model.history.valLoss as number[]
    return index === 1 ? { ...model, history: { ...model.history, valLoss: [first / 2, ...rest] } } : model
  })
  const forged = await drawReport(fixtureReport({ ...file, models }))
  const differs = await verified('never.pdf', forged, '--retrain', '--device', 'cpu')
  expect([differs.code, differs.verdict]).toEqual([1, 'unchanged'])
  expect(differs.others.at(-1)).toMatchObject({
    differing: 1,
    largest: { where: 'validation loss of d=4 after epoch 1' }
  })
  expect(readdirSync(temporary).filter((name) => name.startsWith('bottleneck-lab-verify-'))).toEqual([])
})

test('Ctrl-C gives the training up', async () => {
  const long = { ...runFile() }
  const experiment = { ...long.experiment, base: { ...long.experiment.base, epochs: 1000 } }
  writeFileSync(
    join(home, 'long.pdf'),
    await drawReport(
      fixtureReport({
        ...long,
        experiment,
        models: long.models.map((model) => ({
          ...model,
          history: {
            trainLoss: many(model.history.trainLoss),
            valLoss: many(model.history.valLoss),
            valMse: many(model.history.valMse)
          }
        }))
      })
    )
  )
  const child = spawn(process.execPath, [program, 'verify', join(home, 'long.pdf'), '--retrain', '--json'], {
    cwd: home,
    env
  })
  let isSent = false
  child.stdout.on('data', (text: Buffer) => {
    if (!isSent && text.includes('"epoch"')) isSent = child.kill('SIGINT')
  })
  const code = await new Promise((done) => child.on('exit', done))
  expect(code).toBe(130)
  expect(readdirSync(temporary).filter((name) => name.startsWith('bottleneck-lab-verify-'))).toEqual([])
})

const many = (losses: readonly (number | null)[]) => Array.from({ length: 1000 }, () => losses[0] ?? null)
