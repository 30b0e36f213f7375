// The report's source: what is unzipped makes the same pages, with nothing but what lies in the folder.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { NodeCompiler } from '@myriaddreamin/typst-ts-node-compiler'
import { unzipSync } from 'fflate'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { drawReport, type ReportInput } from '../../../src/main/report/report'
import { fixtureReport } from '../../fixtures/report'
import { fixtureRun } from '../../fixtures/run-file'

let folder: string
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'report-source-'))))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const injection = '#panic("run") ] } $ ` */ // \\ "quoted" #read("/etc/passwd")'
const cases: [string, ReportInput][] = [
  ['one run', fixtureReport(fixtureRun({ latentDims: [2, 8] }))],
  ['a comparison', fixtureReport([fixtureRun({ latentDims: [2] }), fixtureRun({ latentDims: [2], name: 'Other' })])],
  ['names that would be code', fixtureReport(fixtureRun({ latentDims: [2], name: injection }), { note: injection })]
]

async function unzipped(name: string, input: ReportInput): Promise<string> {
  const files = unzipSync(await drawReport({ ...input, form: 'source' }))
  const root = join(folder, name)
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), content)
  }
  return root
}

/** All pages as SVG, as Typst makes them of the files in a folder alone. */
function pagesFrom(root: string): string {
  const compiler = NodeCompiler.create({ workspace: root, fontArgs: [{ fontPaths: [join(root, 'fonts')] }] })
  const { result, takeError } = compiler.compile({ mainFilePath: join(root, 'main.typ') })
  if (!result) throw new Error(JSON.stringify(takeError()))
  return compiler.plainSvg(result)
}

it.each(cases)('makes the same pages: %s', async (name, input) => {
  const pages = new TextDecoder().decode(await drawReport({ ...input, form: 'pages' }))
  expect(pagesFrom(await unzipped(name, input)) === pages).toBe(true)
})

it('holds the template, the data, the pictures, the attachments, the fonts with their licence, and says what they are', async () => {
  const input = fixtureReport(fixtureRun({ latentDims: [2] }), { pdf: 'a-3a' })
  const bytes = await drawReport({ ...input, form: 'source' })
  const files = unzipSync(bytes)
  expect(Object.keys(files)).toEqual(
    expect.arrayContaining(
      ['README.txt', 'main.typ', 'style.typ', 'document.json', 'losses.svg', 'images.bin', 'run.json'].concat(
        ['Inter-Regular.ttf', 'OFL.txt'].map((name) => `fonts/${name}`)
      )
    )
  )
  const text = (name: string) => new TextDecoder().decode(files[name])
  expect(text('README.txt')).toContain('--font-path fonts --pdf-standard a-3a main.typ')
  expect(text('fonts/OFL.txt')).toContain('SIL Open Font License')
  expect(text('document.json')).toContain('"autoencoder"')
  expect(text('document.json')).not.toContain('sha256-file') // what is compiled of it bears no digest
  expect(text('run.json')).toBe(input.runs[0]?.attached.runJson)
  expect(Buffer.from(await drawReport({ ...input, form: 'source' })).equals(bytes)).toBe(true)
})

it('has user’s words in the data alone, never in code', async () => {
  const files = unzipSync(
    await drawReport({ ...fixtureReport(fixtureRun({ latentDims: [2], name: injection })), form: 'source' })
  )
  for (const [name, content] of Object.entries(files)) {
    if (name.endsWith('.typ')) expect(new TextDecoder().decode(content)).not.toContain('panic')
  }
  expect(new TextDecoder().decode(files['document.json'])).toContain('#panic')
})
