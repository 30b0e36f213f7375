import { describe, expect, it } from 'vitest'
import { insight, type InsightQuestion } from '@shared/insight'
import { insightText } from '@shared/insight-words'
import type { RunState } from '@shared/run'

const bounds = { perfectCopy: 0.0581, meanDigit: 0.2625 }
const six = [2, 8, 16, 32, 64, 128]
/** The BCE at which a model has closed `percent` of the gap. */
const closing = (percent: number) => bounds.meanDigit - (percent / 100) * (bounds.meanDigit - bounds.perfectCopy)

interface Said extends Partial<Omit<InsightQuestion, 'series'>> {
  labels?: string[]
  /** Models of each series. */
  seeds?: number
}

const d = (dims: number[]) => dims.map((dim) => `d = ${dim}`)

function say(losses: (number | null)[], { labels = d(six), seeds = 1, ...more }: Said = {}): string {
  return insightText(insight(question(losses, labels, seeds, more))).replaceAll('\u00a0', ' ')
}

/** The losses are those of the epoch that is looked at. */
function question(losses: (number | null)[], labels: string[], seeds: number, more: Said): InsightQuestion {
  const { epoch = 23 } = more
  const series = labels.map((label, rank) => ({
    label,
    rank,
    models: Array.from({ length: seeds }, (_, seed) => rank * seeds + seed),
    band: null,
    val: Array.from({ length: epoch }, (_, index) => (index === epoch - 1 ? (losses[rank] ?? null) : 0.2))
  }))
  return { series, differInWidth: true, bounds, epoch, latestEpoch: 23, state: 'running', ...more }
}

