// Opens the application on one of three hosts with a home of its own, and closes it after the test.
import { spawn, type ChildProcess } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import {
  test as base,
  chromium,
  expect as baseExpect,
  _electron as electron,
  type ElectronApplication,
  type Page
} from '@playwright/test'
import { electronProgram, hasDisplay } from '../../scripts/electron.mjs'
import { findChromium } from '../../scripts/find-chromium.mjs'

export type HostName = 'electron' | 'packaged' | 'browser'

/** The application as a test holds it. */
export interface OpenedHost {
  page: Page
  /** Null in a browser. */
  application: ElectronApplication | null
  /** The link that was printed last; a browser's host alone has one. */
  link?(): Promise<string>
  close(): Promise<void>
  /** Ends the application as a crash would, and waits until its trainer has gone with it. */
  kill(): Promise<void>
}

interface Fixtures {
  /** Folder of settings, runs and log; a second start finds what the first left. */
  home: string
  /** Opens the application; it is closed at the end of the test. `files`: what the system would hand to it, not in a browser. */
  open(...files: string[]): Promise<OpenedHost>
}

/** The repository. */
export const root = fileURLToPath(new URL('../..', import.meta.url))

export const test = base.extend<Fixtures & { hostName: HostName }>({
  hostName: ['electron', { option: true }],
  home: async ({}, use) => {
    const folder = mkdtempSync(join(tmpdir(), 'bottleneck-lab-'))
    await use(folder)
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
  },
  open: async ({ hostName, home }, use) => {
    const missing = whatIsMissing(hostName)
    test.skip(missing !== null, missing ?? '')
    const opened = new Map<OpenedHost, () => Promise<void>>()
    await use(async (...files) => {
      const host = hostName === 'browser' ? await openBrowser(home) : await openElectron(hostName, home, files)
      const { close, kill } = host
      opened.set(host, close)
      host.close = () => (opened.delete(host) ? close() : Promise.resolve())
      host.kill = () => (opened.delete(host) ? kill() : Promise.resolve())
      await host.page.getByRole('navigation', { name: 'Runs' }).waitFor()
      return host
    })
    for (const close of opened.values()) await close()
  }
})

export { expect } from '@playwright/test'

/** Why tests can't run on this host here, or null. */
export function whatIsMissing(hostName: HostName): string | null {
  if (hostName === 'browser') return findChromium() ? null : 'no Chromium or Chrome on this machine'
  if (hostName === 'electron' && !electronProgram()) return 'no Electron (npm start downloads it where it can be had)'
  if (hostName === 'packaged' && !existsSync(packagedProgram())) {
    return 'no packaged application (npm run package -- --dir --inspectable makes it)'
  }
  return hasDisplay() ? null : 'no display (xvfb-run gives one)'
}

/** Path of the program that opens the window. */
export function executable(hostName: 'electron' | 'packaged'): string {
  return hostName === 'packaged' ? packagedProgram() : (electronProgram() ?? 'electron')
}

/** Where electron-builder leaves the unpacked application. */
function packagedProgram(): string {
  const mac = `mac${process.arch === 'arm64' ? '-arm64' : ''}`
  const places: Partial<Record<NodeJS.Platform, string>> = {
    win32: 'win-unpacked/Bottleneck Lab.exe',
    darwin: `${mac}/Bottleneck Lab.app/Contents/MacOS/Bottleneck Lab`
  }
  return join(root, 'dist', places[process.platform] ?? 'linux-unpacked/bottleneck-lab')
}

/** The developer's runs, and CI's software adapter: a test of the page is about one device, the CPU. */
const notInherited = ['BOTTLENECK_LAB_RUNS', 'VK_DRIVER_FILES', 'VK_ICD_FILENAMES']

