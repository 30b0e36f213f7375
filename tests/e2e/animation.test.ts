// The training as a moving picture: what is saved is read back by another program than wrote it.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { findChromium } from '../../scripts/find-chromium.mjs'
import { faults } from './axe'
import { setUpExperiment, startTraining } from './experiment'
import { expect, test, type OpenedHost } from './host'
import { playVideo, readGif } from './moving-picture'

const EPOCHS = 12
const PIXELS = 28 * 28
const PROBES = 20
const DIMS = [2, 8]

test('training is saved as a GIF and as a video, and giving it up leaves nothing', async ({ open, home }) => {
  test.skip(!findChromium(), 'no Chromium or Chrome on this machine to read them back')
  test.slow()
  const opened = await open()
  const { page } = opened
  await page.emulateMedia({ reducedMotion: 'reduce' })
  await setUpExperiment(page, { name: 'Moving', dims: DIMS, epochs: EPOCHS, trainLimit: 500 })
  await startTraining(page)
  await expect(page.locator('.status')).toContainText('Finished', { timeout: 60_000 })
  await page.getByRole('button', { name: 'Save animation …' }).click()
  await expect(page.getByRole('slider', { name: 'Frame' })).toHaveAttribute('aria-valuetext', 'epoch 12 of 12')
  await expect(page.getByRole('button', { name: 'Play the preview' })).toBeVisible()
  expect(await faults(page)).toEqual([])

  await page.getByLabel('Width').selectOption('1920')
  await expectGivenUp(opened)

  await page.getByLabel('Width').selectOption('1280')
  await page.getByLabel('Epochs from frame to frame').fill('5')
  await page.getByLabel('Epochs from frame to frame').press('Tab')
  await expect(page.getByText(/^4 frames, 2\.4 s/)).toBeVisible()
  await expect(page.getByText('each frame stays 13, which is 7.7 a second')).toBeVisible()
  const size = await sizeSaid(page)
  const ink = lastDigit(home)
  const gif = await readGif(
    await saved(opened, home, 'gif'),
    ink.map((value) => 255 - value),
    28,
    3
  )
  expect(gif).toMatchObject({ frames: 4, ...size, delays: [0.13, 0.13, 0.13, 2], repetitions: Infinity })
  expect(gif.place).not.toBeNull()

  await page.keyboard.press('Control+k')
  await page.keyboard.type('animation')
  await page.keyboard.press('Enter')
  await page.getByRole('radio', { name: 'WebM' }).click()
  await page.getByLabel('Width').selectOption('640')
  const videoSize = await sizeSaid(page)
  const video = await playVideo(await saved(opened, home, 'webm'))
  expect(video).toMatchObject({ ...videoSize, ended: true })
  expect(video.duration).toBeCloseTo(3 / 8 + 2, 1)
})

/** Width and height as the dialog says them. */
async function sizeSaid(page: Page): Promise<{ width: number; height: number }> {
  const [width = 0, height = 0] =
    (await page.getByText(/^\d+ × \d+ pixels$/).innerText()).match(/\d+/g)?.map(Number) ?? []
  return { width, height }
}

/** Ink of the first test digit as the last model draws it after the last epoch. */
function lastDigit(home: string): number[] {
  const runs = join(home, 'data/runs')
  const [id = ''] = readdirSync(runs).filter((name) => !name.startsWith('.'))
  const digits = readFileSync(join(runs, id, 'digits.bin'))
  const start = (EPOCHS * DIMS.length - 1) * PROBES * PIXELS
  return [...digits.subarray(start, start + PIXELS)]
}

async function expectGivenUp({ page, application }: OpenedHost): Promise<void> {
  const saves: unknown[] = []
  page.on('download', (download) => saves.push(download))
  if (application)
    await application.evaluate(({ dialog }) => {
      dialog.showSaveDialog = () => Promise.reject(new Error('nothing was to be saved'))
    })
  const save = page.getByRole('button', { name: 'Save', exact: true })
  await save.click()
  await expect(save).toBeDisabled()
  await page.getByRole('button', { name: 'Stop', exact: true }).click()
  await expect(save).toBeEnabled()
  await expect(page.getByRole('progressbar', { name: 'Frames that are done' })).toHaveCount(0)
  await expect(page.getByRole('heading', { name: 'Save animation' })).toBeVisible()
  expect(saves).toEqual([])
  expect(await page.getByRole('alert').count()).toBe(0)
}

async function saved({ page, application }: OpenedHost, home: string, format: string): Promise<Buffer> {
  const path = join(home, `training.${format}`)
  const save = page.getByRole('button', { name: 'Save', exact: true })
  if (application) {
    await application.evaluate(({ dialog }, filePath) => {
      dialog.showSaveDialog = () => Promise.resolve({ canceled: false, filePath, bookmark: '' })
    }, path)
    await save.click()
  } else {
    const download = page.waitForEvent('download', { timeout: 90_000 })
    await save.click()
    const file = await download
    expect(file.suggestedFilename()).toBe(`Moving, training.${format}`)
    await file.saveAs(path)
  }
  await expect(page.getByRole('heading', { name: 'Save animation' })).toHaveCount(0, { timeout: 90_000 })
  await expect(page.getByText(`training.${format}`)).toBeVisible()
  return readFileSync(path)
}
