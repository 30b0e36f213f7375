// Every screen of the application, one after another: each is shown, then handed to `take(name)`.

/** Short and full trainings to show: `epochs` of the Keras blog's recipe, and another activation to compare with. */
export function trainRuns(lab, epochs) {
  lab('run', '--preset', 'keras-blog', '--epochs', String(epochs), '--name', 'Relu, batch 256') // the first to come is opened
  lab('run', '--preset', 'article', '--epochs', String(Math.ceil(epochs / 2)), '--name', 'The article’s, half as long')
}

/** `train` makes the runs that screens from `finished` on show. */
export async function showAll(page, take, train) {
  await showForm(page, take)
  train()
  await page.locator('.status', { hasText: 'Finished' }).waitFor({ timeout: 30_000 })
  await showOverview(page, take)
  await showTabs(page, take)
  await showDialogs(page, take)
  await showComparison(page, take)
  await showTraining(page, take)
}

const radio = (page, name) => page.getByRole('radio', { name, exact: true })

async function showForm(page, take) {
  await page.getByText(/^About .+ on /).waitFor()
  await take('first-start')
  await page.keyboard.press('Control+n')
  await page.getByText(/^About .+ on /).waitFor()
  await take('new-experiment')
  await page.getByLabel('Epochs', { exact: true }).fill('0.5')
  await page.getByLabel('Seed', { exact: true }).focus()
  await take('bad-value')
  await page.keyboard.press('Escape')
}

async function showOverview(page, take) {
  await take('finished')
  await page.locator('[data-gallery] button').nth(4).click()
  await page.getByRole('dialog').waitFor()
  await take('enlarged')
  await page.keyboard.press('Escape')
  await radio(page, 'Overlaid').click()
  await take('overlaid')
  await radio(page, 'Log').click()
  await page.getByLabel('Across the charts').selectOption({ label: 'Training time' })
  await take('overlaid-log-time')
  await page.getByLabel('Across the charts').selectOption({ label: 'Epochs' })
  await radio(page, 'Linear').click()
  await radio(page, 'One by one').click()
}

async function showTabs(page, take) {
  await page.getByRole('tab', { name: 'Latent space' }).click()
  await page.locator('.classes button').first().waitFor({ timeout: 120_000 }) // the test digits are here
  await page.getByText('Computing codes …').first().waitFor({ state: 'hidden', timeout: 120_000 })
  await take('latent-space')
  await page.getByRole('tab', { name: 'Draw' }).click()
  await drawSeven(page)
  await page
    .getByText(/of test (digits|images)/)
    .nth(5)
    .waitFor({ timeout: 120_000 })
  await take('draw')
  await page.getByRole('tab', { name: 'Analysis' }).click()
  await computed(page)
  await take('analysis')
  await page.getByRole('tab', { name: 'Claims' }).click()
  await computed(page)
  await take('claims')
  await page.getByRole('tab', { name: 'Overview' }).click()
}

/** Waits until what a tab computes by itself is there. */
async function computed(page) {
  await page.getByRole('tabpanel').locator('h2').first().waitFor({ timeout: 900_000 })
  await page.getByRole('tabpanel').getByRole('progressbar').waitFor({ state: 'detached', timeout: 900_000 })
}

/** Draws a seven on the pad, point by point; `between` runs after each. */
export async function drawSeven(page, between = () => undefined) {
  const box = await page.locator('.pad').boundingBox()
  const corners = [[0.3, 0.28], [0.7, 0.28], [0.45, 0.78]] // prettier-ignore
  const at = ([x, y]) => [box.x + x * box.width, box.y + y * box.height]
  await page.mouse.move(...at(corners[0]))
  await page.mouse.down()
  for (let stroke = 1; stroke < corners.length; stroke++) {
    for (let step = 1; step <= 8; step++) {
      const along = (axis) =>
        corners[stroke - 1][axis] + ((corners[stroke][axis] - corners[stroke - 1][axis]) * step) / 8
      await page.mouse.move(...at([along(0), along(1)]))
      await between()
    }
  }
  await page.mouse.up()
}

async function showDialogs(page, take) {
  await page.keyboard.press('Control+d')
  await take('device')
  await page.keyboard.press('Escape')
  for (const [name, command] of [
    ['settings', 'Settings'],
    ['shortcuts', 'Keyboard shortcuts'],
    ['import', 'Import a run'],
    ['storage', 'Storage that runs use'],
    ['notes', 'Tags and note']
  ]) {
    await page.keyboard.press('Control+k')
    await page.getByRole('combobox', { name: 'Command or run' }).fill(command)
    await page.keyboard.press('Enter')
    await page.getByRole('dialog').getByRole('heading').waitFor()
    await take(name)
    await page.keyboard.press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'hidden' }) // keys are its own until then
  }
  await page.keyboard.press('Control+k')
  await take('palette')
  await page.keyboard.press('Escape')
}

async function showComparison(page, take) {
  await page.locator('.run[tabindex="0"]').focus()
  await page.keyboard.press('Home')
  await page.keyboard.press('c')
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('c')
  await page.getByRole('button', { name: 'Compare 2' }).click()
  for (const [name, part] of [
    ['compare', 'Losses'],
    ['compare-differences', 'Differences'],
    ['compare-digits', /^(Digits|Images)$/],
    ['compare-pair', 'Two models']
  ]) {
    await page.getByRole('radio', { name: part }).click()
    await take(name)
  }
}

async function showTraining(page, take) {
  await page.keyboard.press('Control+n')
  await page.getByLabel('Epochs', { exact: true }).fill('400')
  await page.getByRole('button', { name: 'Start training' }).click()
  await page.locator('.status', { hasText: /Epoch [3-9] of/ }).waitFor({ timeout: 120_000 })
  await page.getByRole('button', { name: 'Pause' }).click()
  await page.locator('.status', { hasText: 'Paused' }).waitFor()
  await take('paused')
  await page.getByRole('button', { name: 'Resume' }).click()
  await page.locator('.status', { hasText: /^.*Epoch/ }).waitFor()
  await take('running')
  await page.getByRole('button', { name: 'Stop', exact: true }).click()
  await page.locator('.status', { hasText: 'Stopped' }).waitFor()
  await take('stopped')
}