/** The environment of everything a test starts: a home of its own, the CPU alone, nothing of the developer's. */
export function environment(home: string): Record<string, string> {
  const inherited = Object.entries(process.env).filter(
    ([name, value]) => value !== undefined && !notInherited.includes(name)
  )
  const own = { BOTTLENECK_LAB_HOME: home, BOTTLENECK_LAB_TENSORFLOW: join(home, 'no-tensorflow') }
  return { ...(Object.fromEntries(inherited) as Record<string, string>), ...own }
}

async function openElectron(
  hostName: 'electron' | 'packaged',
  home: string,
  files: readonly string[]
): Promise<OpenedHost> {
  const application = await launch(hostName, home, files)
  const child = application.process() // not to be asked for once it has ended
  const page = await application.firstWindow({ timeout: 120_000 })
  return { page, application, close: () => closeElectron(application, child), kill: () => killProcesses(child) }
}

/** Ends a process by force, and waits for those below it, which see that it has gone. */
async function killProcesses(parent: ChildProcess): Promise<void> {
  const below = descendants(parent.pid ?? 0)
  const ended = new Promise((resolve) => parent.once('exit', resolve))
  parent.kill('SIGKILL')
  await ended
  await baseExpect.poll(() => below.filter(isAlive), { timeout: 30_000 }).toEqual([])
}

/** Process numbers of all that a process has started, on Linux. */
function descendants(pid: number): number[] {
  const children = readChildren(pid)
  return [...children, ...children.flatMap(descendants)]
}

function readChildren(pid: number): number[] {
  const tasks = `/proc/${pid}/task`
  if (!existsSync(tasks)) return []
  return readdirSync(tasks).flatMap((task) => {
    const text = readFileSync(join(tasks, task, 'children'), 'utf8')
    return text.split(' ').filter(Boolean).map(Number)
  })
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

/** Now and then Playwright does not notice that Electron 22 is ready, where the hidden page opens just then: another start helps. */
async function launch(
  hostName: 'electron' | 'packaged',
  home: string,
  files: readonly string[],
  starts = 3
): Promise<ElectronApplication> {
  const launching = electron.launch({
    executablePath: executable(hostName),
    args: [...(hostName === 'electron' ? [root] : []), ...files],
    cwd: home,
    env: environment(home),
    colorScheme: null,
    timeout: 30_000
  })
  return launching.catch((error: unknown) => {
    if (starts === 1 || !String(error).includes('Timeout')) throw error
    return launch(hostName, home, files, starts - 1)
  })
}

/** A run that still trains would make the application ask. A test may have ended it already. */
async function closeElectron(application: ElectronApplication, child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  await application.evaluate(({ dialog }) => {
    dialog.showMessageBox = () => Promise.resolve({ response: 0, checkboxChecked: false })
  })
  await application.close()
}

async function openBrowser(home: string): Promise<OpenedHost> {
  const server = spawn(process.execPath, [join(root, 'out/main/index.js'), 'serve', '--no-open'], {
    env: environment(home),
    stdio: ['ignore', 'pipe', 'inherit']
  })
  const printed = printedLinks(server)
  const link = await printed.next()
  const browser = await chromium.launch({ executablePath: findChromium() ?? '' })
  const context = await browser.newContext({ acceptDownloads: true, viewport: { width: 1440, height: 900 } })
  const page = await context.newPage()
  await page.goto(link)
  return {
    page,
    application: null,
    link: printed.next,
    close: async () => {
      await browser.close()
      const ended = new Promise((resolveExit) => server.once('exit', resolveExit))
      server.kill('SIGINT')
      await ended
    },
    kill: async () => {
      await browser.close()
      await killProcesses(server)
    }
  }
}

/** The links that `lab serve` prints, one after another: the next when the last has been used. */
function printedLinks({ stdout }: ChildProcess) {
  if (!stdout) throw new Error('The server has no output')
  const lines = createInterface(stdout)[Symbol.asyncIterator]()
  return {
    async next(): Promise<string> {
      for (;;) {
        const { done, value } = await lines.next()
        if (done) throw new Error('The server ended without a link')
        const [link] = /http:\/\/127\S+/.exec(value) ?? []
        if (link) return link
      }
    }
  }
}
