// Reads animations back in a Chromium of their own, whose page, unlike the application's, may play what it is given.
import { chromium, type Page } from '@playwright/test'
import { findChromium } from '../../scripts/find-chromium.mjs'

export interface ReadGif {
  frames: number
  width: number
  height: number
  /** Seconds. */
  delays: number[]
  /** Infinity: for ever. */
  repetitions: number
  /** Where in the last frame the image lies, each of its pixels a square of `times`; null: nowhere. */
  place: { x: number; y: number } | null
}

/** `image`: grey values, row by row, `columns` a row, that the last frame is searched for; one more or less in a value is no difference. */
export async function readGif(
  bytes: Buffer,
  image: readonly number[],
  columns: number,
  times: number
): Promise<ReadGif> {
  return inChromium((page) =>
    page.evaluate(
      async ({ base64, image, columns, times }) => {
        const data = await (await fetch(`data:image/gif;base64,${base64}`)).arrayBuffer()
        const decoder = new ImageDecoder({ data, type: 'image/gif' })
        await decoder.tracks.ready
        await decoder.completed
        const { frameCount, repetitionCount } = decoder.tracks.selectedTrack as ImageTrack
        const delays: number[] = []
        let last: VideoFrame | null = null
        for (let frameIndex = 0; frameIndex < frameCount; frameIndex++) {
          last?.close()
          last = (await decoder.decode({ frameIndex })).image
          delays.push((last.duration ?? 0) / 1e6)
        }
        const [width, height] = [last?.displayWidth ?? 0, last?.displayHeight ?? 0]
        const context = Object.assign(document.createElement('canvas'), { width, height }).getContext('2d')
        if (!context || !last) throw new Error('no frame')
        context.drawImage(last, 0, 0)
        const { data: rgba } = context.getImageData(0, 0, width, height)
        const isAt = (x: number, y: number) =>
          image.every((grey, pixel) => {
            const across = x + times * (pixel % columns) + (times >> 1)
            const down = y + times * Math.floor(pixel / columns) + (times >> 1)
            return Math.abs((rgba[4 * (down * width + across)] ?? -9) - grey) <= 1
          })
        let place: { x: number; y: number } | null = null
        for (let y = 0; y < height && !place; y++) {
          for (let x = 0; x < width && !place; x++) if (isAt(x, y)) place = { x, y }
        }
        return { frames: frameCount, width, height, delays, repetitions: repetitionCount, place }
      },
      { base64: bytes.toString('base64'), image: [...image], columns, times }
    )
  )
}

export interface PlayedVideo {
  width: number
  height: number
  /** Seconds. */
  duration: number
  /** Whether it was played to its end. */
  ended: boolean
}

/** Plays it to the end, four times as fast. */
export async function playVideo(bytes: Buffer): Promise<PlayedVideo> {
  return inChromium((page) =>
    page.evaluate(async (base64) => {
      const video = document.createElement('video')
      video.muted = true
      const failed = new Promise<never>((_, reject) =>
        video.addEventListener('error', () => reject(new Error(video.error?.message)))
      )
      const ended = new Promise((resolve) => video.addEventListener('ended', resolve))
      video.src = `data:video/webm;base64,${base64}`
      video.playbackRate = 4
      await Promise.race([video.play(), failed])
      await Promise.race([ended, failed])
      return { width: video.videoWidth, height: video.videoHeight, duration: video.duration, ended: video.ended }
    }, bytes.toString('base64'))
  )
}

async function inChromium<Result>(read: (page: Page) => Promise<Result>): Promise<Result> {
  const browser = await chromium.launch({ executablePath: findChromium() ?? '' })
  try {
    const page = await browser.newPage()
    await page.route('http://localhost/', (route) =>
      route.fulfill({ contentType: 'text/html', body: '<!doctype html>' })
    )
    await page.goto('http://localhost/') // a secure page: on others there is no ImageDecoder
    return await read(page)
  } finally {
    await browser.close()
  }
}
