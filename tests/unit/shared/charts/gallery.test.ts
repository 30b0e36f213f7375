import { decode } from 'fast-png'
import { describe, expect, it } from 'vitest'
import { galleryLayout, type Gallery } from '@shared/charts/gallery'
import { cutToWidth } from '@shared/charts/cut-to-width'
import { galleryCsv, gallerySvg } from '@shared/charts/gallery-svg'

/** Every letter as wide as 0.6 of the font's size. */
const measure = (text: string, font: string) => 0.6 * Number(/([\d.]+)px/.exec(font)?.[1]) * [...text].length
const imageOf = (start: number) => Uint8Array.from({ length: 12 }, (_, index) => start + index)
const images = Array.from({ length: 10 }, (_, column) => imageOf(20 * column))
const errors = images.map((_, column) => column / 100)

function galleryOf(models: number, changes: Partial<Gallery> = {}): Gallery {
  const rows = Array.from({ length: models }, (_, rank) => ({
    name: `d = ${2 ** rank}`,
    colour: '#2e4fb4',
    images,
    errors
  }))
  return {
    title: 'Test digits & <reconstructions>',
    aside: 'epoch 3 of 5',
    note: '',
    imageWidth: 4,
    imageHeight: 3,
    labels: images.map((_, column) => String(column)),
    rows: [{ name: 'Original', colour: null, images, errors: [] }, ...rows],
    ...changes
  }
}

const sizes = [
  { width: 241, height: null, textSize: 7 },
  { width: 505, height: null, textSize: 7 },
  { width: 960, height: 540, textSize: 18 },
  { width: 85, height: 85, textSize: 7 }
]

describe.each(sizes)('$width × $height', (size) => {
  it.each([1, 6, 24])('keeps all images of %i models inside the picture, apart from one another', (models) => {
    const layout = galleryLayout(galleryOf(models), { ...size, measure })
    const { left, nameWidth, columnStep, side, top, rowStep, imageHeight, bottom, width, height } = layout
    expect(left + nameWidth + 9 * columnStep + side).toBeLessThanOrEqual(width)
    expect(columnStep).toBeGreaterThan(side)
    expect(rowStep).toBeGreaterThan(imageHeight)
    expect(top + models * rowStep).toBeLessThan(Math.max(bottom, height))
    if (size.width > 100) expect(bottom).toBeLessThanOrEqual(height)
    expect(imageHeight / side).toBeCloseTo(3 / 4)
  })
})

describe('SVG', () => {
  const svg = gallerySvg(galleryOf(2), { width: 505, height: null, textSize: 7, measure })

  it('has each image pixel by pixel, ink on white', () => {
    const pictures = [...svg.matchAll(/href="data:image\/png;base64,([^"]+)"/g)]
    expect(pictures).toHaveLength(30)
    pictures.forEach(([, base64 = ''], index) => {
      const { width, height, channels, data } = decode(Buffer.from(base64, 'base64'))
      expect([width, height, channels]).toEqual([4, 3, 1])
      expect([...data]).toEqual([...imageOf(20 * (index % 10))].map((ink) => 255 - ink))
    })
    expect(svg.match(/image-rendering="optimizeSpeed"/g)).toHaveLength(30)
  })

  it('names series and epoch, and what stands below the images', () => {
    expect(svg).toContain('>Test digits &amp; &lt;reconstructions&gt;</text>')
    for (const words of [
      'epoch 3 of 5',
      'Original',
      'd = 1',
      'd = 2',
      '0.050',
      'Below each image: its mean squared error.'
    ])
      expect(svg).toContain(`>${words}</text>`)
  })

  it('leaves errors out where they have no room, with the sentence about them', () => {
    expect(gallerySvg(galleryOf(24), { width: 505, height: null, textSize: 7, measure })).not.toContain('mean squared')
  })
})

it('cuts what has no room, whole letters at a time', () => {
  const widthOf = (text: string) => measure(text, '400 10px Inter')
  expect(cutToWidth('short', 30, widthOf)).toBe('short')
  expect(cutToWidth('a longer name', 36, widthOf)).toBe('a lon…')
  expect(cutToWidth('👩‍🔬 notes', 12, widthOf)).toBe('👩…')
  expect(cutToWidth('word', 0, widthOf)).toBe('')
})

it('is a table of errors as well, names guarded', () => {
  const [one] = galleryOf(1).rows.slice(1)
  const gallery = galleryOf(1, { rows: [...galleryOf(0).rows, { ...(one as Gallery['rows'][number]), name: '=cmd' }] })
  const [head, row, end] = galleryCsv(
    gallery,
    ['test digit 1, a 7', ...Array<string>(9).fill('x')],
    'Latent dimension'
  ).split('\r\n')
  expect(head).toMatch(/^Latent dimension,"MSE of test digit 1, a 7",MSE of x/)
  expect(row).toBe(`'=cmd,${errors.join(',')}`)
  expect(end).toBe('')
})
