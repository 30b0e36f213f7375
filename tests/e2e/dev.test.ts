// `npm run dev` in a copy of the sources: the application opens, and a change in each layer shows without anybody's doing.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, existsSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { chromium } from '@playwright/test'
import { WebSocket } from 'ws'
import { findChromium } from '../../scripts/find-chromium.mjs'
import { environment, expect, root, test, whatIsMissing, type HostName } from './host'

/** The value of an expression in the page. */
type Read = (expression: string) => Promise<unknown>

const SOON = { timeout: 120_000 }
const printedAddress = {
  window: /ws:\/\/127\.0\.0\.1:\d+\/devtools\/\S+/,
  browser: /http:\/\/127\.0\.0\.1:\d+\/#link=\S+/
}
const heading = 'document.querySelector("h1").innerText'

test.setTimeout(600_000)

test('a change in each layer shows', async ({ hostName, home }) => {
  const missing = whatIsMissing(hostName)
  test.skip(missing !== null, missing ?? '')
  const clone = cloneInto(join(home, 'clone'))
  const dev = start(clone, hostName, home)
  const { read, close } = await openPage(dev.printed, hostName)
  const shows = (expression: string, value: unknown) =>
    expect.poll(() => read(expression).catch(() => null), SOON).toEqual(value)
  try {
    await shows(`${heading}.length > 0`, true)

    await read('globalThis.isFirstPage = true')
    change(clone, 'src/renderer/views/FirstStartView.vue', '<h1>', '<h1>Changed. ')
    await shows(`${heading}.startsWith("Changed.")`, true)
    expect(await read('globalThis.isFirstPage'), 'the page was not loaded again').toBe(true)

    append(clone, 'src/main/index.ts', 'process.stdout.write("changed in main\\n")')
    await dev.printed(/changed in main/)

    const mark = join(home, 'changed-in-trainer')
    append(clone, 'src/main/trainer/trainer.ts', 'import { writeFileSync as leave } from "node:fs"')
    append(clone, 'src/main/trainer/trainer.ts', `leave(${JSON.stringify(mark)}, "")`)
    await expect.poll(() => existsSync(mark), SOON).toBe(true)

    append(clone, 'src/shared/errors.ts', 'Object.assign(globalThis, { isChanged: true })')
    append(clone, 'src/shared/errors.ts', 'globalThis.process?.stdout?.write("changed in shared\\n")')
    await dev.printed(/changed in shared/)
    await shows('globalThis.isChanged', true)

    if (hostName === 'browser') return
    change(clone, 'src/preload/page-bridge.ts', 'platform: process.platform', 'platform: "changed" as never')
    await shows('globalThis.bottleneckLab.platform', 'changed')
  } finally {
    await close()
    await dev.end()
  }
})

/** A copy of the sources that shares the packages. */
function cloneInto(folder: string): string {
  const files = readdirSync(root, { withFileTypes: true }).flatMap((entry) => (entry.isFile() ? [entry.name] : []))
  for (const part of ['src', 'resources', 'scripts', 'tests/fixtures/webgpu', ...files]) {
    cpSync(join(root, part), join(folder, part), { recursive: true })
  }
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'), 'junction')
  return folder
}

function change(clone: string, path: string, before: string, after: string): void {
  const text = readFileSync(join(clone, path), 'utf8')
  expect(text, path).toContain(before)
  writeFileSync(join(clone, path), text.replace(before, after))
}

function append(clone: string, path: string, line: string): void {
  writeFileSync(join(clone, path), `${readFileSync(join(clone, path), 'utf8')}\n${line}\n`)
}

/** Starts it; `printed` resolves once the output holds a line, with the last match. */
function start(clone: string, hostName: HostName, home: string) {
  const env = { ...environment(home), ...(hostName === 'browser' ? { DISPLAY: '', WAYLAND_DISPLAY: '' } : {}) }
  const child = spawn(process.execPath, ['scripts/dev.mjs', '--remote-debugging-port=0'], { cwd: clone, env })
  const ended = once(child, 'close')
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (output += text))
  return {
    async printed(line: RegExp): Promise<string> {
      const found = () => [...output.matchAll(new RegExp(line, 'g'))].at(-1)?.[0]
      await expect.poll(() => found() ?? output, SOON).toMatch(line)
      return found() ?? ''
    },
    async end() {
      child.kill('SIGTERM')
      await ended
    }
  }
}

async function openPage(printed: (line: RegExp) => Promise<string>, hostName: HostName) {
  if (hostName === 'browser') {
    const link = await printed(printedAddress.browser)
    const browser = await chromium.launch({ executablePath: findChromium() ?? '' })
    const page = await browser.newPage()
    await page.goto(link)
    const read: Read = (expression) => page.evaluate(expression)
    return { read, close: () => browser.close() }
  }
  await printed(printedAddress.window)
  const read: Read = async (expression) => readInWindow(await printed(printedAddress.window), expression)
  return { read, close: () => Promise.resolve() }
}

/** By the DevTools protocol itself: Playwright attaches to no Electron that it has not started. A restart moves it to another port. */
async function readInWindow(browserAddress: string, expression: string): Promise<unknown> {
  const list = await fetch(`http://${new URL(browserAddress).host}/json`)
  const targets = (await list.json()) as { url: string; webSocketDebuggerUrl: string }[]
  const page = targets.find(({ url }) => url.startsWith('http')) // the hidden page of WebGPU is there at times
  const socket = new WebSocket(page?.webSocketDebuggerUrl ?? '')
  const gone = once(socket, 'close').then(() => Promise.reject(new Error('The application has ended')))
  try {
    await Promise.race([once(socket, 'open'), gone])
    const params = { expression, returnByValue: true }
    socket.send(JSON.stringify({ id: 1, method: 'Runtime.evaluate', params }))
    const [message] = (await Promise.race([once(socket, 'message'), gone])) as [Buffer]
    const { result } = JSON.parse(message.toString()) as { result: { result: { value: unknown } } }
    return result.result.value
  } finally {
    gone.catch(() => undefined)
    socket.close()
  }
}
