// A GIF read back by another decoder: @napi-rs/canvas shows its first frame.
import { createCanvas, loadImage } from '@napi-rs/canvas'
import { describe, expect, it } from 'vitest'
import { lightTheme, seriesColours } from '@shared/charts/theme'
import { createGifWriter } from '../../../../src/renderer/animation/gif-writer'
import { createPalette } from '../../../../src/renderer/animation/palette'

const rgbOf = (colour: string) =>
  [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16)) as [number, number, number]

describe('palette', () => {
  it.each([1, 6, 24, 128])('has at most 255 colours for %i series, every grey within one of its value', (count) => {
    const { colours, indexOf } = createPalette(seriesColours(lightTheme, count))
    expect(colours.length).toBeLessThanOrEqual(255)
    for (let grey = 0; grey <= 255; grey++) {
      const [red = 0] = colours[indexOf(grey, grey, grey)] ?? []
      expect(Math.abs(red - grey)).toBeLessThanOrEqual(1)
    }
    expect([colours[indexOf(0, 0, 0)], colours[indexOf(255, 255, 255)]]).toEqual([
      [0, 0, 0],
      [255, 255, 255]
    ])
  })

  it.each([6, 24])('has the very colour of each of %i series', (count) => {
    const { colours, indexOf } = createPalette(seriesColours(lightTheme, count))
    for (const colour of seriesColours(lightTheme, count)) {
      const rgb = rgbOf(colour)
      expect(colours[indexOf(...rgb)]).toEqual(rgb)
    }
  })
})

describe('file', () => {
  const [width, height] = [6, 4]
  const frame = (grey: number) => {
    const rgba = new Uint8ClampedArray(4 * width * height).fill(255)
    rgba.fill(grey, 0, 3)
    rgba.set([46, 79, 180], 4)
    return rgba
  }

  it('has the pixels of its first frame', async () => {
    const writer = createGifWriter(width, height, ['#2e4fb4'])
    writer.add(frame(80), 0.1)
    const bytes = writer.finish()
    expect(Buffer.from(bytes.subarray(0, 6)).toString()).toBe('GIF89a')
    const image = await loadImage(Buffer.from(bytes))
    expect([image.width, image.height]).toEqual([width, height])
    const context = createCanvas(width, height).getContext('2d')
    context.drawImage(image, 0, 0)
    const { data } = context.getImageData(0, 0, 3, 1)
    expect([...data]).toEqual([80, 80, 80, 255, 46, 79, 180, 255, 255, 255, 255, 255])
  })

  it('plays for ever, and takes little for a frame in which nothing changes', () => {
    const writer = createGifWriter(600, 400, [])
    const noise = Uint8ClampedArray.from({ length: 4 * 600 * 400 }, (_, index) => ((index >> 2) * 7919) % 256)
    const first = writer.add(noise, 0.13)
    const same = writer.add(noise, 2) - first
    expect(same).toBeLessThan(first / 20)
    const text = Buffer.from(writer.finish()).toString('latin1')
    const forEver = 'NETSCAPE2.0\x03\x01\0\0'
    expect(text).toContain(forEver)
    const controls = [...text.matchAll(/!\xf9\x04(.)(.)(.)/gs)].map(
      ([, , low = '', high = '']) => low.charCodeAt(0) + 256 * high.charCodeAt(0)
    )
    expect(controls).toEqual(expect.arrayContaining([13, 200]))
  })
})
