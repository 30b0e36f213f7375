// A lab of a script's own, served to a browser that the script holds: for pictures and measurements of the page.
import { execFileSync, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { chromium } from '@playwright/test'
import { buildIfStale } from './build-if-stale.mjs'
import { findChromium } from './find-chromium.mjs'

const main = join(fileURLToPath(new URL('..', import.meta.url)), 'out/main/index.js')

/**
 * Opens the page of a new lab and hands it to `work(page, lab)`; nothing of it is left afterwards. `lab(...args)` runs a command on the same
 * runs, to its end; `prepare(lab, home)` does so before the page is opened.
 */
export async function withServedLab(
  { prepare = () => undefined, viewport = { width: 1440, height: 900 }, deviceScaleFactor = 1 },
  work
) {
  buildIfStale()
  const home = mkdtempSync(join(tmpdir(), 'bottleneck-lab-served-'))
  const env = { ...process.env, BOTTLENECK_LAB_HOME: home }
  const lab = (...args) => execFileSync(process.execPath, [main, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] })
  let browser, server
  try {
    await prepare(lab, home)
    browser = await chromium.launch({ executablePath: findChromium() })
    server = spawn(process.execPath, [main, 'serve', '--no-open'], { env, stdio: ['ignore', 'pipe', 'inherit'] })
    const page = await browser.newPage({ viewport, deviceScaleFactor })
    await page.goto(await printedLink(server))
    await work(page, lab)
  } finally {
    await browser?.close()
    if (server) await ended(server)
    rmSync(home, { recursive: true, force: true, maxRetries: 5 })
  }
}

async function ended(server) {
  server.kill('SIGINT')
  if (server.exitCode === null && server.signalCode === null)
    await new Promise((resolve) => server.once('exit', resolve))
}

async function printedLink({ stdout }) {
  for await (const line of createInterface(stdout)) if (line.startsWith('http://')) return line
  throw new Error('The server ended without a link')
}
