// Analysis and Claims on every host: computed, of another epoch, read by keys, answered by the slider.
import type { Page } from '@playwright/test'
import { faults } from './axe'
import { setUpExperiment, startTraining } from './experiment'
import { addFewDigits } from './few-digits'
import { expect, test } from './host'

const recipe = { name: 'Analysed', dims: [2, 8], epochs: 3, trainLimit: 2000, seed: 7, dataset: 'few-digits' }
/** An analysis takes seconds on two free cores. */
const COMPUTED = { timeout: 240_000 }

test.describe.configure({ timeout: 900_000 })

async function train(page: Page): Promise<void> {
  await setUpExperiment(page, recipe)
  await startTraining(page)
  await expect(page.locator('.status')).toContainText('Finished', { timeout: 180_000 })
}

async function expectNoFaults(page: Page, where: string): Promise<void> {
  for (const theme of ['Dark', 'Light']) {
    await page.getByRole('button', { name: 'Settings' }).first().click()
    await page.getByRole('radio', { name: theme }).click()
    await page.keyboard.press('Escape')
    await expect(page.locator('html')).toHaveAttribute('data-theme', theme.toLowerCase())
    expect(await faults(page), `${where}, ${theme}`).toEqual([])
  }
}

test('analyse the last epoch and another, read charts by keys, and hear which widths are enough', async ({
  open,
  home
}) => {
  addFewDigits(home)
  const { page } = await open()
  const complaints: string[] = []
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()))
  page.on('pageerror', (error) => complaints.push(String(error)))
  await train(page)

  await page.getByRole('tab', { name: 'Analysis' }).click()
  const analysis = page.getByRole('tabpanel', { name: 'Analysis' })
  await expect(analysis).toContainText('Figures of epoch 3.', COMPUTED)
  const kept = page.getByRole('region', { name: 'What the code keeps, as a table' })
  await expect(kept.getByRole('row', { name: /^d = 8 / })).toContainText(/\d\d\.\d\s%/)
  const chart = page.getByRole('slider', { name: 'BCE against latent dimension' })
  await chart.press('Home')
  await expect(chart).toHaveAttribute('aria-valuetext', /^d = 2: 0\.\d{4}$/)
  await chart.press('ArrowRight')
  await expect(chart).toHaveAttribute('aria-valuetext', /^d = 8: 0\.\d{4}$/)
  await expect(chart).toContainText('d = 8')
  await chart.press('Escape')
  await expectNoFaults(page, 'analysis')

  await page.getByRole('slider', { name: 'Epoch' }).fill('1')
  await expect(analysis).toContainText('Figures of epoch 3. Epoch 1 is not analysed.')
  await analysis.getByRole('button', { name: 'Analyse epoch 1' }).click()
  await page.getByRole('tab', { name: 'Claims' }).click()
  const claims = page.getByRole('tabpanel', { name: 'Claims' })
  await claims.getByRole('button', { name: 'Test the claims on epoch 1' }).click()
  await expect(claims).toContainText('Claims, epoch 1: waits for Analysis of epoch 1')
  await page.getByRole('tab', { name: 'Analysis' }).click()
  await expect(analysis).toContainText('Figures of epoch 1.', COMPUTED)
  await expect(page.getByText(/^After epoch 1, over all test images/)).toBeVisible()

  await page.getByRole('tab', { name: 'Claims' }).click()
  await expect(claims).toContainText('Figures of epoch 1.', COMPUTED)
  const margin = page.getByRole('slider', { name: 'Within' })
  await margin.fill('100')
  await expect(claims).toContainText('d = 2 is the smallest within 100 % of d = 8')
  const narrow = page.getByRole('region', { name: 'Errors by series' }).getByRole('row', { name: /^d = 2 / })
  const [, upper = ''] = /to \+([\d.]+)/.exec((await narrow.getByRole('cell').nth(1).textContent()) ?? '') ?? []
  await margin.fill('1')
  await expect(claims).toContainText(
    Number(upper) > 1
      ? 'd = 8 alone: no narrower model is within 1 % of it'
      : 'd = 2 is the smallest within 1 % of d = 8'
  )
  await expect(page.getByRole('region', { name: 'Beside PCA' })).toContainText(/worse than PCA with as many components/)
  await expect(claims.getByRole('heading', { name: /Quality rises with each step of d/ })).toBeVisible()
  await expect(claims).toContainText('Can’t tell yet')
  await expectNoFaults(page, 'claims')

  await claims.getByRole('button', { name: 'd = 2', exact: true }).click()
  await expect(page.getByRole('region', { name: 'Errors by series' }).getByRole('row')).toHaveCount(2)
  await page.getByRole('tab', { name: 'Overview' }).click()
  await expect(page.getByRole('button', { name: 'd = 2', exact: true })).toHaveAttribute('aria-pressed', 'true')
  expect(complaints).toEqual([])
})
