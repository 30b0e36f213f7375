import { loadImage } from '@napi-rs/canvas'
import { expect, it } from 'vitest'
import { barsSvg } from '../../../bench/bars-svg'
import { results } from './results'

it('draws a bar an entry, as long as its time', async () => {
  const svg = barsSvg('Milliseconds a step', results.entries)
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
