// Looking inside a run: a digit drawn through its models, and the codes of the test images as a map.
import type { Locator, Page } from '@playwright/test'
import { setUpExperiment, startTraining } from './experiment'
import { expect, test } from './host'
import { faults } from './axe'

const recipe = { name: 'Looked into', dims: [2, 8], epochs: 3, trainLimit: 2000, seed: 7 }

async function train(page: Page): Promise<void> {
  await setUpExperiment(page, recipe)
  await startTraining(page)
  await expect(page.locator('.status')).toContainText('Finished', { timeout: 180_000 })
}

/** Draws a line between places given as shares of the element. */
async function dragOver(page: Page, element: Locator, places: [number, number][]): Promise<void> {
  const box = await element.boundingBox()
  if (!box) throw new Error('nothing to draw on')
  const at = ([x, y]: [number, number]) => [box.x + x * box.width, box.y + y * box.height] as const
  const [first = [0, 0], ...rest] = places
  await page.mouse.move(...at(first as [number, number]))
  await page.mouse.down()
  for (const place of rest) await page.mouse.move(...at(place), { steps: 5 })
  await page.mouse.up()
}

test('draw a digit, take it back, add noise, choose one by its number', async ({ open }) => {
  const { page } = await open()
  const complaints: string[] = []
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()))
  page.on('pageerror', (error) => complaints.push(String(error)))
  await train(page)
  await page.getByRole('tab', { name: 'Draw' }).click()
  const pad = page.getByRole('application', { name: /^Drawing pad/ })
  const narrow = page
    .getByRole('figure')
    .filter({ has: page.getByRole('img', { name: 'The drawing as d = 2 copies it' }) })
  await expect(narrow).toContainText('MSE –')
  await dragOver(page, pad, [[0.3, 0.25], [0.7, 0.25], [0.45, 0.8]]) // prettier-ignore
  await expect(narrow).toContainText(/MSE 0\.\d{4}/)
  await expect(narrow).toContainText(/worse than \d+.% of test digits/, { timeout: 60_000 })
  await expect(page.getByRole('img', { name: /^Squared error of the drawing/ })).toHaveAccessibleName(/d = 8 0\.\d{4}/)

  await page.getByLabel('Noise', { exact: true }).fill('0.3')
  await expect(narrow).toContainText(/to the noisy 0\.\d{4}/)
  expect(await faults(page), 'draw').toEqual([])

  await page.keyboard.press('Control+z')
  await expect(narrow).toContainText('MSE –')
  await page.getByLabel('Test digit').fill('4')
  await page.keyboard.press('Tab')
  await expect(pad).toHaveAccessibleName(/test digit 4/)
  await expect(narrow).toContainText(/MSE 0\.\d{4}/)
  await page.getByRole('button', { name: 'Clear' }).click()

  await pad.focus()
  for (const key of [' ', 'ArrowDown', 'ArrowDown', 'ArrowDown', ' ']) await page.keyboard.press(key)
  await expect(narrow).toContainText(/MSE 0\.\d{4}/)
  expect(complaints).toEqual([])
})

test('walk among the codes, select some, see what units do', async ({ open }) => {
  test.setTimeout(360_000) // a layout takes its time beside other tests
  const { page } = await open()
  const complaints: string[] = []
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()))
  page.on('pageerror', (error) => complaints.push(String(error)))
  await train(page)
  await page.getByRole('tab', { name: 'Latent space' }).click()
  const plane = page.getByRole('application', { name: /^Plane of the codes of d = 2/ })
  await expect(page.getByText('Computing codes …')).toHaveCount(0, { timeout: 60_000 })
  await expect(
    page.getByRole('application', { name: /of d = 8: principal component 1, \d+.% of the variance/ })
  ).toBeVisible()

  const wide = page.getByRole('region', { name: 'Codes of d = 8' })
  await wide.getByRole('radio', { name: 'UMAP' }).click()
  await expect(
    wide.getByRole('application', { name: /UMAP: 15 neighbours, min distance 0\.1, 200 epochs, seed \d+/ })
  ).toBeVisible({ timeout: 240_000 })
  await expect(wide).toContainText('UMAP has no way back to codes')
  expect(await faults(page), 'UMAP').toEqual([])

  await plane.focus()
  await page.keyboard.press('ArrowRight')
  await expect(page.getByRole('region', { name: 'Codes of d = 2' })).toContainText(/-?\d+\.\d\d, -?\d+\.\d\d/)

  await page.getByRole('radio', { name: 'Lasso' }).click()
  await dragOver(page, plane, [[0.05, 0.05], [0.95, 0.05], [0.95, 0.95], [0.05, 0.95]]) // prettier-ignore
  const side = page.getByRole('complementary', { name: 'Classes and selection' })
  await expect(side).toContainText(/\d+ test digits selected: /)
  expect(await faults(page), 'map').toEqual([])
  await page.keyboard.press('Escape')
  await expect(side).toContainText('Draw around points with the lasso')

  await side.getByRole('button', { name: /^Class 3/ }).focus()
  await page.keyboard.press('Shift+Enter')
  await expect(side.locator('[aria-pressed="true"]')).toHaveCount(1)
  await side.getByRole('button', { name: 'Select the shown' }).press('Enter')
  await expect(side).toContainText('1,010 test digits selected: 1,010 of class 3.')
  await side.getByRole('button', { name: /^Class 3/ }).press('Shift+Enter')
  await side.getByRole('button', { name: 'Clear' }).press('Enter')

  const parts: [string, Locator][] = [
    ['Grid', page.getByRole('img', { name: 'Grid of codes decoded by d = 2' })],
    ['Morph', page.getByRole('img', { name: /^11 digits from test digit \d+ to 2, as d = 8 decodes them/ })],
    ['Units', page.getByText(/^2 units; /)]
  ]
  for (const [part, shown] of parts) {
    await page.getByRole('radio', { name: part, exact: true }).click()
    await expect(shown).toBeVisible()
    expect(await faults(page), part).toEqual([])
  }
  await page.getByRole('button', { name: 'Switch unit 1 off' }).click()
  await expect(page.getByText('Decoded, changed')).toBeVisible()
  expect(complaints).toEqual([])
})
