// One story on every host: a newcomer trains two small autoencoders, reads the charts, saves the report, comes back later.
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Locator, Page } from '@playwright/test'
import { faults } from './axe'
import { onlyRun, readRun, setUpExperiment, startTraining } from './experiment'
import { environment, expect, root, test, type OpenedHost } from './host'

const recipe = { name: 'Two widths', dims: [2, 8], epochs: 2, trainLimit: 2000, seed: 7 }

test('train, read, export, come back', async ({ open, home }) => {
  const host = await open()
  const { page } = host
  const complaints: string[] = []
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()))
  page.on('pageerror', (error) => complaints.push(String(error)))

  await test.step('the first start offers the article’s experiment', async () => {
    await expect(page.getByRole('button', { name: 'Train the article’s six models' })).toBeVisible()
  })

  await test.step('an experiment of one’s own trains to its end', async () => {
    await setUpExperiment(page, recipe)
    await startTraining(page)
    await expect(page.locator('.status')).toContainText('Finished', { timeout: 180_000 })
  })

  const trained = onlyRun(home)
  await test.step('the charts end at what was trained', async () => {
    for (const { name, history } of trained.models) {
      const last = history.valLoss[history.valLoss.length - 1]
      const row = page.getByRole('region', { name: name.replace('=', ' = ') })
      await expect(row.getByRole('img').first()).toHaveAccessibleName(new RegExp(last?.toFixed(4) ?? 'no loss'))
      await expect.poll(() => lineWidthOf(row)).toBeGreaterThan(0.3) // from epoch 1 to 2, on an axis from 0
    }
  })

  await test.step('every host and the command line train the same', () => {
    expect(trained.status).toBe('finished')
    expect(trained.models.map(({ history }) => history.valLoss)).toEqual(byCommandLine(home))
  })

  await test.step('the report is a PDF', async () => {
    const bytes = await saveReport(host, home)
    expect(bytes.subarray(0, 5).toString('latin1')).toBe('%PDF-')
    expect(bytes.length).toBeGreaterThan(20_000)
  })

  await test.step('the run is in the list, also after a reload', async () => {
    await page.reload()
    await expect(page.getByRole('navigation', { name: 'Runs' }).getByText('Two widths')).toBeVisible()
    await expect(page.locator('.status')).toContainText('Finished')
  })

  expect(complaints).toEqual([])
  await host.close()

  await test.step('the next start shows it', async () => {
    const { page: again } = await open()
    await expect(again.getByRole('heading', { name: 'Two widths' })).toBeVisible()
  })
})

/** The share of a row's chart, from left to right, in which there is something in the model's own colour: its line. */
function lineWidthOf(row: Locator): Promise<number> {
  return row.evaluate((section) => {
    const chart = section.querySelector<HTMLCanvasElement>('[data-chart] canvas')
    const context = chart?.getContext('2d')
    const colour = getComputedStyle(section).getPropertyValue('--c').trim()
    if (!chart || !context || !/^#[0-9a-f]{6}$/.test(colour)) return 0
    const wanted = [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16))
    const { width, height } = chart
    const { data } = context.getImageData(0, 0, width, height)
    const inColour = (x: number, y: number) =>
      [...wanted, 255].every((value, channel) => Math.abs((data[4 * (y * width + x) + channel] ?? 0) - value) < 24)
    let columns = 0
    for (let x = 0; x < width; x++) {
      if (Array.from({ length: height }, (_, y) => y).some((y) => inColour(x, y))) columns++
    }
    return columns / width
  })
}

/** Validation losses of the same experiment, trained by the command line. */
function byCommandLine(home: string): number[][] {
  const out = join(home, 'by-command-line')
  const options = {
    dims: recipe.dims.join(','),
    epochs: recipe.epochs,
    'train-limit': recipe.trainLimit,
    seed: recipe.seed
  }
  const args = Object.entries(options).flatMap(([name, value]) => [`--${name}`, String(value)])
  execFileSync(
    process.execPath,
    [join(root, 'out/main/index.js'), 'run', '--preset', 'article', ...args, '--out', out],
    {
      env: environment(home),
      stdio: 'pipe'
    }
  )
  return readRun(out).models.map(({ history }) => history.valLoss)
}

async function saveReport({ page, application }: OpenedHost, home: string): Promise<Buffer> {
  const path = join(home, 'report.pdf')
  if (application) {
    await application.evaluate(({ dialog }, filePath) => {
      dialog.showSaveDialog = () => Promise.resolve({ canceled: false, filePath, bookmark: '' })
    }, path)
    await page.keyboard.press('Control+e')
    await chooseOfReport(page)
    await expect(page.getByText('The report is saved')).toBeVisible()
  } else {
    const download = page.waitForEvent('download')
    await page.getByRole('button', { name: 'Export report' }).click()
    await chooseOfReport(page)
    await (await download).saveAs(path)
  }
  return readFileSync(path)
}

/** Chooses letter paper beside the real pages, and saves. */
async function chooseOfReport(page: Page): Promise<void> {
  const dialog = page.getByRole('dialog', { name: 'Export report' })
  const save = dialog.getByRole('button', { name: 'Save', exact: true })
  await expect(save).toBeFocused()
  const first = dialog.getByRole('img', { name: /^Page 1 of \d, as it will be printed/ })
  await expect(first).toBeVisible()
  const before = await first.getAttribute('src')
  await dialog.getByRole('radio', { name: 'Letter' }).click()
  await expect(first).not.toHaveAttribute('src', before ?? '')
  await dialog.getByLabel('Author').fill('A. Student')
  expect(await faults(page)).toEqual([])
  await save.click()
}
