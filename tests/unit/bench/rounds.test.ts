import { expect, it } from 'vitest'
import type { Contender, Work } from '../../../bench/contender'
import { measureRounds, prepareAll, roundImages } from '../../../bench/rounds'
import type { Setup } from '../../../bench/setup'

/** Says that each step takes so long, and writes down what it was asked to do. */
function contender(name: string, secondsPerStep: number, calls: string[]): Contender {
  return {
    name,
    title: name,
    kind: 'peer',
    run: ({ images, recipe }: Work) => {
      calls.push(`${name} ${images}`)
      return Promise.resolve({ seconds: secondsPerStep * Math.ceil(images / recipe.batchSize), losses: [0.2, 0.4] })
    },
    close: () => {
      calls.push(`${name} closed`)
      return Promise.resolve()
    }
  }
}

it('measures in turn after a round that nobody times', async () => {
  const calls: string[] = []
  const skipped: Setup['skipped'] = []
  const prepared = await prepareAll([contender('fast', 0.005, calls), contender('slow', 0.1, calls)], { skipped })
  expect(prepared.map(({ images, firstLoss }) => [images, firstLoss.toFixed(1)])).toEqual([
    [60_000, '0.3'],
    [40 * 256, '0.3']
  ])
  calls.length = 0
  const timings = await measureRounds(prepared, 2)
  expect(calls).toEqual(['fast 60000', 'slow 10240', 'fast 60000', 'slow 10240'])
  expect(timings.map(({ stepsPerRound }) => stepsPerRound)).toEqual([235, 40])
  for (const [index, wanted] of [5, 100].entries()) {
    expect(timings[index]?.milliseconds).toHaveLength(2)
    for (const found of timings[index]?.milliseconds ?? []) expect(found).toBeCloseTo(wanted)
  }
})

it('goes on without one that fails, closes it and says why', async () => {
  const calls: string[] = []
  const skipped: Setup['skipped'] = []
  const broken = { ...contender('broken', 1, calls), run: () => Promise.reject(new Error('no such library')) }
  const prepared = await prepareAll([broken, contender('good', 0.005, calls)], { skipped })
  expect(prepared.map((one) => one.contender.name)).toEqual(['good'])
  expect(skipped).toEqual([{ name: 'broken', title: 'broken', reason: 'no such library' }])
  expect(calls[0]).toBe('broken closed')
})

it('gives the slowest at least one batch and nobody more than an epoch', () => {
  expect(roundImages(60, 256, 60_000)).toBe(256)
  expect(roundImages(0.001, 256, 60_000)).toBe(60_000)
})
