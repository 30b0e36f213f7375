// Nothing of a report leaves its page, whatever the names, the number of models, seeds and runs; no text of a chart leaves the chart.
import { unzipSync } from 'fflate'
import { beforeAll, describe, expect, it } from 'vitest'
import { drawReport, type ReportInput } from '../../../src/main/report/report'
import { openTypeface } from '../../../src/main/system/typeface'
import { paperSizes } from '../../../src/shared/report-options'
import { fixtureReport } from '../../fixtures/report'
import { fixtureRun, type FixtureOptions } from '../../fixtures/run-file'
import { varying } from '../../fixtures/varying'
import { saved, textOfPages, wordsOf } from './read-pdf'
import { chartTexts } from './svg-texts'
import { poppler } from './with-poppler'

const LONGEST = 300 // characters of a name
const names = {
  words: 'A name of words '.repeat(20).slice(0, LONGEST),
  'one word': 'W'.repeat(LONGEST),
  Chinese: '瓶頸的寬度'.repeat(60),
  emoji: '👩🏽‍🔬🧪'.repeat(30),
  'right to left': 'עברית العربية '.repeat(21).trim(),
  mixed: `=cmd|' /C calc'!A0 <b>&amp;</b> ${'a,b;c|'.repeat(44)}`
}
const seeds = (count: number) => Array.from({ length: count }, (_, index) => index + 1)
const { base } = fixtureRun().experiment
const six = (name: string, more: FixtureOptions['experiment'] = {}) =>
  fixtureRun({ name, experiment: { seeds: [1, 2, 3], ...more } })
const cases: [string, () => ReportInput][] = [
  ['every kind of longest name', () => fixtureReport(Object.values(names).map((name) => fixtureRun({ latentDims: [2, 8], name })))],
  ...Object.entries(names).map(([kind, name]): [string, () => ReportInput] => [
    `a name of ${kind}`,
    () => fixtureReport(fixtureRun({ latentDims: [2], name }), { author: name.slice(0, 200), note: name })
  ]),
  ['three runs × six models × three seeds', () => fixtureReport(['One', 'Two', 'Three'].map((name, index) => six(name, { base: { ...base, batchSize: 64 * (index + 1) } })))],
  ['eight seeds', () => fixtureReport(six('Eight', { seeds: seeds(8) }))],
  ['eight runs of eight seeds', () => fixtureReport(seeds(8).map((run) => fixtureRun({ latentDims: [2, 784], name: `Run number ${run}`, experiment: { seeds: seeds(8) } })))],
  ['forty models', () => fixtureReport(fixtureRun({ latentDims: seeds(40), epochs: 3 }))],
  ['hidden layers', () => fixtureReport(fixtureRun({ experiment: varying('hidden', [[], [2048, 1024, 512, 256], [512, 128]]) }))]
] // prettier-ignore

describe.each(['a4', 'letter'] as const)('on %s', (paper) => {
  poppler.for(cases)('%s', { timeout: 240_000 }, async ([, input]) => {
    const report = input()
    const path = saved(await drawReport({ ...report, options: { ...report.options, paper } }))
    const { width, height } = paperSizes[paper]
    const words = wordsOf(path)
    expect(words.length).toBeGreaterThan(100)
    const outside = words.filter(
      ({ left, top, right, bottom }) => left < 47 || right > width - 47 || top < 40 || bottom > height - 18
    )
    expect(outside).toEqual([])
    for (const text of textOfPages(path)) expect(text.replace(/\s/g, '').length).toBeGreaterThan(100) // no page is almost empty
  })
})

describe('charts', () => {
  let measure: Awaited<ReturnType<typeof openTypeface>>['measure']
  beforeAll(async () => {
    measure = (await openTypeface()).measure
  })

  it.each(cases)('%s', { timeout: 240_000 }, async (_, input) => {
    const files = Object.entries(unzipSync(await drawReport({ ...input(), form: 'source' })))
    const charts = files.filter(([name]) => name.endsWith('.svg'))
    expect(charts.length).toBeGreaterThan(0)
    for (const [name, content] of charts) {
      const { width, height, texts } = chartTexts(new TextDecoder().decode(content), measure)
      expect(texts.length, name).toBeGreaterThan(3)
      const outside = texts.filter(
        ({ left, top, right, bottom }) => left < -0.5 || top < -0.5 || right > width + 0.5 || bottom > height + 0.5
      )
      expect(outside, name).toEqual([])
    }
  })
})
