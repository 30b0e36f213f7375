// Images of the user's own, chosen in the window: read, shown, named, added, and removed after a question.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Locator } from '@playwright/test'
import { faults } from './axe'
import { expect, root, test } from './host'

/** What reaches beyond the dialog's inner width, as text or class. */
const beyond = (dialog: Locator) =>
  dialog.evaluate((element) => {
    const { right } = element.getBoundingClientRect()
    const inside = [...element.querySelectorAll('.dialog-body *')].filter((one) => one.checkVisibility())
    return inside
      .filter((one) => one.getBoundingClientRect().right > right - 8)
      .map((one) => one.className || one.tagName)
  })

test('a chosen file is read, named, added, chosen in the form, and removed after a question', async ({
  open,
  home
}) => {
  const { page } = await open()
  await page.getByRole('button', { name: 'New experiment' }).first().click()
  await page.getByRole('button', { name: 'Add data …' }).click()
  const dialog = page.getByRole('dialog', { name: 'Add data' })
  const chosen = page.waitForEvent('filechooser')
  await dialog.getByRole('button', { name: 'Choose files …' }).click()
  await (
    await chosen
  ).setFiles({
    name: `${'digits-of-my-own-'.repeat(4)}28-by-28.npz`, // long enough for the dialog to cut it
    mimeType: '',
    buffer: readFileSync(join(root, 'tests/fixtures/data/digits.npz'))
  })
  await expect(dialog).toContainText('Understood asNPZ, ')
  await expect(dialog.getByRole('list', { name: 'Samples' }).getByRole('listitem')).toHaveCount(20)
  expect(await faults(page), 'add data').toEqual([])
  for (const size of [
    { width: 1440, height: 900 },
    { width: 720, height: 450 }
  ]) {
    await page.setViewportSize(size)
    await expect(dialog).toContainText('Chosen: ')
    expect(await beyond(dialog), `${size.width}`).toEqual([])
  }
  await dialog.getByLabel('Name', { exact: true }).fill('own-digits')
  await dialog.getByRole('button', { name: 'Add', exact: true }).click()
  await expect(dialog).toBeHidden()
  await expect(page.getByRole('radio', { name: /own-digits/ })).toBeChecked()
  expect(existsSync(join(home, 'data/datasets/own-digits/dataset.json'))).toBe(true)

  await page.getByRole('button', { name: 'Remove the data set own-digits …' }).click()
  const question = page.getByRole('dialog', { name: /^Remove/ })
  await expect(question).toContainText('No run was trained on it.')
  expect(await faults(page), 'remove data').toEqual([])
  await question.getByRole('button', { name: 'Remove', exact: true }).click()
  await expect(question).toBeHidden()
  await expect(page.getByRole('radio', { name: /own-digits/ })).toHaveCount(0)
  expect(existsSync(join(home, 'data/datasets/own-digits'))).toBe(false)
})
