import { expect, it } from 'vitest'
import { callMilliseconds } from '../../../../../src/main/trainer/engines/onnxruntime/call-milliseconds'

const article = [2, 8, 16, 32, 64, 128].map((latentDim) => ({ latentDim }))
const seeds = (count: number) => Array.from({ length: count }, () => article).flat()

it('calls of six models are short enough for a pause, those of many in proportion to their state, none too long', () => {
  expect(callMilliseconds(article)).toBeLessThan(100)
  expect(callMilliseconds(article.slice(0, 2))).toBe(callMilliseconds(article))
  expect(callMilliseconds(seeds(2)) / callMilliseconds(article)).toBeCloseTo(2, 1)
  expect(callMilliseconds(seeds(40))).toBe(200)
})