describe('the sentence of insight', () => {
  it('names the models that are still at the mean digit and the first that is good', () => {
    expect(say([0.2626, 0.2625, 0.2313, 0.1122, 0.0795, 0.0682])).toBe(
      'd = 2 and d = 8 are still at the mean digit; d = 32 has closed 74 % of the gap to a perfect copy, and d = 128, the best, 95 %.'
    )
    expect(say([0, 20, 30, 40, 73, 73].map(closing))).toMatch(
      /; d = 64 has closed 73 % of the gap to a perfect copy\.$/
    )
  })

  it('speaks of an earlier epoch in the past tense', () => {
    expect(say([0.2636, 0.2627, 0.2626, 0.1666, 0.1055, 0.0755], { epoch: 12 })).toBe(
      'At epoch 12, d = 2, d = 8 and d = 16 were still at the mean digit; d = 64 had closed 77 % of the gap to a perfect copy, and d = 128, the best, 91 %.'
    )
    expect(say([17, 49, 67, 84, 93, 96].map(closing), { epoch: 20, latestEpoch: 50 })).toBe(
      'At epoch 20, d = 32 closed 84 % of the gap to a perfect copy; d = 64 added 9 points and d = 128 added 3 points.'
    )
  })

  it('tells what wider models add once all have learned', () => {
    expect(say([17, 49, 67, 84, 93, 96].map(closing), { state: 'finished' })).toBe(
      'd = 32 closes 84 % of the gap to a perfect copy; d = 64 adds 9 points and d = 128 adds 3 points.'
    )
    expect(say([17, 49, 67, 84, 84, 85].map(closing))).toMatch(/d = 64 adds nothing and d = 128 adds 1 point\.$/)
    expect(say([17, 49, 67, 84, 93, 91].map(closing))).toMatch(/d = 64 adds 9 points and d = 128 loses 2 points\.$/)
  })

  it('takes the best and the narrowest while none is good', () => {
    expect(say([5, 9, 20, 31, 40, 38].map(closing))).toBe(
      'd = 64 closes 40 % of the gap to a perfect copy; d = 2 closes 5 %.'
    )
  })

  it('draws the line at 3 % of the gap, and says when a model is worse than the mean digit', () => {
    const others = [20, 30, 80, 90, 95].map(closing)
    expect(say([closing(2.4), ...others])).toMatch(/^d = 2 is still at the mean digit; d = 32 has closed 80 %/)
    expect(say([closing(-2.4), ...others])).toMatch(/^d = 2 is still at the mean digit;/)
    expect(say([closing(3), ...others])).toMatch(/^d = 32 closes 80 %/)
    expect(say([closing(-40), ...others])).toMatch(/^d = 2 is still worse than the mean digit;/)
    expect(say([closing(-40), closing(0), ...others.slice(1)], { epoch: 1 })).toMatch(
      /^At epoch 1, d = 2 and d = 8 were still at the mean digit or worse; d = 32 had closed 80 %/
    )
  })

  it('says still only of what may change', () => {
    const ended = { state: 'finished' as const }
    const others = [20, 30, 80, 90, 95].map(closing)
    expect(say([closing(0), ...others], ended)).toMatch(/^d = 2 is at the mean digit;/)
    expect(say([closing(-40), closing(0), ...others.slice(1)], ended)).toMatch(
      /^d = 2 and d = 8 are at the mean digit or worse;/
    )
    expect(say([closing(0), ...others], { ...ended, latestEpoch: 50 })).toMatch(
      /^At epoch 23, d = 2 was still at the mean digit;/
    )
    for (const state of ['finishing', 'stopped', 'failed', 'interrupted'] as const) {
      expect(say([0, 0, 1, 0, 1, 0].map(closing), { state })).toBe('All six models are at the mean digit.')
    }
  })

  it('is a whole sentence when no model has learned anything', () => {
    expect(say([0, 0, 1, 0, 1, 0].map(closing))).toBe('All six models are still at the mean digit.')
    expect(say([0, 0].map(closing), { labels: d([2, 8]) })).toBe('Both models are still at the mean digit.')
    expect(say([closing(0)], { labels: d([2]) })).toBe('d = 2 is still at the mean digit.')
  })

  it('holds for one model', () => {
    expect(say([closing(49)], { labels: d([8]) })).toBe('d = 8 closes 49 % of the gap to a perfect copy.')
    expect(say([closing(84)], { labels: d([32]) })).toBe('d = 32 closes 84 % of the gap to a perfect copy.')
  })

  it('stays short for twelve models', () => {
    const labels = d([1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 64, 128])
    expect(say([0, 0, 0, 0, 0, 20, 30, 40, 71, 80, 90, 95].map(closing), { labels })).toBe(
      'd = 1 to d = 6 are still at the mean digit; d = 24 has closed 71 % of the gap to a perfect copy, and d = 128, the best, 95 %.'
    )
    expect(say([0, 20, 0, 30, 0, 40, 0, 50, 71, 80, 90, 95].map(closing), { labels })).toMatch(
      /^d = 1 and three others are still at the mean digit;/
    )
    expect(say([10, 20, 30, 40, 50, 70, 72, 74, 76, 80, 90, 95].map(closing), { labels })).toBe(
      'd = 8 closes 70 % of the gap to a perfect copy; the six wider ones up to d = 128 add 25 points in all.'
    )
  })

  it('names losses that are no numbers and goes on with the others', () => {
    expect(say([closing(20), closing(49), closing(67), closing(84), null, closing(90)], { state: 'failed' })).toBe(
      'The loss of d = 64 is no longer a number; d = 32 closes 84 % of the gap to a perfect copy; d = 128 adds 6 points. A smaller learning rate may help.'
    )
    expect(say([null, null, null, null, null, null], { state: 'failed' })).toBe(
      'The losses of d = 2 to d = 128 are no longer numbers. A smaller learning rate may help.'
    )
  })

  it('says that models have diverged, and what may help, before it compares the others', () => {
    const ended = { state: 'finished' as const }
    expect(say([9.6843, 27.772], { labels: d([2, 8]), ...ended })).toBe(
      'Both models have diverged, far above the mean digit. A smaller learning rate may help.'
    )
    expect(say([closing(20), closing(49), 581_202, closing(84), null, closing(90)])).toBe(
      'The loss of d = 64 is no longer a number; d = 16 has diverged, far above the mean digit; d = 32 closes 84 % of the gap to a perfect copy; d = 128 adds 6 points. A smaller learning rate may help.'
    )
    expect(say([1.1, closing(80)], { labels: d([2, 8]), epoch: 2 })).toBe(
      'At epoch 2, d = 2 had diverged, far above the mean digit; d = 8 closed 80 % of the gap to a perfect copy.'
    )
    const untrained = Math.LN2
    expect(say([untrained], { labels: d([2]) })).toBe('d = 2 is still worse than the mean digit.')
  })

  it('says of a value that one of its seeds has diverged, though the mean has not', () => {
    const asked = question([0.6, closing(80)], d([2, 8]), 3, { epoch: 1, latestEpoch: 1, state: 'finished' })
    const series = asked.series.map((one, rank) => (rank === 0 ? { ...one, band: { low: [0.1], high: [1.4] } } : one))
    expect(insightText(insight({ ...asked, series })).replaceAll('\u00a0', ' ')).toBe(
      'd = 2 has diverged with at least one seed, far above the mean digit; averaged over three seeds, d = 8 closes 80 % of the gap to a perfect copy. A smaller learning rate may help.'
    )
  })

  it('says of equal models that they are equal', () => {
    const rates = { labels: ['learning rate = 0.1', 'learning rate = 0.2'], differInWidth: false }
    expect(say([40, 40].map(closing), rates)).toBe(
      'learning rate = 0.1 and learning rate = 0.2 each close 40 % of the gap to a perfect copy.'
    )
    expect(say([84, 84].map(closing), { labels: d([2, 8]) })).toMatch(/; d = 8 adds nothing\.$/)
  })

  it('calls no loss lost because the bounds are not known', () => {
    expect(say([0.1, 0.2], { labels: d([2, 8]), bounds: { perfectCopy: NaN, meanDigit: NaN } })).toBe(
      'How much of the gap is closed is not known: the run has no bounds.'
    )
  })

  it('says what is happening before the first epoch has ended', () => {
    const before = (state: RunState) => say([], { epoch: 0, latestEpoch: 0, state })
    expect(before('queued')).toBe('Queued: six models to train.')
    expect(before('running')).toBe('The first epoch of six models is under way.')
    expect(before('failed')).toBe('Training ended before the first epoch was complete.')
  })

  it('calls nothing narrow or wide where something else is varied: the best is named, then the least', () => {
    const labels = ['learning rate = 0.001', 'learning rate = 0.01', 'learning rate = 0.1']
    const rates = { labels, differInWidth: false }
    expect(say([71, 74, 12].map(closing), rates)).toBe(
      'learning rate = 0.01 closes 74 % of the gap to a perfect copy; learning rate = 0.1 closes 12 %.'
    )
    expect(say([71, 74, 0].map(closing), rates)).toBe(
      'learning rate = 0.1 is still at the mean digit; learning rate = 0.01 has closed 74 % of the gap to a perfect copy.'
    )
    expect(say([closing(90), closing(90), null], rates)).toBe(
      'The loss of learning rate = 0.1 is no longer a number; learning rate = 0.001 and learning rate = 0.01 each close 90 % of the gap to a perfect copy. A smaller learning rate may help.'
    )
  })

  it('counts models before the first epoch, and says later that it speaks of means over seeds', () => {
    expect(say([], { epoch: 0, latestEpoch: 0, seeds: 3 })).toBe('The first epoch of 18 models is under way.')
    expect(say([0, 0, 1, 0, 1, 0].map(closing), { seeds: 3 })).toBe(
      'Averaged over three seeds, d = 2 to d = 128 are still at the mean digit.'
    )
    expect(say([40, 80].map(closing), { seeds: 2, labels: d([2, 8]), epoch: 3 })).toBe(
      'At epoch 3, averaged over two seeds, d = 8 closed 80 % of the gap to a perfect copy.'
    )
  })

  it('gives each name its rank, so that a view can colour it', () => {
    const parts = insight(question([17, 49, 67, 84, 93, 96].map(closing), d(six), 1, { state: 'finished' }))
    expect(parts.filter((part) => 'label' in part)).toEqual([
      { label: 'd\u00a0=\u00a032', rank: 3 },
      { label: 'd\u00a0=\u00a064', rank: 4 },
      { label: 'd\u00a0=\u00a0128', rank: 5 }
    ])
  })
})
