// Reports that are as they were written, and such as somebody has changed: each change is found, and what differs is named.
import { deflateSync } from 'node:zlib'
import { PDFDocument } from '@cantoo/pdf-lib'
import { beforeAll, describe, expect, it } from 'vitest'
import { drawReport } from '../../../src/main/report/report'
import { openPdf, PdfTooLarge } from '../../../src/main/report/pdf-file'
import { contentDigests } from '../../../src/main/report/report-content'
import { readReport, type ReadReport } from '../../../src/main/report/read-report'
import { pdfStandards, type ReportOptions } from '../../../src/shared/report-options'
import { changeDigit, hostileReport, packedZeros, withObjects, withStream } from '../../fixtures/changed-report'
import { fixtureReport } from '../../fixtures/report'
import { fixtureRun } from '../../fixtures/run-file'

const one = () => fixtureRun({ latentDims: [2, 8], epochs: 4 })
const drawn = async (files: Parameters<typeof fixtureReport>[0], pdf: ReportOptions['pdf']) =>
  Buffer.from(await drawReport(fixtureReport(files, { pdf })))

async function read(file: Buffer): Promise<ReadReport> {
  const report = await readReport(file)
  if (typeof report === 'string') throw new Error(report)
  return report
}

/** Names of the parts that do not agree. */
async function differing(file: Buffer): Promise<string[]> {
  return (await read(file)).parts.filter(({ state }) => state !== 'agrees').map(({ part }) => part)
}

describe.each(pdfStandards)('a report as PDF/%s', (pdf) => {
  let file: Buffer
  beforeAll(async () => {
    file = await drawn(one(), pdf)
  })

  it('agrees in each part as it was written', async () => {
    const { form, parts } = await read(file)
    expect(form).toBe('whole')
    expect(parts.map(({ part, state }) => `${part} ${state}`)).toEqual([
      'whole file agrees',
      'text agrees',
      'pictures agrees',
      'attachment losses.csv agrees',
      'attachment report.json agrees',
      'attachment run.json agrees'
    ])
  })

  it('names the attachment in which one digit was changed', async () => {
    const isRun = (content: Buffer) => content.includes('"valLoss"')
    const forged = withStream(file, isRun, (content) => changeDigit(content, '"valLoss": [ 0.'))
    expect(await differing(forged)).toEqual(['whole file', 'attachment run.json'])
  })

  it('names the text in which one digit was changed', async () => {
    const isPage = (content: Buffer) => content.includes(' Tm') && content.includes('BT')
    const forged = withStream(file, isPage, (content) => changeDigit(content, ' Tm'))
    expect(await differing(forged)).toEqual(['whole file', 'text'])
  })

  it('names the pictures of which one pixel was changed', async () => {
    const isDigit = (content: Buffer) => content.length === 784
    const forged = withStream(file, isDigit, (content) => (content[300] = content[300] === 0 ? 1 : 0))
    expect(await differing(forged)).toEqual(['whole file', 'pictures'])
  })

  it('finds a byte that was changed elsewhere', async () => {
    for (const place of ['xmp:ModifyDate>2', '/ID [(', '/Producer', '/Title (', '%PDF-1.']) {
      const at = file.indexOf(place) + place.length
      if (at < place.length) continue
      const forged = Buffer.from(file)
      forged[at] = forged[at] === 0x37 ? 0x38 : 0x37
      expect(await differing(forged), place).toEqual(['whole file'])
    }
  })

  it('finds a digest that was changed itself', async () => {
    for (const [name, part] of [
      ['file', []],
      ['text', ['text']],
      ['pictures', ['pictures']]
    ] as const) {
      const forged = Buffer.from(file)
      const at = forged.indexOf(`sha256-${name}:`) + `sha256-${name}:`.length
      forged[at] = forged[at] === 0x37 ? 0x38 : 0x37
      expect(await differing(forged), name).toEqual(['whole file', ...part])
    }
  })

  it('says so of a file that was cut short, wherever', async () => {
    const digests = file.indexOf('sha256-file:') + 'sha256-file:'.length
    for (const end of [digests, Math.floor((digests + file.length) / 2), file.length - 1]) {
      expect((await read(file.subarray(0, end))).form).toBe('cut')
    }
  })

  it('can’t tell whether it was a report where it was cut before its digests', async () => {
    const digests = file.indexOf('sha256-file:')
    for (const end of [10, digests >> 1, digests]) expect(await readReport(file.subarray(0, end))).toBe('no-end')
  })

  it('says so of a file to which something was added', async () => {
    expect(await differing(Buffer.concat([file, Buffer.from('\n% more')]))).toEqual(['whole file'])
  })

  it('tells what another program has written anew from what it has left as it was', async () => {
    const document = await PDFDocument.load(file)
    const plain = Buffer.from(await document.save({ useObjectStreams: false }))
    expect(await differing(plain)).toContain('whole file')
    const packed = await read(Buffer.from(await document.save()))
    expect(packed.form).toBe('damaged')
    expect(packed.parts).toMatchObject([{ part: 'whole file', state: 'differs' }])
  })
})

