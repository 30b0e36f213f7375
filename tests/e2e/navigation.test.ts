// Every way that is known for a page to leave its window, tried in the running application (rows 13, 14 and 15 of SECURITY.md).
import { chmodSync, existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { ElectronApplication } from '@playwright/test'
import { expect, root, test } from './host'

const PAGE = 'app://bottleneck-lab/index.html'
const elsewhere = [
  'about:blank',
  'about:srcdoc',
  'https://example.org/',
  'http://127.0.0.1:9/',
  'file:///etc/passwd',
  'chrome://gpu/',
  'view-source:app://bottleneck-lab/index.html',
  'mailto:somebody@example.org',
  'app://bottleneck-lab.example.org/index.html',
  'app://bottleneck-lab@example.org/index.html',
  'app://bottleneck-lab/',
  'app://bottleneck-lab/nothing.html',
  'data:text/html,elsewhere',
  'javascript:document.title="changed"'
]

const click = (url: string, more = '') =>
  `Object.assign(document.body.appendChild(document.createElement('a')), { href: ${JSON.stringify(url)}${more} }).click()`
const submit = (url: string, method: string) =>
  `Object.assign(document.body.appendChild(document.createElement('form')), { action: '${url}', method: '${method}' }).submit()`
const refresh = (url: string) =>
  `Object.assign(document.head.appendChild(document.createElement('meta')), { httpEquiv: 'refresh', content: '0;url=${url}' })`
const frame = (properties: string) =>
  `Object.assign(document.body.appendChild(document.createElement('iframe')), ${properties})`

const ways: [string, string][] = [
  ...elsewhere.map((url): [string, string] => [`a link to ${url}`, click(url)]),
  ...elsewhere.map((url): [string, string] => [`location = ${url}`, `location = ${JSON.stringify(url)}`]),
  ['location.replace', `location.replace('about:blank')`],
  ['a blob', `location = URL.createObjectURL(new Blob(['elsewhere'], { type: 'text/html' }))`],
  ['a link with the window as target', click('about:blank', `, target: '_top'`)],
  ['a link that pings', click('about:blank', `, ping: 'https://example.org/'`)],
  ['window.open in the same window', `open('about:blank', '_self')`],
  ['window.open in a new one', `open('about:blank')`],
  ['a form that gets', submit('about:blank', 'get')],
  ['a form that posts', submit(PAGE, 'post')],
  ['<meta refresh> to about:blank', refresh('about:blank')],
  ['<meta refresh> to data:', refresh('data:text/html,elsewhere')],
  ['a frame that leads its parent', frame(`{ srcdoc: '<meta http-equiv=refresh content="0;url=about:blank">' }`)],
  ['a frame that is led', `${frame('{}')}.contentWindow.location = 'https://example.org/'`],
  ['a reload', 'location.reload()'],
  ['back', 'history.back()'],
  ['another address of the page and a reload', `history.pushState(null, '', '/elsewhere'); location.reload()`]
]

/** What the window shows: asked in the main process, since a navigation that was prevented leaves the test driver waiting for it. */
const shown = (application: ElectronApplication) =>
  application.evaluate(async ({ BrowserWindow }) => {
    const [window, ...others] = BrowserWindow.getAllWindows()
    const contents = window?.webContents
    const look = `[document.querySelectorAll('nav').length, typeof bottleneckLab]`
    const silence = new Promise((resolve) => setTimeout(() => resolve('no answer'), 1000))
    const page: unknown = await Promise.race([contents?.executeJavaScript(look), silence]).catch(String)
    return { page, title: contents?.getTitle(), others: others.length }
  })

const attempt = (application: ElectronApplication, script: string) =>
  application.evaluate(async ({ BrowserWindow }, text) => {
    void BrowserWindow.getAllWindows()[0]
      ?.webContents.executeJavaScript(`${text}; 0`)
      .catch(() => undefined)
    await new Promise((resolve) => setTimeout(resolve, 300)) // what does not happen can't be waited for
  }, script)

async function expectAtHome(application: ElectronApplication, how: string): Promise<void> {
  const home = { page: [1, 'object'], title: 'Bottleneck Lab', others: 0 }
  await expect.poll(() => shown(application), how).toEqual(home)
}

test('13 no way leads away from the page, or it comes back at once', async ({ open }) => {
  const { application } = await open()
  if (!application) throw new Error('needs Electron')
  for (const [how, script] of ways) {
    await attempt(application, script)
    await expectAtHome(application, how)
  }
})

test('13 a page that has come back is answered by the lab', async ({ open }) => {
  const { application, page } = await open()
  if (!application) throw new Error('needs Electron')
  await attempt(application, `location = 'about:blank'`)
  await expectAtHome(application, 'about:blank')
  await expect(page.getByRole('button', { name: 'Train the article’s six models' })).toBeVisible()
})

test('13 what is dropped onto the window stays outside', async ({ open }) => {
  const { application, page } = await open()
  if (!application) throw new Error('needs Electron')
  const file = join(root, 'README.md')
  const url = pathToFileURL(file).href
  const link = { mimeType: 'text/uri-list', data: 'about:blank' }
  const session = await page.context().newCDPSession(page)
  await page.evaluate(() => {
    const seen = globalThis as unknown as { drags: number }
    seen.drags = 0
    addEventListener('dragenter', () => (seen.drags += 1))
  })
  for (const data of [
    { items: [], files: [file], dragOperationsMask: 1 },
    { items: [link], dragOperationsMask: 1 },
    { items: [{ ...link, data: url }], dragOperationsMask: 1 }
  ]) {
    for (const type of ['dragEnter', 'dragOver', 'drop'] as const) {
      await session.send('Input.dispatchDragEvent', { type, x: 600, y: 400, data })
    }
    await attempt(application, '')
    await expectAtHome(application, JSON.stringify(data))
  }
  expect(await page.evaluate(() => (globalThis as unknown as { drags: number }).drags)).toBeGreaterThanOrEqual(3)
})

test('14 no window opens', async ({ open }) => {
  const { page, application } = await open()
  expect(await page.evaluate(() => window.open('app://bottleneck-lab/index.html') === null)).toBe(true)
  expect(await page.evaluate(() => window.open('about:blank') === null)).toBe(true)
  await page.evaluate(() => {
    const link = document.createElement('a')
    link.href = '/index.html'
    link.target = '_blank'
    document.body.append(link)
    link.click()
  })
  const count = await application?.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length)
  expect(count).toBe(1)
})

