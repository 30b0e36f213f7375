// Reports that are as they were written, and such as somebody has changed: each change is found, and what differs is named.
import { deflateSync } from 'node:zlib'
import { PDFDocument } from '@cantoo/pdf-lib'
import { beforeAll, describe, expect, it } from 'vitest'
import { drawReport } from '../../../src/main/report/report'
import { readReport, type ReadReport } from '../../../src/main/report/read-report'
import { pdfStandards, type ReportOptions } from '../../../src/shared/report-options'
import { changeDigit, hostileReport, packedZeros, withStream } from '../../fixtures/changed-report'
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
    for (const share of [0.01, 0.5, 0.9, 0.999]) {
      expect((await read(file.subarray(0, Math.floor(share * file.length)))).form).toBe('cut')
    }
    expect((await read(file.subarray(0, -1))).form).toBe('cut')
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
})
