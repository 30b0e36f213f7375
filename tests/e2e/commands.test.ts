// By keyboard alone: the palette, the list of keys, help where a term stands, the rail of a narrow window; each free of serious faults.
import { faults } from './axe'
import { setUpExperiment, startTraining } from './experiment'
import { expect, test } from './host'

test('a run is trained, looked at and left by keyboard and palette alone', async ({ open }) => {
  const { page } = await open()
  const field = page.getByRole('combobox', { name: 'Command or run' })
  const palette = async (typed: string) => {
    await page.keyboard.press('Control+k')
    await expect(field).toBeFocused()
    await page.keyboard.type(typed)
  }
  await expect(page.getByRole('button', { name: 'Train the article’s six models' })).toBeVisible()
  await palette('new exp')
  await expect(page.getByRole('option', { selected: true })).toContainText('New experiment')
  expect(await faults(page)).toEqual([])
  await page.keyboard.press('Enter')
  await expect(page.getByRole('heading', { name: 'New experiment' })).toBeVisible()
  await page.keyboard.press('Escape')

  await setUpExperiment(page, { name: 'By keyboard', dims: [2, 8], epochs: 3, trainLimit: 500 })
  await page.keyboard.press('Control+Enter')
  await expect(page.locator('.status')).toContainText('Finished', { timeout: 60_000 })
  await page.getByRole('heading', { name: 'By keyboard' }).focus()

  await palette('first epoch')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('slider', { name: 'Epoch' })).toHaveAttribute('aria-valuetext', 'Untrained')
  await page.keyboard.press('l')
  await expect(page.getByRole('slider', { name: 'Epoch' })).toHaveAttribute('aria-valuetext', 'Epoch 3 of 3')
  await palette('pause')
  await expect(page.getByRole('option', { name: 'Pause or resume' })).toHaveCount(0) // it trains no more
  await page.keyboard.press('Escape')

  const help = page.getByRole('button', { name: 'What this means' })
  await help.focus()
  await page.keyboard.press('Enter')
  await expect(page.locator('#term-help')).toContainText('Gap closed')
  await expect(help).toHaveAttribute('aria-expanded', 'true')
  expect(await faults(page)).toEqual([])
  await page.keyboard.press('Escape')
  await expect(page.locator('#term-help')).toBeEmpty()
  await expect(help).toBeFocused()
})

test('the run list of a narrow window opens over the screen and goes with the focus', async ({ open }) => {
  const { page } = await open()
  await setUpExperiment(page, { name: 'Narrow', dims: [2], epochs: 1, trainLimit: 500 })
  await startTraining(page)
  await expect(page.locator('.status')).toContainText('Finished', { timeout: 60_000 })
  await page.setViewportSize({ width: 1024, height: 700 })
  const button = page.getByRole('button', { name: 'Show the run list' })
  await expect(button).toHaveAttribute('aria-expanded', 'false')
  const board = await page.locator('.overview').boundingBox()
  await page.keyboard.press('Control+b')
  await expect(page.locator('.run')).toBeFocused()
  await expect(page.locator('.run .name')).toBeInViewport()
  expect(await page.locator('.overview').boundingBox()).toEqual(board)
  expect(await faults(page)).toEqual([])
  await page.keyboard.press('Escape')
  await expect(button).toHaveAttribute('aria-expanded', 'false')
  await button.click()
  await expect(page.locator('.run .name')).toBeInViewport()
  await page.locator('.overview').click({ position: { x: 600, y: 300 } })
  await expect(button).toHaveAttribute('aria-expanded', 'false')
})