test('14 nothing is downloaded past the save dialog', async ({ open }) => {
  const { page, application } = await open()
  await application?.evaluate(({ session }) => {
    const seen = globalThis as unknown as { downloads: boolean[] }
    seen.downloads = []
    session.defaultSession.on('will-download', (event) => seen.downloads.push(event.defaultPrevented))
  })
  await page.evaluate(() => {
    const link = document.createElement('a')
    link.href = URL.createObjectURL(new Blob(['x']))
    link.download = 'x.txt'
    link.click()
  })
  const downloads = () => application?.evaluate(() => (globalThis as unknown as { downloads: boolean[] }).downloads)
  await expect.poll(downloads).toEqual([true])
})

/** A program of the name by which Linux opens addresses; it notes that it was called. */
async function watchOtherPrograms(application: ElectronApplication, home: string): Promise<string> {
  const folder = join(home, 'programs')
  const note = join(home, 'opened')
  mkdirSync(folder)
  writeFileSync(join(folder, 'xdg-open'), `#!/bin/sh\necho "$1" >> '${note}'\n`)
  chmodSync(join(folder, 'xdg-open'), 0o755)
  await application.evaluate((_electron, path) => {
    process.env.PATH = `${path}:${process.env.PATH}`
  }, folder)
  return note
}

test('15 no link reaches another program', async ({ open, home }) => {
  test.skip(process.platform !== 'linux', 'needs xdg-open, by which Linux opens addresses')
  const { application } = await open()
  if (!application) throw new Error('needs Electron')
  const note = await watchOtherPrograms(application, home)
  for (const url of ['mailto:somebody@example.org', 'https://example.org/', 'file:///etc', 'steam://run/1']) {
    for (const script of [click(url), `open('${url}')`, frame(`{ src: '${url}' }`)]) await attempt(application, script)
  }
  await expectAtHome(application, 'links to other programs')
  expect(existsSync(note)).toBe(false)
  // The main process could open one: so the note would be there.
  await application.evaluate(({ shell }) => void shell.openExternal('mailto:somebody@example.org'))
  await expect.poll(() => existsSync(note)).toBe(true)
})
