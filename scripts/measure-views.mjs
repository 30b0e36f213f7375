// Measures how fast the views that look inside a run follow the hand: `npm run measure:views`. Trains a short run of its own first.
//   stroke to picture   from a pointer's move on the drawing pad to the frame that shows the copies of all models, 95th percentile
//   panning             time of a frame while 10,000 test digits are panned, as dots and as digits, two planes, 95th percentile
//   codes               from choosing another epoch's model to its map, for the widest code
// Nothing else should run meanwhile. The browser draws by software where there is no GPU, and says so.
import { execFileSync, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { chromium } from '@playwright/test'
import { buildIfStale } from './build-if-stale.mjs'
import { findChromium } from './find-chromium.mjs'

const MOVES = 60

buildIfStale()
const main = join(fileURLToPath(new URL('..', import.meta.url)), 'out/main/index.js')
const home = mkdtempSync(join(tmpdir(), 'bottleneck-lab-views-'))
const env = { ...process.env, BOTTLENECK_LAB_HOME: home }
execFileSync(process.execPath, [main, 'run', '--preset', 'keras-blog', '--epochs', '2'], { env })
const server = spawn(process.execPath, [main, 'serve', '--no-open'], { env, stdio: ['ignore', 'pipe', 'inherit'] })
const browser = await chromium.launch({ executablePath: findChromium() })
try {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } })
  await page.goto(await printedLink())
  print('drawn by', await page.evaluate(rendererName))
  await measureStrokes(page)
  await measureCodes(page)
  for (const look of ['Dots', 'Digits']) await measurePanning(page, look)
} finally {
  await browser.close()
  server.kill('SIGINT')
  await new Promise((resolve) => server.once('exit', resolve))
  rmSync(home, { recursive: true, force: true, maxRetries: 5 })
}

async function measureStrokes(page) {
  await page.getByRole('tab', { name: 'Draw' }).click()
  const pad = page.locator('.pad')
  await pad.click() // a dot: the weights are there once it is copied
  await page
    .getByText(/of test digits/)
    .nth(5)
    .waitFor({ timeout: 120_000 })
  await page.evaluate(() => {
    globalThis.strokeTimes = []
    let moved = 0
    addEventListener('pointermove', () => (moved ||= performance.now()), { capture: true })
    const seen = () => {
      const start = moved
      moved = 0
      if (start) requestAnimationFrame(() => globalThis.strokeTimes.push(performance.now() - start))
    }
    // the copies' errors are written in the same turn in which the copies are drawn
    new MutationObserver(seen).observe(document.querySelector('.all'), { subtree: true, characterData: true })
  })
  const box = await pad.boundingBox()
  await page.mouse.move(box.x + box.width * 0.3, box.y + box.height * 0.3)
  await page.mouse.down()
  for (let move = 0; move < MOVES; move++) {
    const angle = (move / MOVES) * 2 * Math.PI
    await page.mouse.move(
      box.x + box.width * (0.5 + 0.25 * Math.cos(angle)),
      box.y + box.height * (0.5 + 0.3 * Math.sin(angle))
    )
    await page.waitForTimeout(30)
  }
  await page.mouse.up()
  report('stroke to picture', await page.evaluate(() => globalThis.strokeTimes), 'six models')
}

async function measureCodes(page) {
  await page.getByRole('tab', { name: 'Latent space' }).click()
  await page.getByText('Computing codes …').first().waitFor({ state: 'hidden', timeout: 120_000 })
  const times = []
  for (const [label, axis] of [
    ['d = 64', 'codes of d = 64'],
    ['d = 32', 'codes of d = 32']
  ]) {
    const start = performance.now()
    await page.getByLabel('beside').selectOption({ label })
    await page.getByRole('application', { name: axis }).waitFor()
    await page.getByText('Computing codes …').first().waitFor({ state: 'hidden' })
    times.push(performance.now() - start)
  }
  print(
    'to the map of another model',
    `${times.map((time) => Math.round(time)).join(', ')} ms`,
    '10,000 codes of 64 and 32 units'
  )
}

async function measurePanning(page, look) {
  await page.getByRole('radio', { name: look }).click()
  await page.getByRole('radio', { name: 'Pan' }).click()
  const box = await page.locator('.plane').first().boundingBox()
  const at = (move) => [box.x + box.width * (0.4 + 0.002 * move), box.y + box.height * 0.5]
  await page.mouse.move(...at(0))
  await page.mouse.down()
  await page.evaluate(() => {
    const times = (globalThis.frameTimes = [])
    let last = performance.now()
    const frame = (now) => {
      times.push(now - last)
      last = now
      globalThis.frameRequest = requestAnimationFrame(frame)
    }
    globalThis.frameRequest = requestAnimationFrame(frame)
  })
  for (let move = 1; move <= MOVES; move++) await page.mouse.move(...at(move))
  await page.mouse.up()
  const times = await page.evaluate(() => {
    cancelAnimationFrame(globalThis.frameRequest)
    return globalThis.frameTimes.slice(1)
  })
  report(`a frame while panning, as ${look.toLowerCase()}`, times, `10,000 points, ${times.length} frames`)
}

function rendererName() {
  const gl = document.createElement('canvas').getContext('webgl2')
  const info = gl?.getExtension('WEBGL_debug_renderer_info')
  return info ? gl.getParameter(info.UNMASKED_RENDERER_WEBGL) : 'the canvas itself: there is no WebGL2'
}

function report(what, times, how) {
  const sorted = [...times].sort((a, b) => a - b)
  const at = (share) => Math.round(sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? NaN)
  print(what, `${at(0.5)} ms, 95th percentile ${at(0.95)} ms`, how)
}

function print(what, figure, how = '') {
  process.stdout.write(`${what.padEnd(38)} ${figure}${how ? `  (${how})` : ''}\n`)
}

async function printedLink() {
  for await (const line of createInterface(server.stdout)) if (line.startsWith('http://')) return line
  throw new Error('The server ended without a link')
}
