// Electron's security baseline in the running application, row by row as in SECURITY.md; navigation and network have files of their own.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { expect, test } from './host'

/** Runs a piece of script in the page and answers with how it ended. */
const attempt = (page: Page, script: string) =>
  page.evaluate(
    (text) =>
      new Promise<string>((resolve) => {
        addEventListener('securitypolicyviolation', (event) => resolve(`blocked by ${event.effectiveDirective}`), {
          once: true
        })
        const element = document.createElement('script')
        element.textContent = text
        document.head.append(element)
        setTimeout(() => resolve('ran'), 500)
      }),
    script
  )

/** How a request from the page ends: a status, or `refused`. */
const request = (page: Page, url: string, method = 'GET') =>
  page.evaluate(
    ([address = '', verb = '']) =>
      fetch(address, { method: verb }).then(
        (response) => String(response.status),
        () => 'refused'
      ),
    [url, method]
  )

test('1 only the application’s own files are loaded', async ({ open }) => {
  const { page } = await open()
  const urls: string[] = []
  page.on('request', (sent) => urls.push(sent.url()))
  await page.reload()
  await expect(page.getByRole('navigation', { name: 'Runs' })).toBeVisible()
  expect(urls.length).toBeGreaterThan(2)
  expect(urls.filter((url) => !url.startsWith('app://bottleneck-lab/') && !url.startsWith('data:image/'))).toEqual([])
})

test('2 the page has no Node', async ({ open }) => {
  const { page } = await open()
  const found = await page.evaluate(() =>
    ['require', 'process', 'module', 'Buffer', 'global'].filter((name) => name in globalThis)
  )
  expect(found).toEqual([])
})

test('3, 4, 6, 8, 9, 10, 11 isolated, sandboxed, with Chromium’s protections on', async ({ open }) => {
  const { application } = await open()
  const preferences = await application?.evaluate(({ BrowserWindow }) => {
    const contents = BrowserWindow.getAllWindows()[0]?.webContents
    return (contents as unknown as { getLastWebPreferences(): Record<string, unknown> }).getLastWebPreferences()
  })
  expect(preferences).toMatchObject({
    contextIsolation: true,
    sandbox: true,
    nodeIntegration: false,
    nodeIntegrationInSubFrames: false,
    webSecurity: true,
    allowRunningInsecureContent: false,
    experimentalFeatures: false,
    enableBlinkFeatures: '',
    webviewTag: false
  })
})

test('2, 4 a preload script with the window’s preferences has no Node, nor has a frame of the page', async ({
  open,
  home
}) => {
  const { page, application } = await open()
  const preload = join(home, 'preload.js')
  const tries = `['node:fs', 'node:child_process'].filter((name) => { try { return require(name) } catch { return false } })`
  writeFileSync(preload, `require('electron').contextBridge.exposeInMainWorld('found', { modules: ${tries} })`)
  const found = await application?.evaluate(async ({ BrowserWindow }, path) => {
    const contents = BrowserWindow.getAllWindows()[0]?.webContents
    const last = (contents as unknown as { getLastWebPreferences(): Electron.WebPreferences }).getLastWebPreferences()
    const window = new BrowserWindow({ show: false, webPreferences: { ...last, preload: path } })
    await window.loadURL('app://bottleneck-lab/index.html')
    const modules = (await window.webContents.executeJavaScript('found.modules')) as string[]
    window.destroy()
    return modules
  }, preload)
  expect(found).toEqual([])
  const inFrame = await page.evaluate(() => {
    const frame = document.body.appendChild(document.createElement('iframe'))
    const names = ['require', 'process', 'module', 'Buffer', 'bottleneckLab']
    return names.filter((name) => name in (frame.contentWindow ?? {}))
  })
  expect(inFrame).toEqual([])
})

test('3, 6 nothing of the preload script’s world is within reach, nor is a frame of another origin', async ({
  open
}) => {
  const { page } = await open()
  const found = await page.evaluate(() => {
    const { bottleneckLab } = globalThis as unknown as { bottleneckLab: Record<string, unknown> }
    const functions = Object.values(bottleneckLab).filter((value) => typeof value === 'function')
    const frame = document.body.appendChild(document.createElement('iframe'))
    frame.setAttribute('sandbox', 'allow-scripts')
    frame.srcdoc = 'of no origin'
    return new Promise((resolve) => {
      frame.onload = () =>
        resolve({
          foreign: functions.filter((one) => (one as object).constructor !== Function).length,
          frame: frame.contentDocument === null ? 'closed' : 'open'
        })
    })
  })
  expect(found).toEqual({ foreign: 0, frame: 'closed' })
})

test('5 every permission is denied', async ({ open }) => {
  const { page } = await open()
  const states = await page.evaluate(async () => {
    const names = [
      'geolocation',
      'notifications',
      'camera',
      'microphone',
      'midi',
      'clipboard-read',
      'persistent-storage'
    ]
    const query = (name: string) => navigator.permissions.query({ name: name as PermissionName })
    return Promise.all(names.map((name) => query(name).then(({ state }) => state)))
  })
  expect(new Set(states)).toEqual(new Set(['denied']))
  expect(await page.evaluate(() => Notification.requestPermission())).toBe('denied')
  const camera = page.evaluate(() => navigator.mediaDevices.getUserMedia({ video: true }))
  await expect(camera).rejects.toThrow()
})

