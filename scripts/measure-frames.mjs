// Measures frames on this machine: `npm run measure:frames`; Chromium draws in software where it has no GPU.
//   scrubbing  up and down through 70 epochs of six models, one epoch a frame: time from frame to frame
//   panning    the codes of 10,000 test images in the latent space, as dots and as digits, a step a frame
// both at rest, and while another run trains.
// Prints median, 95th percentile and longest. Nothing else should run meanwhile.
import { execFileSync, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { chromium } from '@playwright/test'
import { buildIfStale } from './build-if-stale.mjs'
import { findChromium } from './find-chromium.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const EPOCHS = 70
const FRAMES = 4 * EPOCHS
const NAME = 'Seventy epochs'

buildIfStale()
const home = mkdtempSync(join(tmpdir(), 'bottleneck-lab-frames-'))
const env = { ...process.env, BOTTLENECK_LAB_HOME: home }
const main = join(root, 'out/main/index.js')
const recipe = ['--preset', 'keras-blog', '--epochs', String(EPOCHS), '--train-limit', '3000', '--name', NAME]
execFileSync(process.execPath, [main, 'run', ...recipe], { env, stdio: 'ignore' })
const server = spawn(process.execPath, [main, 'serve', '--no-open'], { env, stdio: ['ignore', 'pipe', 'inherit'] })
const browser = await chromium.launch({ executablePath: findChromium() })
try {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } })
  await page.goto(await printedLink())
  await open(page)
  print('scrubbing at rest', await scrub(page))
  await panAll(page, 'at rest')
  await page.keyboard.press('Control+n')
  await page.getByRole('radio', { name: /^Keras blog/ }).click()
  await page.getByLabel('Epochs', { exact: true }).fill('400')
  await page.getByRole('button', { name: 'Start training' }).click()
  await page.locator('.status', { hasText: /Epoch [2-9] of/ }).waitFor({ timeout: 120_000 })
  await open(page)
  print('scrubbing while a run trains', await scrub(page))
  await panAll(page, 'while a run trains')
} finally {
  await browser.close()
  server.kill('SIGINT')
  await new Promise((resolve) => server.once('exit', resolve))
  rmSync(home, { recursive: true, force: true, maxRetries: 5 })
}

async function open(page) {
  await page.getByRole('navigation', { name: 'Runs' }).getByText(NAME, { exact: true }).click()
  await page.getByRole('heading', { name: NAME }).waitFor()
  await page.locator('[data-chart] canvas').first().waitFor()
  await scrub(page) // all digits are here afterwards
}

/** Milliseconds between frames while each shows another epoch. */
function scrub(page) {
  return page.evaluate(
    ({ frames, epochs }) =>
      new Promise((resolve) => {
        const scrubber = document.querySelector('[data-scrubber]')
        const times = []
        const next = (time) => {
          times.push(time)
          if (times.length > frames) return resolve(times.slice(1).map((one, index) => one - times[index]))
          const at = times.length % (2 * epochs)
          scrubber.value = String(at < epochs ? at : 2 * epochs - at)
          scrubber.dispatchEvent(new Event('input', { bubbles: true }))
          requestAnimationFrame(next)
        }
        requestAnimationFrame(next)
      }),
    { frames: FRAMES, epochs: EPOCHS }
  )
}

/** Pans the plane at the left; the one at the right stands still. */
async function panAll(page, when) {
  await page.getByRole('tab', { name: 'Latent space' }).click()
  await page.getByText('Computing codes …').first().waitFor({ state: 'hidden', timeout: 120_000 })
  await page.getByRole('radio', { name: 'Pan', exact: true }).click()
  for (const look of ['Dots', 'Images']) {
    await page.getByRole('radio', { name: look, exact: true }).click()
    print(`panning ${look.toLowerCase()} ${when}`, await pan(page))
  }
  await page.getByRole('radio', { name: 'Dots', exact: true }).click()
  await page.getByRole('tab', { name: 'Overview' }).click()
}

/** Milliseconds between frames while each moves the plane by some pixels. */
function pan(page) {
  return page.evaluate(
    (frames) =>
      new Promise((resolve) => {
        const plane = document.querySelector('.plane')
        plane.setPointerCapture = () => undefined // there is no such pointer
        const { left, top, width, height } = plane.getBoundingClientRect()
        const send = (type, turn) => {
          const [x, y] = [0.5 + 0.2 * Math.cos(turn), 0.5 + 0.2 * Math.sin(turn)]
          const at = { clientX: left + width * x, clientY: top + height * y }
          plane.dispatchEvent(new PointerEvent(type, { bubbles: true, buttons: 1, ...at }))
        }
        const times = []
        const next = (time) => {
          times.push(time)
          if (times.length > frames) {
            send('pointerup', 0)
            return resolve(times.slice(1).map((one, index) => one - times[index]))
          }
          send('pointermove', times.length / 10)
          requestAnimationFrame(next)
        }
        send('pointerdown', 0)
        requestAnimationFrame(next)
      }),
    FRAMES
  )
}

function print(name, milliseconds) {
  const sorted = [...milliseconds].sort((one, other) => one - other)
  const at = (share) => `${sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))].toFixed(1)} ms`
  console.log(`${name}: median ${at(0.5)}, 95th percentile ${at(0.95)}, longest ${at(1)}, of ${sorted.length} frames`)
}

async function printedLink() {
  for await (const line of createInterface(server.stdout)) if (line.startsWith('http://')) return line
  throw new Error('The server ended without a link')
}
