// What other tools find in a report: tables in reading order (pdftotext), the run (pdfdetach), a sound file (qpdf).
import { execFileSync, spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, it } from 'vitest'
import { modelTable } from '../../../src/main/report/model-table'
import { resultTable } from '../../../src/main/report/comparison'
import type { TableSection } from '../../../src/main/report/document'
import { drawReport, type ReportInput } from '../../../src/main/report/report'
import { fixtureReport } from '../../fixtures/report'
import { fixtureRun } from '../../fixtures/run-file'
import { saved } from './read-pdf'
import { poppler } from './with-poppler'

const seeds = { seeds: [1, 2, 3] }
const one = fixtureReport(fixtureRun({ experiment: seeds }))
const comparison = fixtureReport([fixtureRun({ experiment: seeds }), fixtureRun({ name: 'Other', experiment: seeds })])

/** The cells' texts row by row, as a screen reader comes to them. */
const inOrder = ({ rows }: TableSection) =>
  rows
    .flatMap(({ name, cells }) => [name, ...cells.flatMap(({ text, below }) => [text, ...below])])
    .join(' ')
    .replace(/\s+/g, ' ')
const readingOrder = (path: string) =>
  execFileSync('pdftotext', ['-raw', path, '-'], { encoding: 'utf8' }).replace(/\s+/g, ' ')

poppler('every number of the tables stands in reading order, deviations and differences with theirs', async () => {
  const run = readingOrder(saved(await drawReport(one)))
  expect(run).toContain(inOrder(modelTable((one.runs[0] as ReportInput['runs'][number]).file)))
  expect(readingOrder(saved(await drawReport(comparison)))).toContain(inOrder(resultTable(comparison.runs)))
})

poppler('pdfdetach saves the run as it is', async () => {
  const path = saved(await drawReport(one))
  const run = join(dirname(path), 'run.json')
  execFileSync('pdfdetach', ['-savefile', 'run.json', '-o', run, path])
  expect(readFileSync(run, 'utf8')).toBe(one.runs[0]?.attached.runJson)
})

const noQpdf = spawnSync('qpdf', ['--version']).error ? 'qpdf is not installed' : ''

it.for([
  ['one run', 'ua-1', one],
  ['one run', 'a-3a', one],
  ['a comparison', 'ua-1', comparison],
  ['a comparison', 'a-3a', comparison]
] as const)('qpdf finds no fault in %s as %s', async ([, pdf, input], { skip }) => {
  skip(noQpdf !== '', noQpdf)
  const path = saved(await drawReport({ ...input, options: { ...input.options, pdf } }))
  const checked = spawnSync('qpdf', ['--check', path], { encoding: 'utf8' })
  expect(checked.stdout + checked.stderr).toContain('No syntax or stream encoding errors found')
  expect(checked.status).toBe(0)
})
