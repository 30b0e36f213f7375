import { expect, it } from 'vitest'
import { modelsOf, presets } from '@shared/experiment'
import { drawModel, HEIGHT, WIDTH } from '../../../../src/renderer/components/model-drawing'

const drawn = (hidden: number[], latentDim: number) => {
  const { base } = presets.article
  const experiment = {
    ...presets.article,
    base: { ...base, hidden },
    varied: { key: 'latentDim' as const, values: [latentDim] }
  }
  return drawModel(modelsOf(experiment, 784)[0]?.layers ?? [])
}

it('draws a code as high as its share of the pixels, yet never too thin to see', () => {
  expect(drawn([], 392).code).toEqual({ x: 36, y: HEIGHT / 4, width: 8, height: HEIGHT / 2 })
  expect(drawn([], 1).code.height).toBe(1.2)
})

it('narrows in a straight line without hidden layers, by them with some, mirrored', () => {
  expect(drawn([], 392).funnel).toBe('M3 0L36 8.5L36 25.5L3 34zM77 0L44 8.5L44 25.5L77 34z')
  expect(drawn([196], 98).funnel.startsWith('M3 0L19.5 12.75L36 ')).toBe(true)
})

it('stays in its box where a layer is wider than the pixels', () => {
  const { funnel, ends } = drawn([1568], 784)
  expect(ends.startsWith(`M0 ${HEIGHT / 4}`)).toBe(true)
  const numbers = [...funnel.matchAll(/[\d.]+/g)].map(Number)
  expect(Math.max(...numbers)).toBeLessThanOrEqual(Math.max(WIDTH, HEIGHT))
})
