// Twenty seconds of the application as a GIF: six models begin to learn, their epochs are played, a digit is drawn through all of them, codes are decoded.
import { decode } from 'fast-png'
import { GifEncoder } from '@napi-rs/canvas'
import { withServedLab } from '../served-lab.mjs'
import { drawSeven } from './screens.mjs'

const PAGE = { width: 1200, height: 750 }
/** Of a picture to the page: the file is some two megabytes then. */
const SCALE = 0.8
const SIZE = { width: SCALE * PAGE.width, height: SCALE * PAGE.height }
const FRAME_MILLISECONDS = 200
const LENGTH_MILLISECONDS = 20_000

/** The bytes of the GIF. */
export async function animationOf() {
  const reel = createReel()
  await withServedLab({ viewport: PAGE, deviceScaleFactor: SCALE }, async (page) => {
    const frame = async (times = 1) => reel.add(await page.screenshot(), times)
    await learn(page, frame)
    await playEpochs(page, frame)
    await draw(page, frame)
    await decodeCodes(page, frame)
  })
  return reel.finish()
}

/** Frames in a row, of each only what has changed since the one before; the last stays until the time is over. */
function createReel() {
  const encoder = new GifEncoder(SIZE.width, SIZE.height, { repeat: 0, quality: 8 })
  let before = null
  let length = 0
  return {
    add(png, times) {
      const { data, channels } = decode(png)
      const pixels = rgba(data, channels)
      const box = before ? changedBox(before, pixels) : { left: 0, top: 0, ...SIZE }
      const { left, top, width, height } = box ?? { left: 0, top: 0, width: 1, height: 1 }
      encoder.addFrame(changedPixels(before, pixels, { left, top, width, height }), width, height, {
        delay: times * FRAME_MILLISECONDS,
        left,
        top
      })
      before = pixels
      length += times * FRAME_MILLISECONDS
    },
    finish() {
      const nothing = new Uint8Array(4)
      encoder.addFrame(nothing, 1, 1, { delay: Math.max(FRAME_MILLISECONDS, LENGTH_MILLISECONDS - length) })
      return encoder.finish()
    }
  }
}

function rgba(data, channels) {
  if (channels === 4) return data
  const pixels = new Uint8Array((data.length / channels) * 4).fill(255)
  for (let pixel = 0; pixel < data.length / channels; pixel++)
    for (let channel = 0; channel < 3; channel++) pixels[4 * pixel + channel] = data[channels * pixel + channel]
  return pixels
}

const isSame = (a, b, at) => a[at] === b[at] && a[at + 1] === b[at + 1] && a[at + 2] === b[at + 2]

/** The rectangle around all pixels that differ; null where none does. */
function changedBox(before, now) {
  let [left, top, right, bottom] = [SIZE.width, SIZE.height, -1, -1]
  for (let y = 0; y < SIZE.height; y++) {
    for (let x = 0; x < SIZE.width; x++) {
      if (isSame(before, now, 4 * (y * SIZE.width + x))) continue
      left = Math.min(left, x)
      right = Math.max(right, x)
      top = Math.min(top, y)
      bottom = y
    }
  }
  return right < 0 ? null : { left, top, width: right - left + 1, height: bottom - top + 1 }
}

/** The pixels of a rectangle, those that have not changed without any opacity. */
function changedPixels(before, now, { left, top, width, height }) {
  const part = new Uint8Array(4 * width * height)
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const from = 4 * ((top + y) * SIZE.width + left + x)
      if (before && isSame(before, now, from)) continue
      part.set(now.subarray(from, from + 3), 4 * (y * width + x))
      part[4 * (y * width + x) + 3] = 255
    }
  }
  return part
}

/** Some six seconds: from the first start to fifteen epochs. */
async function learn(page, frame) {
  await page.getByText(/^About .+ on /).waitFor()
  await page.keyboard.press('Control+n')
  await page.getByRole('radio', { name: /^Keras blog/ }).click()
  await page.getByLabel('Epochs', { exact: true }).fill('15')
  await frame(4)
  await page.getByRole('button', { name: 'Start training' }).click()
  await page.locator('.status').waitFor()
  for (let shot = 0; shot < 24 && !(await page.locator('.status', { hasText: 'Finished' }).isVisible()); shot++) {
    await frame()
    await page.waitForTimeout(1200)
  }
  await page.locator('.status', { hasText: 'Finished' }).waitFor({ timeout: 300_000 })
  await frame(4)
}

async function playEpochs(page, frame) {
  await page.keyboard.press('Home')
  for (let epoch = 0; epoch <= 15; epoch++) {
    await page.waitForTimeout(150)
    await frame()
    await page.keyboard.press('ArrowRight')
  }
}

async function draw(page, frame) {
  await page.getByRole('tab', { name: 'Draw' }).click()
  await page.locator('.pad').waitFor()
  await page.waitForTimeout(1500) // the weights come
  await drawSeven(page, async () => {
    await page.waitForTimeout(120)
    await frame()
  })
  await page.waitForTimeout(500)
  await frame(7)
}

async function decodeCodes(page, frame) {
  await page.getByRole('tab', { name: 'Latent space' }).click()
  await page.locator('.classes button').first().waitFor({ timeout: 120_000 }) // the test digits are here
  await page.getByText('Computing codes …').first().waitFor({ state: 'hidden', timeout: 120_000 })
  await page.waitForTimeout(500)
  const box = await page.locator('.plane').first().boundingBox()
  for (let step = 0; step <= 14; step++) {
    const angle = (step / 14) * 2 * Math.PI
    await page.mouse.move(
      box.x + box.width * (0.5 + 0.28 * Math.cos(angle)),
      box.y + box.height * (0.5 + 0.28 * Math.sin(angle))
    )
    if (step === 0) await page.mouse.down() // dragging decodes
    await page.waitForTimeout(200)
    await frame()
  }
  await page.mouse.up()
}
