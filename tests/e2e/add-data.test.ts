// Images of the user's own, chosen in the window: read, shown, named, added, and removed after a question.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { faults } from './axe'
import { expect, root, test } from './host'

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
  await (await chosen).setFiles(join(root, 'tests/fixtures/data/digits.npz'))
  await expect(dialog).toContainText('Understood asNPZ, ')
  await expect(dialog.getByRole('list', { name: 'Samples' }).getByRole('listitem')).toHaveCount(20)
  expect(await faults(page), 'add data').toEqual([])
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
