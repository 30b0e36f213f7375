// `npm start` where no window can open: the reason in one line, and the same interface for a browser.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, get } from 'node:http'
import { createServer as createTcpServer, type AddressInfo, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, describe, expect, it, type TestContext } from 'vitest'

const home = mkdtempSync(join(tmpdir(), 'start-'))
afterAll(() => rmSync(home, { recursive: true, force: true }))

const onLinux = process.platform === 'linux'
const isDownloaded = existsSync(resolve('node_modules/electron/path.txt'))

/** Starts it without a display or an Electron of this machine; answers with what stands on stderr and where the printed link leads. */
async function start(environment: Record<string, string>, ...args: string[]) {
  const without = { DISPLAY: '', WAYLAND_DISPLAY: '', ELECTRON_OVERRIDE_DIST_PATH: '' }
  const child = spawn(process.execPath, [resolve('scripts/start.mjs'), ...args], {
    env: { ...process.env, ...without, BOTTLENECK_LAB_HOME: home, ...environment }
  })
  const ended = once(child, 'exit')
  let [stdout, stderr] = ['', '']
  child.stderr.setEncoding('utf8').on('data', (part: string) => (stderr += part))
  try {
    const link = await new Promise<string>((found, failed) => {
      child.stdout.setEncoding('utf8').on('data', (part: string) => {
        stdout += part
        const printed = /http:\S+/.exec(stdout)?.[0]
        if (printed) found(printed)
      })
      void ended.then(() => failed(new Error(`ended without a link: ${stdout}${stderr}`)))
    })
    const status = await new Promise((answered) => get(link, (response) => answered(response.resume().statusCode)))
    return { stderr, status, link }
  } finally {
    child.kill('SIGINT')
    await ended
  }
}

describe('npm start serves for a browser', () => {
  const needsNoElectron = (context: TestContext) =>
    context.skip(isDownloaded, 'needs a machine without a downloaded Electron')

  it('without a display; the port is passed on', async (context) => {
    context.skip(!onLinux, 'only Linux can be without a display')
    const port = await freePort()
    const { stderr, status, link } = await start({}, '--no-open', '--port', String(port))
    expect(stderr).toContain(
      'No window: there is no display (neither DISPLAY nor WAYLAND_DISPLAY is set). The same interface is served for a browser instead.\n'
    )
    expect(status).toBe(200)
    expect(new URL(link).port).toBe(String(port))
  })

  it('where Electron can’t be downloaded', async (context) => {
    needsNoElectron(context)
    const { stderr, status } = await start(
      { DISPLAY: ':99', ELECTRON_MIRROR: `http://127.0.0.1:${await freePort()}/` },
      '--no-open'
    )
    expect(stderr).toMatch(
      /No window: Electron can't be downloaded \(127\.0\.0\.1:\d+ can't be reached: ECONNREFUSED\)\. The same/
    )
    expect(status).toBe(200)
  })

  it('where the host of the download does not answer', async (context) => {
    needsNoElectron(context)
    const silent = createServer(() => undefined)
    const { stderr, status } = await start({ DISPLAY: ':99', ELECTRON_MIRROR: await addressOf(silent) }, '--no-open')
    silent.closeAllConnections()
    silent.close()
    expect(stderr).toMatch(/No window: Electron can't be downloaded \(127\.0\.0\.1:\d+ does not answer\)/)
    expect(status).toBe(200)
  })
})

describe('runWhileGrowing', () => {
  const folder = mkdtempSync(join(tmpdir(), 'growing-'))
  afterAll(() => rmSync(folder, { recursive: true, force: true }))
  const script = join(folder, 'script.cjs')
  const growing = join(folder, 'growing')

  async function run(text: string, stallMilliseconds: number): Promise<string | null> {
    const address = resolve('scripts/electron.mjs')
    const { runWhileGrowing } = (await import(address)) as {
      runWhileGrowing(args: string[], options: { folders: string[]; stallMilliseconds: number }): Promise<string | null>
    }
    writeFileSync(script, text)
    return runWhileGrowing([script], { folders: [growing, join(folder, 'none')], stallMilliseconds })
  }

  it('lets a download take as long as it grows', async () => {
    const text = `
      const { mkdirSync, appendFileSync } = require('node:fs')
      mkdirSync(${JSON.stringify(growing)})
      let parts = 0
      setInterval(() => {
        appendFileSync(${JSON.stringify(join(growing, 'file'))}, 'x')
        if (++parts === 40) process.exit(0)
      }, 100)`
    expect(await run(text, 3_000)).toBeNull()
  })

  it('ends one that stands still, and tells of one that fails', async () => {
    expect(await run('setInterval(() => undefined, 1000)', 1_000)).toBe('the download stands still')
    expect(await run('process.exit(1)', 60_000)).toBe('its installer failed')
  })
})

async function addressOf(server: Server): Promise<string> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
}

async function freePort(): Promise<number> {
  const server = createTcpServer()
  const address = await addressOf(server)
  await new Promise((closed) => server.close(closed))
  return Number(new URL(address).port)
}

it('gives Electron an environment of its own: one that makes it Node keeps no window shut', async (context) => {
  context.skip(!onLinux, 'needs a shell in the place of Electron')
  const dist = mkdtempSync(join(home, 'dist-'))
  const program =
    '#!/bin/sh\n[ "$1" = -e ] || echo "as node: $ELECTRON_RUN_AS_NODE, options: $NODE_OPTIONS, other: $OTHER"\n'
  writeFileSync(join(dist, 'electron'), program, { mode: 0o755 })
  const child = spawn(process.execPath, [resolve('scripts/start.mjs')], {
    env: {
      ...process.env,
      DISPLAY: ':0',
      ELECTRON_OVERRIDE_DIST_PATH: dist,
      ELECTRON_RUN_AS_NODE: '1',
      NODE_OPTIONS: '--no-warnings',
      OTHER: 'kept'
    }
  })
  let stdout = ''
  child.stdout.setEncoding('utf8').on('data', (part: string) => (stdout += part))
  const [code] = (await once(child, 'close')) as [number]
  expect({ code, stdout }).toEqual({ code: 0, stdout: 'as node: , options: , other: kept\n' })
})
