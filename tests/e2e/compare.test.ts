// Two runs compared: chosen in the list by the keyboard, opened beside each other, still there after a reload.
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { faults } from './axe'
import { environment, expect, root, test } from './host'

function train(home: string, ...options: string[]): void {
  const args = ['run', '--dims', '2,8', '--epochs', '2', '--train-limit', '1000', '--device', 'cpu', ...options]
  execFileSync(process.execPath, [join(root, 'out/main/index.js'), ...args], { env: environment(home), stdio: 'pipe' })
}

test('compare two runs', async ({ open, home }) => {
  train(home)
  train(home, '--activation', 'relu')
  const { page } = await open()
  const complaints: string[] = []
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()))
  page.on('pageerror', (error) => complaints.push(String(error)))

  await test.step('both are chosen by the keyboard', async () => {
    await page.locator('.run[tabindex="0"]').focus()
    await page.keyboard.press('c')
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('c')
    await page.getByRole('button', { name: 'Compare 2' }).click()
    await expect(page.getByRole('heading', { name: '2 runs compared' })).toBeVisible()
  })

  await test.step('no screen that compares has a serious fault, in either theme', async () => {
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme })
      await page.locator(`html[data-theme=${colorScheme}]`).waitFor()
      for (const part of ['Losses', 'Differences', 'Images', 'Two models']) {
        await page.getByRole('radio', { name: part }).click()
        expect(await faults(page), `${part}, ${colorScheme}`).toEqual([])
      }
    }
    await page.getByRole('radio', { name: 'Losses' }).click()
  })

  await test.step('an epoch that is pointed at on a chart is shown, a click chooses it; keys go on', async () => {
    const chart = page.locator('.plot .chart').first()
    const shown = page.locator('output[for="compare-epoch"]')
    await expect(shown).toHaveText('2 of 2')
    const early = { x: 0.3 * ((await chart.boundingBox())?.width ?? 0), y: 60 }
    await chart.hover({ position: early })
    await expect(shown).toHaveText('1 of 2')
    await page.mouse.move(5, 5)
    await expect(shown).toHaveText('2 of 2')
    await chart.click({ position: early })
    await page.mouse.move(5, 5)
    await expect(shown).toHaveText('1 of 2')
    await page.getByRole('heading', { name: '2 runs compared' }).click()
    await page.keyboard.press('ArrowRight')
    await expect(shown).toHaveText('2 of 2')
    await page.getByLabel('Across the charts').selectOption({ label: 'Training time' })
  })

  await test.step('their losses share charts, and stay after a reload', async () => {
    const charts = page.getByRole('img', { name: /^Validation loss by epoch, d = 2 .* run A, .* run B, / })
    await expect(charts).toHaveCount(1)
    await page.reload()
    await expect(charts).toHaveCount(1)
  })

  await test.step('a table says what differs', async () => {
    await page.getByRole('radio', { name: 'Differences' }).click()
    await expect(page.getByRole('row', { name: 'Activation relu tanh' })).toBeVisible()
    await expect(page.getByText(/\d+ facts in which they agree/)).toBeVisible()
  })

  await test.step('a digit opens enlarged, and two models lie over one another', async () => {
    await page.getByRole('radio', { name: 'Images' }).click()
    await page.getByRole('button', { name: 'Enlarge test digit 5, a 4, by run B, d = 8' }).click()
    const copy = page.getByRole('dialog').locator('figcaption').nth(1)
    await expect(copy).toContainText('B, d = 8')
    await page.keyboard.press('ArrowUp')
    await expect(copy).toContainText('B, d = 2')
    await page.keyboard.press('ArrowRight')
    await expect(page.getByRole('dialog').getByRole('heading')).toContainText('Test digit 6, a 1, epoch')
    expect(await faults(page), 'enlarged').toEqual([])
    await page.keyboard.press('Escape')
    await expect(page.getByRole('dialog')).toBeHidden()
    await page.getByRole('radio', { name: 'Two models' }).click()
    await page.getByLabel('Left model', { exact: true }).selectOption({ label: 'A, d = 2' })
    await page.getByLabel('Right model', { exact: true }).selectOption({ label: 'B, d = 8' })
    const swipe = page.getByLabel('How much of the left model is shown, in percent')
    await swipe.fill('20')
    await expect(page.locator('.swipe .layer').first()).toHaveCSS('clip-path', /80%/)
  })

  await test.step('a tag is noted and found', async () => {
    await page.locator('.run').first().focus()
    await page.keyboard.press('t')
    await page.getByLabel('Tags', { exact: true }).fill('relu')
    await page.keyboard.press('Enter')
    await expect(page.locator('.run .tags')).toHaveText('#relu')
    await page.getByLabel('Search runs').fill('#relu')
    await expect(page.locator('.run')).toHaveCount(1)
  })

  expect(complaints).toEqual([])
})