test('7 the content security policy comes as a header and holds', async ({ open }) => {
  const { page } = await open()
  const header = await page.evaluate(() =>
    fetch('/index.html').then(({ headers }) => headers.get('content-security-policy'))
  )
  expect(header).toContain("default-src 'none'")
  expect(header).not.toMatch(/unsafe|\*/)
  expect(await attempt(page, 'document.title = "changed"')).toBe('blocked by script-src-elem')
  const evaluated = await page.evaluate(
    () =>
      new Promise<string>((resolve) => {
        // in a task of the page's own: what a debugger evaluates is exempt from the policy
        setTimeout(() => {
          try {
            resolve(String((0, eval)('1')))
          } catch (error) {
            resolve((error as Error).name)
          }
        })
      })
  )
  expect(evaluated).toBe('EvalError')
  expect(await request(page, 'https://example.org/')).toBe('refused')
  expect(await request(page, 'http://127.0.0.1:9/')).toBe('refused')
  const framed = await page.evaluate(() => {
    const frame = document.createElement('iframe')
    frame.src = 'data:text/html,framed'
    document.body.append(frame)
    return new Promise((resolve) =>
      addEventListener('securitypolicyviolation', (event) => resolve(event.effectiveDirective))
    )
  })
  expect(framed).toBe('frame-src')
})

test('12 no guest page is attached', async ({ open }) => {
  const { page, application } = await open()
  await page.evaluate(() => {
    const guest = document.createElement('webview')
    guest.setAttribute('src', 'app://bottleneck-lab/index.html')
    document.body.append(guest)
  })
  const kinds = await application?.evaluate(({ webContents }) =>
    webContents.getAllWebContents().map((one) => one.getType())
  )
  expect(kinds).toContain('window')
  expect(kinds).not.toContain('webview')
  expect(kinds?.filter((kind) => kind === 'window')).toHaveLength(1)
})

test('17 messages of another page or another window are refused', async ({ open }) => {
  const { application } = await open()
  const answers = await application?.evaluate(async ({ app, BrowserWindow }) => {
    const own = BrowserWindow.getAllWindows()[0]
    const preload = `${app.getAppPath()}/out/preload/page-bridge.js`
    const ask = (window: Electron.BrowserWindow | undefined) =>
      window?.webContents.executeJavaScript(
        `globalThis.bottleneckLab
          ? Promise.race([
              bottleneckLab.copyText('x').then(() => 'answered', () => 'refused'),
              new Promise((resolve) => { bottleneckLab.onMessage(() => resolve('answered')) })
            ])
          : 'no bridge'`
      )
    const stranger = new BrowserWindow({ show: false, webPreferences: { preload, sandbox: true } })
    await stranger.loadURL('about:blank')
    await stranger.webContents.executeJavaScript(`bottleneckLab.send({ t: 'q', m: 'listRuns', a: [], i: '1' })`)
    const strange = await ask(stranger)
    stranger.destroy()
    own?.webContents.removeAllListeners('did-navigate') // which would bring the page back
    await own?.loadURL('about:blank')
    await own?.webContents.executeJavaScript(`bottleneckLab.send({ t: 'q', m: 'listRuns', a: [], i: '1' })`)
    return [strange, await ask(own)]
  })
  expect(answers).toEqual(['refused', 'refused'])
})

test('18 the scheme serves no file outside the page', async ({ open }) => {
  const { page } = await open()
  for (const path of [
    '/../package.json',
    '/..%2f..%2fpackage.json',
    '/%2e%2e/%2e%2e/package.json',
    '/..%5c..%5cpackage.json',
    '//etc/passwd',
    '/C:/Windows/win.ini',
    '//host/share/file',
    '/index.html%00.png',
    '/main/index.js',
    `/${'a'.repeat(5000)}`
  ]) {
    expect(await request(page, `app://bottleneck-lab${path}`), path).toMatch(/^(404|refused)$/)
  }
})

test('18 the scheme serves nothing under another name or method, and no file: address', async ({ open }) => {
  const { page } = await open()
  expect(await request(page, 'app://bottleneck-lab/index.html?x#y')).toBe('200')
  expect(await request(page, 'app://elsewhere/index.html')).toBe('refused')
  expect(await request(page, 'app://bottleneck-lab/index.html', 'POST')).toMatch(/^(404|refused)$/)
  expect(await request(page, 'file:///etc/passwd')).toBe('refused')
})

test('20 the bridge is narrow and frozen', async ({ open }) => {
  const { page } = await open()
  const bridge = await page.evaluate(() => {
    const exposed = (globalThis as unknown as { bottleneckLab: object }).bottleneckLab
    return {
      keys: Object.keys(exposed),
      types: Object.values(exposed).map((value) => typeof value),
      frozen: Object.isFrozen(exposed)
    }
  })
  expect(bridge).toEqual({
    keys: [
      'platform',
      'send',
      'onMessage',
      'saveFile',
      'copyText',
      'copyPicture',
      'revealRun',
      'chooseFolder',
      'pathOf',
      'takeOpenedFiles',
      'onFileOpened',
      'setSaving',
      'onCommand'
    ],
    types: ['string', ...Array<string>(12).fill('function')],
    frozen: true
  })
})
