import { expect, it } from 'vitest'
import { recipeOf, type Contender, type Work } from '../../../bench/contender'
import { measureRounds, prepareAll, roundImages } from '../../../bench/rounds'
import type { Setup } from '../../../bench/setup'

const recipe = recipeOf('keras-blog')

/** Says that each step takes so long, and writes down what it was asked to do. */
function contender(name: string, secondsPerStep: number, calls: string[]): Contender {
  return {
    name,
    title: name,
    kind: 'peer',
    run: ({ images, recipe, validate }: Work) => {
      calls.push(`${name} ${images}`)
      const seconds = secondsPerStep * Math.ceil(images / recipe.batchSize)
      return Promise.resolve({ seconds, losses: [0.2, 0.4], validationSeconds: validate ? 0.5 : null })
    },
    close: () => {
      calls.push(`${name} closed`)
      return Promise.resolve()
    }
  }
}

it('measures in turns after a round that nobody times', async () => {
  const calls: string[] = []
  const skipped: Setup['skipped'] = []
  const both = [contender('fast', 0.005, calls), contender('slow', 0.1, calls)]
  const prepared = await prepareAll(both, recipe, { skipped })
  expect(prepared.map((one) => [one.images, one.firstLoss.toFixed(1), one.validationSeconds])).toEqual([
    [60_000, '0.3', 0.5],
    [40 * 256, '0.3', 0.5]
  ])
  expect(calls).toEqual(['fast 5120', 'fast 5120', 'fast 60000', 'slow 5120', 'slow 5120', 'slow 10240'])
  calls.length = 0
  const milliseconds = await measureRounds(prepared, recipe, 2)
  expect(calls).toEqual(['fast 60000', 'slow 10240', 'fast 60000', 'slow 10240'])
  for (const [index, wanted] of [5, 100].entries()) {
    expect(milliseconds[index]).toHaveLength(2)
    for (const found of milliseconds[index] ?? []) expect(found).toBeCloseTo(wanted)
  }
})

it('goes on without one that fails, closes it and says why', async () => {
  const calls: string[] = []
  const skipped: Setup['skipped'] = []
  const broken = { ...contender('broken', 1, calls), run: () => Promise.reject(new Error('no such library')) }
  const prepared = await prepareAll([broken, contender('good', 0.005, calls)], recipe, { skipped })
  expect(prepared.map((one) => one.contender.name)).toEqual(['good'])
  expect(skipped).toEqual([{ name: 'broken', title: 'broken', reason: 'no such library' }])
  expect(calls[0]).toBe('broken closed')
})

it('gives the slowest at least one batch and nobody more than an epoch', () => {
  expect(roundImages(60, recipe)).toBe(256)
  expect(roundImages(0.001, recipe)).toBe(60_000)
})
