import { expect, it } from 'vitest'
import { pagesOf } from '../../../src/renderer/report-pages'
import { drawReport } from '../../../src/main/report/report'
import { paperSizes } from '../../../src/shared/report-options'
import { fixtureReport } from '../../fixtures/report'
import { fixtureRun } from '../../fixtures/run-file'

it('shows each page of a report alone, at its own size', async () => {
  const svg = new TextDecoder().decode(
    await drawReport({ ...fixtureReport(fixtureRun({ latentDims: [2, 8] }), { paper: 'letter' }), form: 'pages' })
  )
  const pages = pagesOf(svg, paperSizes.letter.height)
  expect(pages.length).toBeGreaterThan(2)
  expect(
    pages.map((page) => /<svg [^>]*viewBox="([^"]*)" width="([^"]*)" height="([^"]*)"/.exec(page)?.slice(1))
  ).toEqual(pages.map((_, index) => [`0 ${(792 * index).toFixed(2)} 612 792`, '612', '792']))
  expect(svg).not.toContain('#ffffff') // a page's own white, which Typst lays over the first page
  expect(new Set(pages.map((page) => page.replace(/<svg [^>]*>/, ''))).size).toBe(1)
})