it('a comparison has the run and the losses of each, and says which was changed', async () => {
  const file = await drawn([one(), fixtureRun({ latentDims: [4], epochs: 3, name: 'The other' })], 'ua-1')
  expect(await differing(file)).toEqual([])
  const isOther = (content: Buffer) => content.includes('"valLoss"') && content.includes('The other')
  const forged = withStream(file, isOther, (content) => changeDigit(content, '"valLoss": [ 0.'))
  expect(await differing(forged)).toEqual(['whole file', 'attachment run-2.json'])
})

it.each(['手書き', 'ziffern-größe'])('a data set may be called %s', async (name) => {
  const run = one()
  const called = { ...run, dataset: { ...run.dataset, name }, experiment: { ...run.experiment, dataset: name } }
  expect(await differing(await drawn(called, 'ua-1'))).toEqual([])
})

it('every byte of a report counts', async () => {
  const file = await drawn(fixtureRun({ latentDims: [2], epochs: 1 }), 'ua-1')
  const step = Math.ceil(file.length / 200)
  for (let at = 7; at < file.length; at += step) {
    const forged = Buffer.from(file)
    forged[at] = (forged[at] as number) ^ 1
    const report = await readReport(forged)
    expect(
      typeof report === 'string' ||
        report.parts.some(({ part, state }) => part === 'whole file' && state === 'differs'),
      `byte ${at}`
    ).toBe(true)
  }
})

