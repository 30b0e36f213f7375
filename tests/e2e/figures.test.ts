// A chart leaves the window as a picture of its own: its dialog, and each format as a file.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { faults } from './axe'
import { setUpExperiment, startTraining } from './experiment'
import { expect, test, type OpenedHost } from './host'

test('a chart is saved as PNG of one column, SVG, PDF and CSV, and copied', async ({ open, home }) => {
  const opened = await open()
  const { page, application } = opened
  await setUpExperiment(page, { name: 'A figure <b>', dims: [2, 8], epochs: 2, trainLimit: 500 })
  await startTraining(page)
  await expect(page.locator('.status')).toContainText('Finished', { timeout: 60_000 })

  await page.locator('[data-chart]').first().click({ button: 'right' })
  await page.getByRole('menuitem', { name: 'Save figure …' }).click()
  const dialog = page.getByRole('dialog', { name: 'Save figure' })
  await expect(dialog.getByText('Loss of d = 2 by epoch · A figure <b>')).toBeVisible()
  await dialog.getByRole('radio', { name: 'One column' }).click()
  await expect(dialog.getByRole('status')).toHaveText(/^1004 × \d+ pixels$/)
  expect(await faults(page)).toEqual([])
  if (process.env.FIGURE_SHOTS) await page.screenshot({ path: join(process.env.FIGURE_SHOTS, 'dialog.png') })

  const png = await saved(opened, join(home, 'a.png'))
  if (process.env.FIGURE_SHOTS) writeFileSync(join(process.env.FIGURE_SHOTS, 'a.png'), png)
  expect([png.readUInt32BE(16), png.includes('pHYs')]).toEqual([1004, true])
  const inked = await page.evaluate(inkOf, `data:image/png;base64,${png.toString('base64')}`)
  expect(inked.share).toBeGreaterThan(0.01)
  expect(inked.share).toBeLessThan(0.5)

  await dialog.getByRole('radio', { name: 'SVG' }).click()
  const svg = (await saved(opened, join(home, 'a.svg'))).toString()
  for (const word of ['>epoch<', '>BCE<', '>validation<', '>d = 2<', 'Loss of d = 2 by epoch · A figure']) expect(svg).toContain(word) // prettier-ignore
  await dialog.getByRole('radio', { name: 'PDF' }).click()
  const pdf = (await saved(opened, join(home, 'a.pdf'))).toString('latin1')
  expect(pdf).toMatch(/^%PDF-1\.7/)
  expect(pdf).toMatch(/MediaBox ?\[0 0 240\.9/)
  await dialog.getByRole('radio', { name: 'CSV' }).click()
  const csv = (await saved(opened, join(home, 'a.csv'))).toString()
  expect(csv.split('\r\n')).toHaveLength(4)
  expect(csv).toContain('epoch,d = 2 training (BCE),d = 2 validation (BCE),mean digit (BCE)')

  if (!application) await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
  await dialog.getByRole('button', { name: 'Copy picture' }).click()
  await expect(dialog.getByText('The picture is copied.')).toBeVisible()
  if (application) {
    const size = await application.evaluate(({ clipboard }) =>
      (clipboard as unknown as { readImage?: () => { getSize(): object } }).readImage?.().getSize()
    )
    if (size) expect(size).toMatchObject({ width: 1004 })
  } else {
    const types = await page.evaluate(async () => (await navigator.clipboard.read())[0]?.types)
    expect(types).toContain('image/png')
  }

  await dialog.getByRole('spinbutton', { name: 'Width, mm' }).fill('9999')
  await expect(dialog.getByRole('button', { name: 'Save' })).toBeDisabled()
  await dialog.getByRole('radio', { name: 'Slide' }).click()
  await dialog.getByRole('radio', { name: 'PNG' }).click()
  await expect(dialog.getByText('1920 × 1080 pixels')).toBeVisible()
  if (process.env.FIGURE_SHOTS) {
    const slide = await saved(opened, join(home, 'slide.png'))
    writeFileSync(join(process.env.FIGURE_SHOTS, 'slide.png'), slide)
    await page.setViewportSize({ width: 900, height: 600 })
    await page.evaluate(() => (document.documentElement.dataset.theme = 'dark'))
    await page.screenshot({ path: join(process.env.FIGURE_SHOTS, 'small-dark.png') })
  }
  await page.keyboard.press('Escape')
  await expect(dialog).toBeHidden()
  await expect(page.locator('[data-chart]').first()).toBeFocused()

  await page.keyboard.press('Control+k')
  await page.keyboard.type('save figure')
  await page.keyboard.press('Enter')
  await expect(dialog.getByText('Loss of all models by epoch')).toBeVisible()
})

/** How much of a picture is not white, and how wide it is. */
async function inkOf(address: string): Promise<{ width: number; share: number }> {
  const image = new Image()
  image.src = address
  await image.decode()
  const canvas = document.createElement('canvas')
  Object.assign(canvas, { width: image.naturalWidth, height: image.naturalHeight })
  const context = canvas.getContext('2d')
  context?.drawImage(image, 0, 0)
  const { data } = context?.getImageData(0, 0, canvas.width, canvas.height) ?? { data: new Uint8ClampedArray() }
  let dark = 0
  for (let at = 0; at < data.length; at += 4) if ((data[at] ?? 255) < 250) dark++
  return { width: canvas.width, share: (4 * dark) / data.length }
}

async function saved({ page, application }: OpenedHost, path: string): Promise<Buffer> {
  const save = page.getByRole('dialog').getByRole('button', { name: 'Save', exact: true })
  if (application) {
    await application.evaluate(({ dialog }, filePath) => {
      dialog.showSaveDialog = () => Promise.resolve({ canceled: false, filePath, bookmark: '' })
    }, path)
    await save.click()
    await expect(page.getByRole('dialog').getByText(`The figure is saved: ${path}`)).toBeVisible()
  } else {
    const download = page.waitForEvent('download')
    await save.click()
    await (await download).saveAs(path)
  }
  return readFileSync(path)
}
