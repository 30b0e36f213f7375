// Every screen in both themes under axe: no serious and no critical fault.
import type { Page } from '@playwright/test'
import { faults } from './axe'
import { setUpExperiment, startTraining } from './experiment'
import { expect, test } from './host'

async function check(page: Page, screen: string): Promise<void> {
  expect(await faults(page), screen).toEqual([])
}

for (const theme of ['Light', 'Dark']) {
  test(`no screen has a serious fault (${theme})`, async ({ open }) => {
    const { page } = await open()
    await expect(page.getByRole('button', { name: 'Train the article’s six models' })).toBeVisible()
    await page.getByRole('button', { name: 'Settings' }).first().click()
    await page.getByRole('radio', { name: theme }).click()
    await expect(page.locator('html')).toHaveAttribute('data-theme', theme.toLowerCase())
    await check(page, 'settings')
    await page.keyboard.press('Escape')
    await check(page, 'first start')

    await page.keyboard.press('Shift+?')
    await expect(page.getByRole('dialog')).toBeVisible()
    await check(page, 'shortcuts')
    await page.keyboard.press('Escape')

    await page.keyboard.press('Control+d')
    await expect(page.getByRole('region', { name: 'Device' })).toBeVisible()
    await check(page, 'device')
    await page.keyboard.press('Escape')

    await setUpExperiment(page, { name: 'Axe', dims: [2, 8, 16], epochs: 200, trainLimit: 2000 })
    await check(page, 'new experiment')
    await page.getByLabel('Epochs', { exact: true }).fill('0.5')
    await page.getByLabel('Seed', { exact: true }).focus()
    await check(page, 'new experiment with a bad value')
    await page.getByLabel('Epochs', { exact: true }).fill('200')

    await startTraining(page)
    await expect(page.locator('.status')).toContainText(/Epoch ([3-9]|\d\d+) of 200/)
    await check(page, 'running')
    await page.getByRole('button', { name: 'Pause' }).click()
    await expect(page.locator('.status')).toContainText('Paused')
    await check(page, 'paused')
    await page.getByRole('button', { name: 'Stop', exact: true }).click()
    await expect(page.locator('.status')).toContainText('Stopped', { timeout: 120_000 })
    await check(page, 'stopped')
    for (const view of ['Overlaid', 'Log']) await page.getByRole('radio', { name: view }).click()
    await check(page, 'overlaid, logarithmic')

    await page.getByRole('button', { name: /^Test digit 5.* by d = 8/ }).click()
    await expect(page.getByRole('dialog')).toBeVisible()
    await check(page, 'an image enlarged')
    await page.keyboard.press('Escape')
    for (const [tab, shown] of [
      ['Latent space', page.getByRole('application').first()],
      ['Draw', page.locator('.pad')],
      ['Analysis', page.getByRole('tabpanel', { name: 'Analysis' })],
      ['Claims', page.getByRole('tabpanel', { name: 'Claims' })]
    ] as const) {
      await page.getByRole('tab', { name: tab }).click()
      await expect(shown).toBeVisible()
      await check(page, tab)
    }
    for (const dialog of [
      'Import a run',
      'Storage that runs use',
      'Tags and note',
      'Export report',
      'Export for other tools'
    ]) {
      await page.keyboard.press('Control+k')
      await expect(page.getByRole('combobox', { name: 'Command or run' })).toBeFocused()
      await page.keyboard.type(dialog)
      await page.keyboard.press('Enter')
      await expect(page.getByRole('dialog').getByRole('heading', { level: 2 })).toBeVisible()
      await check(page, dialog)
      await page.keyboard.press('Escape')
    }
  })
}