describe('files of others', () => {
  it('no PDF, and a PDF without digests, are told apart', async () => {
    expect(await readReport(Buffer.from('PK\x03\x04'))).toBe('no-pdf')
    const document = await PDFDocument.create()
    document.addPage()
    document.setKeywords(['sha256-file:no digest'])
    expect(await readReport(Buffer.from(await document.save({ useObjectStreams: false })))).toBe('no-digests')
  })

  it('digests that were never filled in are none, as in what others make of a report’s source', async () => {
    const text = hostileReport('run.json', deflateSync('{}')).toString('latin1')
    expect(await readReport(Buffer.from(text.replaceAll('f'.repeat(64), '0'.repeat(64)), 'latin1'))).toBe('no-digests')
  })

  it('two attachments of one name are a difference', async () => {
    const file = hostileReport('run.json', deflateSync('{}'))
    const doubled = withObjects(file, {
      1: '<< /Pages 2 0 R /Names << /EmbeddedFiles << /Names [ (run.json) 5 0 R (run.json) 5 0 R ] >> >> >>'
    })
    const detail = 'several have this name'
    expect((await read(doubled)).parts).toContainEqual({ part: 'attachment run.json', state: 'differs', detail })
  })

  it('an attachment with the name of a path is a name', async () => {
    const { attachments, parts } = await read(hostileReport('../x', deflateSync('x')))
    expect(attachments.map(({ name }) => name)).toEqual(['../x'])
    expect(parts).toContainEqual(expect.objectContaining({ part: 'attachment “../x”', state: 'unknown' }))
  })

  it('an attachment that unpacks to a gigabyte is not unpacked', async () => {
    const file = hostileReport('run.json', await packedZeros(2 ** 30))
    expect(file.length).toBeLessThan(2 ** 24)
    const before = process.memoryUsage().rss
    const { attachments, parts } = await read(file)
    expect(attachments).toEqual([{ name: 'run.json', content: null }])
    expect(parts).toContainEqual(expect.objectContaining({ part: 'attachment run.json', state: 'differs' }))
    expect(process.memoryUsage().rss - before).toBeLessThan(2 ** 28)
  })

  it.each([
    [
      'a table that leads back to itself',
      (text: string) => text.replace('/Root', `/Prev ${text.lastIndexOf('xref\n0')} /Root`)
    ],
    ['pages that hold themselves', (text: string) => text.replace('/Kids [ 3 0 R ]', '/Kids [ 2 0 R ]')],
    ['lists in lists', (text: string) => text.replace('/Kids [ 3 0 R ]', '/Kids ' + '['.repeat(15))],
    ['a length that leads to itself', (text: string) => text.replace('/Length 5 ', '/Length 4 0 R ')],
    ['an object elsewhere', (text: string) => text.replace('/Pages 2 0 R', '/Pages 7 0 R')]
  ])('%s is damage', async (_, change) => {
    const text = hostileReport('run.json', deflateSync('{}')).toString('latin1')
    const report = await readReport(Buffer.from(change(text), 'latin1'))
    expect(report).toMatchObject({ form: 'damaged' })
  })

  const small = hostileReport('run.json', deflateSync('{}'))
  const streamOf = (length: string | number, content = '') => `<< /Length ${length} >>\nstream\n${content}\nendstream`

  it('lengths that lead to one another are damage, however many', async () => {
    const chain = Array.from({ length: 20_000 }, (_, index) => [index + 10, streamOf(`${index + 11} 0 R`)] as const)
    const file = withObjects(small, { ...Object.fromEntries(chain), 4: streamOf('10 0 R') })
    expect(await readReport(file)).toMatchObject({ form: 'damaged' })
  })

  it.each([
    ['of a million values', { 2: `<< /Kids [ 3 0 R ] /X [${'()'.repeat(1_000_001)}] >>` }],
    ['of more characters than are parsed', { 2: `<< /Kids [ 3 0 R ] /X (${'x'.repeat(2 ** 24)}) >>` }],
    ['with more pages than are looked at', { 2: `<< /Kids [${'3 0 R '.repeat(200_000)}] >>` }],
    [
      'that names one stream again and again',
      { 3: `<< /Contents [${'4 0 R '.repeat(300)}] >>`, 4: streamOf(2 ** 20, ' '.repeat(2 ** 20)) }
    ],
    [
      'that names an empty stream again and again',
      { 3: `<< /Contents [${'4 0 R '.repeat(300_000)}] >>`, 4: streamOf(0) }
    ]
  ])('a file %s is too large', async (_, objects) => {
    await expect(readReport(withObjects(small, objects))).rejects.toThrow(PdfTooLarge)
  })

  it('what all pages share is walked once', async () => {
    const [pages, fonts] = [200, 200]
    const file = withObjects(small, {
      2: `<< /Kids [${Array.from({ length: pages }, (_, index) => `${index + 10} 0 R`).join(' ')}] >>`,
      ...Object.fromEntries(
        Array.from({ length: pages }, (_, index) => [
          index + 10,
          `<< /Contents 4 0 R /Resources ${index % 2 ? '5 0 R' : '<< /Font 6 0 R >>'} >>`
        ])
      ),
      5: '<< /Font 6 0 R >>',
      6: `<< ${Array.from({ length: fonts }, (_, index) => `/F${index} << >>`).join(' ')} >>`
    })
    const pdf = openPdf(file)
    let steps = 0
    const count =
      <Of>(follow: (value: Of) => ReturnType<typeof pdf.follow>) =>
      (value: Of) => {
        steps++
        return follow(value)
      }
    await contentDigests({ ...pdf, follow: count(pdf.follow) })
    expect(steps).toBeLessThan(10 * (pages + fonts))
  })
})
