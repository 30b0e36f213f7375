// One story on every host: a newcomer trains two small autoencoders, reads the charts, saves the report, comes back later.
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
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
    await expect(page.locator('.status')).toContainText('Finished', { timeout: 60_000 })
  })

  const trained = onlyRun(home)
  await test.step('the charts end at what was trained', async () => {
    for (const { name, history } of trained.models) {
      const last = history.valLoss[history.valLoss.length - 1]
      const row = page.getByRole('region', { name: name.replace('=', ' = ') })
      await expect(row.getByRole('img').first()).toHaveAccessibleName(new RegExp(last?.toFixed(4) ?? 'no loss'))
      expect(await inkOf(page, `section[aria-label="${name.replace('=', ' = ')}"] canvas`)).toBeGreaterThan(50)
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

/** Pixels that differ from the upper left one, in the first canvas that `selector` finds. */
function inkOf(page: Page, selector: string): Promise<number> {
  return page
    .locator(selector)
    .first()
    .evaluate((canvas) => {
      const { width, height } = canvas as HTMLCanvasElement
      const pixels = new Uint32Array(
        (canvas as HTMLCanvasElement).getContext('2d')?.getImageData(0, 0, width, height).data.buffer ??
          new ArrayBuffer(4)
      )
      return pixels.filter((pixel) => pixel !== pixels[0]).length
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
    await expect(page.getByText('The report is saved')).toBeVisible()
  } else {
    const download = page.waitForEvent('download')
    await page.getByRole('button', { name: 'Export report' }).click()
    await (await download).saveAs(path)
  }
  return readFileSync(path)
}
