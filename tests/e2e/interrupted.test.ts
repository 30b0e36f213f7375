// The application is killed while one run trains and another waits. Opened again, it offers what was interrupted; one click, and all of it finishes.
import type { Page } from '@playwright/test'
import { readRuns, setUpExperiment, startTraining } from './experiment'
import { expect, test, type OpenedHost } from './host'

const first = { name: 'First', dims: [2, 8], epochs: 40, trainLimit: 2000 }
const second = { ...first, name: 'Second', epochs: 2 }

const status = (page: Page) => page.locator('.status')
const offer = (page: Page) => page.locator('.notice[role="status"]').filter({ hasText: 'interrupted' })

/** Trains the first, holds it before its end, and has the second wait, then ends the application as a power cut would. */
async function interrupt(host: OpenedHost, recipe = first): Promise<void> {
  const { page } = host
  await setUpExperiment(page, recipe)
  await startTraining(page)
  await expect(status(page)).toContainText(/Epoch ([2-9]|\d\d+) of/)
  await page.getByRole('button', { name: 'Pause' }).click()
  await expect(status(page)).toContainText(/Paused in epoch \d+ of/)
  await setUpExperiment(page, second)
  await startTraining(page)
  await expect(status(page)).toContainText('Queued, next in line')
  await host.kill()
}

test('what was interrupted is offered, and one click finishes it', async ({ open, home }) => {
  test.slow()
  await interrupt(await open())
  const { page } = await open()
  await expect(offer(page)).toContainText(
    /2 runs were interrupted: “First” \(\d+ of 40 epochs\); “Second” \(no epoch yet\)\./
  )
  await expect(page.getByRole('alert')).toHaveCount(0) // it is said in one place
  await page.getByRole('button', { name: 'Continue all' }).click()
  await expect(offer(page)).toHaveCount(0)
  await expect(status(page)).toContainText('Finished', { timeout: 180_000 })
  await expect(page.locator('.run .where')).toHaveText([/2 epochs/, /40 epochs/])
  expect(readRuns(home).map(({ status, models }) => [status, models[0]?.history.valLoss.length])).toEqual([
    ['finished', 40],
    ['finished', 2]
  ])
})

test('“Not now” is remembered, also over a reload, and the runs stay interrupted', async ({ open }) => {
  await interrupt(await open())
  const { page } = await open()
  await page.getByRole('button', { name: 'Not now' }).press('Enter')
  await expect(offer(page)).toHaveCount(0)
  await expect(page.getByRole('heading', { level: 1 })).toBeFocused()
  await expect(page.getByRole('alert')).toContainText('The application ended while this run trained')
  await page.reload()
  await expect(page.getByRole('alert')).toContainText('The application ended while this run trained')
  await expect(offer(page)).toHaveCount(0)
  await expect(page.locator('.run .where')).toHaveText([/interrupted in 1 of 2/, /interrupted in \d+ of 40/])
})

test('by itself, where the settings say so, with a word of it and a way to stop', async ({ open }) => {
  test.slow()
  const before = await open()
  await before.page.getByRole('button', { name: 'Settings' }).click()
  await before.page.getByRole('radio', { name: 'Continue by themselves' }).click()
  await expect(before.page.getByRole('radio', { name: 'Continue by themselves' })).toBeChecked()
  await before.page.keyboard.press('Escape')
  await interrupt(before, { ...first, epochs: 900, trainLimit: 20_000 }) // has not finished when “Stop them” is clicked
  const { page } = await open()
  await expect(offer(page)).toContainText('2 interrupted runs go on by themselves: “First”; “Second”.')
  await page.getByRole('button', { name: 'Stop them' }).click()
  await expect(page.locator('.run .where')).toHaveText([/stopped at 0 of 2/, /stopped at \d+ of 900/], {
    timeout: 60_000
  })
  await expect(offer(page)).toHaveCount(0)
})
