// `npm run screenshots`: pictures of every screen, light and dark, at two sizes, from the real application into `--out`
// (default test-results/screenshots); those that the documents show are copied to docs/images.
// `--epochs N` (default 50) of the Keras blog's recipe are trained for them.
import { execFileSync, spawn } from 'node:child_process'
import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { chromium } from '@playwright/test'
import { buildIfStale } from './build-if-stale.mjs'
import { findChromium } from './find-chromium.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const { values } = parseArgs({
  options: {
    out: { type: 'string', default: join(root, 'test-results/screenshots') },
    epochs: { type: 'string', default: '50' }
  }
})
/** What README shows. */
const inDocuments = ['finished-light-1440.png', 'overlaid-dark-1440.png', 'new-experiment-light-1440.png']
const sizes = [
  { width: 1440, height: 900 },
  { width: 1024, height: 700 }
]

buildIfStale()
mkdirSync(values.out, { recursive: true })
const home = mkdtempSync(join(tmpdir(), 'bottleneck-lab-pictures-'))
const env = { ...process.env, BOTTLENECK_LAB_HOME: home }
const main = join(root, 'out/main/index.js')
const server = spawn(process.execPath, [main, 'serve', '--no-open'], { env, stdio: ['ignore', 'pipe', 'inherit'] })
try {
  await takeAll(await printedLink())
  const documents = join(root, 'docs/images')
  mkdirSync(documents, { recursive: true })
  for (const name of inDocuments) copyFileSync(join(values.out, name), join(documents, name))
} finally {
  server.kill('SIGINT')
  await new Promise((resolve) => server.once('exit', resolve))
  rmSync(home, { recursive: true, force: true, maxRetries: 5 })
}

async function takeAll(link) {
  const browser = await chromium.launch({ executablePath: findChromium() })
  const page = await browser.newPage({ viewport: sizes[0], deviceScaleFactor: 1 })
  await page.goto(link)
  const option = (name) => page.getByRole('radio', { name })

  await page.getByText(/^About .+ on /).waitFor()
  await take(page, 'first-start')

  await page.keyboard.press('Control+n')
  await page.getByText(/^About .+ on /).waitFor()
  await take(page, 'new-experiment')
  await page.getByLabel('Epochs', { exact: true }).fill('0.5')
  await page.getByLabel('Seed', { exact: true }).focus()
  await take(page, 'bad-value')
  await page.keyboard.press('Escape')

  execFileSync(process.execPath, [main, 'run', '--preset', 'keras-blog', '--epochs', values.epochs], { env })
  await page.locator('.status', { hasText: 'Finished' }).waitFor({ timeout: 30_000 })
  await take(page, 'finished')
  await option('Overlaid').click()
  await take(page, 'overlaid')
  await option('Log').click()
  await take(page, 'overlaid-log')
  await option('Linear').click()
  await option('One by one').click()
  await page.keyboard.press('Control+d')
  await take(page, 'device')
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: 'Settings' }).first().click()
  await take(page, 'settings')
  await page.keyboard.press('Escape')
  await page.keyboard.press('Shift+?')
  await take(page, 'shortcuts')
  await page.keyboard.press('Escape')
  await page.getByRole('dialog').waitFor({ state: 'hidden' }) // keys are its own until then

  await page.keyboard.press('Control+n')
  await page.getByLabel('Epochs', { exact: true }).fill('400')
  await page.getByRole('button', { name: 'Start training' }).click()
  await page.locator('.status', { hasText: /Epoch [3-9] of/ }).waitFor({ timeout: 120_000 })
  await page.getByRole('button', { name: 'Pause' }).click()
  await page.locator('.status', { hasText: 'Paused' }).waitFor()
  await take(page, 'paused')
  await page.getByRole('button', { name: 'Resume' }).click()
  await page.locator('.status', { hasText: /^.*Epoch/ }).waitFor()
  await take(page, 'running')
  await page.getByRole('button', { name: 'Stop', exact: true }).click()
  await page.locator('.status', { hasText: 'Stopped' }).waitFor()
  await take(page, 'stopped')
  await browser.close()
}

/** One screen in both themes and both sizes. */
async function take(page, name) {
  for (const colorScheme of ['light', 'dark']) {
    await page.emulateMedia({ colorScheme })
    await page.locator(`html[data-theme=${colorScheme}]`).waitFor()
    for (const size of sizes) {
      await page.setViewportSize(size)
      await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))))
      await page.screenshot({
        path: join(values.out, `${name}-${colorScheme}-${size.width}.png`),
        animations: 'disabled'
      })
    }
  }
  await page.emulateMedia({ colorScheme: 'light' })
  await page.setViewportSize(sizes[0])
  process.stdout.write(`${name}\n`)
}

async function printedLink() {
  for await (const line of createInterface(server.stdout)) if (line.startsWith('http://')) return line
  throw new Error('The server ended without a link')
}
