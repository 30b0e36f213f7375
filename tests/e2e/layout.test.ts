// What stands where, in windows of several sizes: nothing moves while epochs are gone through, nothing needed is hidden or cut.
import type { Locator, Page } from '@playwright/test'
import { setUpExperiment, startTraining } from './experiment'
import { addFewDigits } from './few-digits'
import { expect, test } from './host'

const EPOCHS = 6
const sizes = [
  { width: 1440, height: 900 },
  { width: 1024, height: 700 },
  { width: 720, height: 450 }
]

async function trainFew(page: Page): Promise<void> {
  await setUpExperiment(page, {
    name: 'Layout',
    dims: [2, 16, 64],
    epochs: EPOCHS,
    trainLimit: 2000,
    dataset: 'few-digits'
  })
  await startTraining(page)
  await expect(page.locator('.status')).toContainText('Finished', { timeout: 60_000 })
}

const boxOf = async (found: Locator) => (await found.boundingBox()) ?? { x: 0, y: 0, width: 0, height: 0 }

test('keeps everything in its place while epochs are gone through', async ({ open, home }) => {
  addFewDigits(home)
  const { page } = await open()
  await trainFew(page)
  for (const size of sizes) {
    await page.setViewportSize(size)
    await page.keyboard.press('Home')
    const seen = new Set<string>()
    for (let epoch = 0; epoch <= EPOCHS; epoch++) {
      await expect(page.getByRole('slider', { name: 'Epoch' })).toHaveValue(String(epoch))
      seen.add(JSON.stringify(await boxOf(page.locator('.board'))))
      await page.keyboard.press('ArrowRight')
    }
    expect([...seen], `${size.width}`).toHaveLength(1)
  }
})

test('lays notices where heading and tabs stay free, and the recipe beside the name is a line', async ({
  open,
  home
}) => {
  addFewDigits(home)
  const { page } = await open()
  await trainFew(page)
  await expect(page.locator('.run-head .recipe')).toHaveCSS('border-top-width', '0px')
  await expect(page.locator('.run-head .recipe')).toHaveCSS('text-overflow', 'ellipsis')
  await page.keyboard.press('Control+k')
  await page.getByRole('combobox', { name: 'Command or run' }).fill('Copy diagnostics')
  await page.keyboard.press('Enter')
  const notice = page.locator('.notices .notice')
  for (const size of sizes) {
    await page.setViewportSize(size)
    await notice.hover() // it stays as long as it is pointed at
    const { y, height } = await boxOf(page.getByRole('tablist'))
    const { y: top, height: own } = await boxOf(notice)
    expect(top, `${size.width}`).toBeGreaterThan(y + height)
    expect(top + own).toBeLessThanOrEqual((await boxOf(page.getByRole('region', { name: 'Time machine' }))).y)
  }
})

test('draws the chart of all models in a size that can be read, also in a small window', async ({ open, home }) => {
  addFewDigits(home)
  const { page } = await open()
  await trainFew(page)
  await page.getByRole('radio', { name: 'Overlaid' }).click()
  for (const size of sizes) {
    await page.setViewportSize(size)
    const { width, height } = await boxOf(page.locator('.overlaid .chart'))
    expect(width, `${size.width}`).toBeGreaterThan(250)
    expect(height, `${size.width}`).toBeGreaterThan(150)
    const original = page.getByText('Original', { exact: true })
    const key = page.locator('.originals .key')
    expect((await boxOf(original)).x, `${size.width}`).toBeGreaterThan((await boxOf(key)).x + 150)
  }
})
