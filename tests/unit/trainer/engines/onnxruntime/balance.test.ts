import { describe, expect, it } from 'vitest'
import { balance, cost } from '../../../../../src/main/trainer/engines/onnxruntime/balance'

const models = (dims: number[]) => dims.map((latentDim) => ({ latentDim }))
const article = [2, 8, 16, 32, 64, 128]
const costOf = (dims: number[], share: { models: number[] }) =>
  share.models.reduce((sum, model) => sum + cost(dims[model] ?? NaN), 0)

describe('balance', () => {
  it.each([
    [article, 1],
    [article, 2],
    [article, 3],
    [article, 8],
    [article, 64],
    [[5], 4],
    [Array.from({ length: 12 }, (_, index) => 1 + 60 * index), 5]
  ])('gives each of %j to exactly one of the sessions on %i threads and uses no more threads', (dims, threads) => {
    const shares = balance(models(dims), threads)
    const given = shares.flatMap((share) => share.models).sort((a, b) => a - b)
    expect(given).toEqual(dims.map((_, index) => index))
    expect(shares.every((share) => share.models.length > 0 && share.threads >= 1)).toBe(true)
    expect(shares.reduce((sum, share) => sum + share.threads, 0)).toBeLessThanOrEqual(threads)
  })

  it('splits the six for two threads into single-threaded halves as equal as can be', () => {
    const shares = balance(models(article), 2)
    expect(shares.map((share) => share.threads)).toEqual([1, 1])
    const slowest = Math.max(...shares.map((share) => costOf(article, share)))
    const everySplit = Array.from({ length: 2 ** article.length }, (_, bits) => {
      const half = { models: article.map((_, index) => index).filter((index) => bits & (1 << index)) }
      const total = costOf(article, { models: article.map((_, index) => index) })
      return Math.max(costOf(article, half), total - costOf(article, half))
    })
    expect(slowest).toBe(Math.min(...everySplit))
  })

  it('gives spare threads to the widest', () => {
    expect(balance(models([64, 64]), 4).map((share) => share.threads)).toEqual([2, 2])
    const widest = balance(models(article), 4).find((share) => share.models.includes(article.indexOf(128)))
    expect(widest?.threads).toBe(2)
  })

  it('plans twelve models for any number of threads', () => {
    const dims = Array.from({ length: 12 }, (_, index) => 1 + 6 * index * index)
    for (let threads = 1; threads <= 12; threads++) {
      const given = balance(models(dims), threads).flatMap((share) => share.models)
      expect(given).toHaveLength(12)
    }
  })

  it('is a pure function of its arguments', () => {
    expect(balance(models(article), 2)).toEqual(balance(models(article), 2))
  })
})
