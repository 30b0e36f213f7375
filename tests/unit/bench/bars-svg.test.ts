import { loadImage } from '@napi-rs/canvas'
import { expect, it } from 'vitest'
import { barsSvg } from '../../../bench/bars-svg'
import { entry } from './results'

const entries = [
  entry('numpy', 'products', [2, 2.2, 2]),
  entry('cpu', 'ours', [3, 3.3, 3]),
  entry('jax', 'peer', [4.2, 4.6, 4.2])
]

it('draws a bar an entry, as long as its time', async () => {
  const svg = barsSvg('Milliseconds a step', entries)
  const bars = [...svg.matchAll(/<rect x="16" [^>]*width="([\d.]+)" height="14"/g)].map((match) => Number(match[1]))
  expect(bars).toHaveLength(3)
  const [products = 0, ours = 0, jax = 0] = bars
  expect(ours / products).toBeCloseTo(1.5, 1)
  expect(jax / ours).toBeCloseTo(1.4, 1)
  expect(svg).toContain('>the jax<')
  expect(svg).toContain('>4.20 ms<')
  expect(svg).not.toMatch(/NaN|undefined/)
  const image = await loadImage(Buffer.from(svg))
  expect(image.width).toBe(720)
})

it('cuts a bar that would leave no room for the others, and shows it', () => {
  const svg = barsSvg('Milliseconds a step', [...entries, entry('tfjs', 'peer', [160])])
  const lengths = [...svg.matchAll(/width="([\d.]+)" height="14"/g)].map((match) => Number(match[1]))
  const [, , jax = 0, tfjs = 0, cut] = lengths
  expect(tfjs / jax).toBeCloseTo(1.5, 1)
  expect(cut).toBeLessThan(10)
  expect(svg).toContain('>160.00 ms<')
})
