// A figure as a PDF, by the process that draws reports: exactly its size, text that can be searched, nothing from elsewhere.
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { figureInProcess } from '../../src/main/lab/report-in-process'
import { forkReport } from '../../src/main/lab/fork'
import { createFigurePdf } from '../../src/main/lab/figures'
import { createUploads } from '../../src/main/lab/uploads'

const draw = figureInProcess(forkReport(resolve(__dirname, '../../out/main/report-process.js')))
const hasPoppler = spawnSync('pdftotext', ['-v']).error === undefined
const svg = (inside: string, size = 'width="240.94" height="100"') =>
  `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" ${size} viewBox="0 0 240.94 100">${inside}</svg>`
const text = (words: string) => `<text x="10" y="40" style="font:600 8px Inter, sans-serif">${words}</text>`

let folder = ''
let secret = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'figure-'))
  secret = join(folder, 'secret.svg')
  writeFileSync(secret, svg(text('a secret')))
})
afterAll(() => rmSync(folder, { recursive: true }))

const saved = async (picture: string, title = 'A title') => {
  const path = join(folder, 'figure.pdf')
  writeFileSync(path, await draw({ svg: picture, title }))
  return path
}

test('is one page of the picture’s size with its text, its title, and fonts inside', async ({ skip }) => {
  skip(!hasPoppler, 'poppler-utils is not installed')
  const path = await saved(svg(text('validation &lt;loss&gt; 模型 😀')), '#panic() & "quotes" 模型')
  const info = execFileSync('pdfinfo', [path], { encoding: 'utf8' })
  expect(info).toMatch(/Pages: +1\n/)
  expect(info).toMatch(/Page size: +240\.94 x 100 pts/)
  expect(info).toContain('#panic() & "quotes" [Han]')
  expect(execFileSync('pdftotext', [path, '-'], { encoding: 'utf8' })).toContain('validation <loss> [Han] [emoji]')
  const fonts = execFileSync('pdffonts', [path], { encoding: 'utf8' }).trim().split('\n').slice(2)
  expect(fonts).toHaveLength(1)
  expect(fonts[0]).toMatch(/Inter-SemiBold .* yes yes yes/)
})

test('has the same bytes twice', async () => {
  const twice = await Promise.all([
    draw({ svg: svg(text('a')), title: 't' }),
    draw({ svg: svg(text('a')), title: 't' })
  ])
  expect(Buffer.compare(...(twice as [Uint8Array, Uint8Array]))).toBe(0)
})

test.each([
  ['a file', () => `<image href="file://${secret}" width="9" height="9"/>`],
  ['a path', () => `<image xlink:href='${secret}' width="9" height="9"/>`],
  ['a file without quotes', () => `<image href=${secret} width="9" height="9"/>`],
  ['a network address', () => '<image href="http://127.0.0.1:9/x.png" width="9" height="9"/>'],
  ['an SVG in an SVG', () => '<image href="data:image/svg+xml;base64,AAAA" width="9" height="9"/>'],
  ['a spelled-out address', () => '<image href="&#102;ile:///etc/passwd" width="9" height="9"/>'],
  ['a paint from elsewhere', () => '<rect fill="url(https://example.org/#a)" width="9" height="9"/>'],
  ['a style sheet', () => '<style>@import "x.css"</style>'],
  ['copies of copies', () => '<g id="a"/><use href="#a"/>'],
  ['a script', () => '<script>1</script>']
])('refuses %s', async (_, inside) => {
  await expect(draw({ svg: svg(inside()), title: 't' })).rejects.toMatchObject({ name: 'LabError', kind: 'bad-value' })
})

test.each([
  ['entities', `<!DOCTYPE svg [<!ENTITY a "b">]>${svg('')}`],
  ['no SVG', 'hello'],
  ['a size that no page has', svg('', 'width="99999" height="10"')],
  ['SVG that is cut off', svg('').slice(0, -8)]
])('refuses %s', async (_, picture) => {
  await expect(draw({ svg: picture, title: 't' })).rejects.toMatchObject({ name: 'LabError', kind: 'bad-value' })
})

test('of what a page has sent, it takes 8 MB, and nothing of it stays', async () => {
  const uploads = createUploads(folder)
  const figurePdf = createFigurePdf(uploads, draw)
  const send = async (bytes: Uint8Array) => {
    const id = await uploads.begin({ bytes: bytes.length, files: 1 })
    await uploads.send(id, [{ path: 'figure.svg', bytes }])
    return id
  }
  const sent = await send(Buffer.from(svg(text('a'))))
  expect(Buffer.from(await figurePdf(sent, 't')).toString('latin1', 0, 5)).toBe('%PDF-')
  await expect(figurePdf(sent, 't')).rejects.toMatchObject({ kind: 'not-found' })
  const large = await send(Buffer.alloc(8_000_001, ' '))
  await expect(figurePdf(large, 't')).rejects.toMatchObject({ name: 'LabError' })
  await expect(figurePdf(large, 't')).rejects.toMatchObject({ kind: 'not-found' })
  await uploads.close()
})
