import { expect, it } from 'vitest'
import { presets, type Experiment } from '@shared/experiment'
import { matchesSearch, searchTerms, sortRuns } from '@shared/run-search'
import type { RunSummary } from '@shared/run'
import { tagsOf } from '@shared/run-notes'
import { runView, summaryOf } from '../renderer/run-view'

const experiment: Experiment = {
  ...presets.article,
  name: 'Été, deeper',
  base: { ...presets.article.base, hidden: [128, 64], batchSize: 1000 },
  varied: { key: 'latentDim', values: [2, 16] },
  seeds: [3, 4]
}
const run = (changes: Partial<RunSummary> = {}): RunSummary =>
  summaryOf(runView(2, { state: 'finished' }, 'one', experiment), {
    tags: ['baseline'],
    note: 'leaves the plateau at epoch 14',
    terms: searchTerms(experiment),
    ...changes
  })

it.each<[string, boolean]>([
  ['', true],
  ['ete deeper', true],
  ['DEEPER plateau', true],
  ['deeper missing', false],
  ['#baseline', true],
  ['#base', false],
  ['base', true],
  ['d=16', true],
  ['d=1', false],
  ['d=160', false],
  ['activation=tanh', true],
  ['hidden=128-64', true],
  ['batch-size=1000', true],
  ['batch-size=1,000', true],
  ['seed=4', true],
  ['seed=5', false],
  ['article mnist finished cpu', true],
  ['keras', false]
])('a search for “%s” finds the run: %s', (query, isFound) => expect(matchesSearch(run(), query)).toBe(isFound))

it('sorts names by their numbers, and runs by the best of their series', () => {
  const runs = [
    run({ id: 'a', name: 'd = 16', gapClosed: [0.1, 0.6] }),
    run({ id: 'b', name: 'd = 2', gapClosed: [0.5] }),
    run({ id: 'c', name: 'd = 128', gapClosed: [] })
  ]
  expect(sortRuns(runs, 'name').map(({ id }) => id)).toEqual(['b', 'a', 'c'])
  expect(sortRuns(runs, 'gap').map(({ id }) => id)).toEqual(['a', 'b', 'c'])
})

it('takes tags apart as they are typed', () => {
  expect(tagsOf(' #relu, plateau relu  ')).toEqual(['relu', 'plateau'])
  expect(tagsOf('x'.repeat(50))[0]).toHaveLength(32)
  expect(tagsOf(Array.from({ length: 30 }, (_, i) => i).join(' '))).toHaveLength(16)
})
