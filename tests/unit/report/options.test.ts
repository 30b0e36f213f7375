// What a user may choose of a report, and reports of several runs.
import { PDFDocument } from '@cantoo/pdf-lib'
import { expect } from 'vitest'
import { drawReport } from '../../../src/main/report/report'
import { fixtureReport } from '../../fixtures/report'
import { fixtureRun } from '../../fixtures/run-file'
import { fontsOf, imagesOf, saved, textOfPages, wordsOf } from './read-pdf'
import { poppler } from './with-poppler'

const run = fixtureRun({ latentDims: [2, 8] })
const oneLine = (pdf: Uint8Array) => textOfPages(saved(pdf)).join(' ').replace(/\s+/g, ' ')

poppler('prints the sections that are chosen, in its own order, and no others', async () => {
  const text = oneLine(await drawReport(fixtureReport(run, { parts: ['recipe', 'models'] })))
  expect(text).toMatch(/Models .*Recipe /)
  expect(text).not.toMatch(/Abstract|Loss by epoch|Reconstructions|Caveats|Machine and data|How it was measured/)
})

poppler('prints title and answer where no section is chosen', async () => {
  const pdf = await drawReport(fixtureReport(run, { parts: [] }))
  expect((await PDFDocument.load(pdf)).getPageCount()).toBe(1)
  expect(oneLine(pdf)).toMatch(/Fixture, not a real run .*How wide must .*of the gap/)
})

poppler('names its author and has the note below the title, in the file’s properties too', async () => {
  const pdf = await drawReport(fixtureReport(run, { author: 'Å. Student', note: 'For the seminar.\nSecond line.' }))
  expect(oneLine(pdf)).toMatch(/Å\. Student .*For the seminar\. Second line\./)
  expect((await PDFDocument.load(pdf)).getAuthor()).toBe('Å. Student')
  expect((await PDFDocument.load(await drawReport(fixtureReport(run)))).getAuthor()).toBe('Bottleneck Lab')
})

poppler('fits on letter paper', async () => {
  const pdf = await drawReport(fixtureReport(run, { paper: 'letter' }))
  for (const page of (await PDFDocument.load(pdf)).getPages())
    expect(page.getSize()).toEqual({ width: 612, height: 792 })
  for (const { text, left, right } of wordsOf(saved(pdf))) {
    expect(left, text).toBeGreaterThan(47)
    expect(right, text).toBeLessThan(565)
  }
})

poppler('takes markup in names, notes and authors for text', async () => {
  const name = "#panic() $x$ *bold* _it_ <b>&amp;</b> `raw` [link] @ref =cmd|' /C"
  const pdf = await drawReport(
    fixtureReport(fixtureRun({ latentDims: [2], name }), { note: '#read("run.json")', author: '#let x = 1' })
  )
  const text = oneLine(pdf)
  for (const words of [name, '#read("run.json")', '#let x = 1']) expect(text).toContain(words)
})

poppler('replaces what its typeface lacks by a word, and keeps it in properties of the file', async () => {
  const pdf = await drawReport(fixtureReport(fixtureRun({ latentDims: [2], name: '実験 🧪' })))
  expect(oneLine(pdf)).toContain('[Han] [emoji]')
  for (const { name } of fontsOf(saved(pdf))) expect(name).toMatch(/\+Inter/)
})

poppler(
  'compares several runs: what differs, the results beside one another, each run’s charts and images',
  async () => {
    const { base } = run.experiment
    const other = fixtureRun({
      latentDims: [2, 8],
      name: 'The other',
      experiment: { base: { ...base, activation: 'tanh' } }
    })
    const pdf = await drawReport(fixtureReport([run, other]))
    const text = oneLine(pdf)
    expect(text).toMatch(
      /Two runs compared .*What differs .*Activation relu tanh .*Results .*d ?= ?2 0\.\d{4} 0\.\d{4}/
    )
    for (const heading of ['Loss by epoch', 'Reconstructions', 'Recipe']) {
      for (const name of ['Fixture, not a real run', 'The other']) expect(text).toContain(`${heading} · ${name}`)
    }
    expect(text.split('How it was measured')).toHaveLength(2) // once, since it is the same of both
    expect(text).not.toContain('How it was measured ·')
    expect(imagesOf(saved(pdf))).toHaveLength(2 * 2 * 10 * 3)
  }
)
