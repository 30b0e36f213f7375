import { describe, expect, it } from 'vitest'
import { boardRow } from '../../../src/renderer/components/board/board-row'
import { factorChart } from '@shared/charts/factor'
import { lightTheme } from '@shared/charts/theme'
import { formatPercent } from '@shared/format'
import { insight } from '@shared/insight'
import { insightText } from '@shared/insight-words'
import type { RunFile } from '@shared/run'
import {
  bandOf,
  bandText,
  seedsNote,
  seriesGapClosed,
  seriesMetrics,
  seriesMetricsSd,
  seriesOf,
  seriesSpread,
  trainingKey
} from '@shared/series'
import { fixtureRun } from '../../fixtures/run-file'
import { varying } from '../../fixtures/varying'

const seeded = fixtureRun({ latentDims: [8, 2], epochs: 3, experiment: { seeds: [1, 2, 3] } })

describe('the spread over seeds', () => {
  it('is mean, standard deviation with n − 1, least and greatest at each epoch', () => {
    const { n, mean, sd, range } = seriesSpread([
      [1, 2],
      [2, null],
      [6, 4]
    ])
    expect([n, mean, range]).toEqual([3, [3, null], { low: [1, null], high: [6, null] }])
    expect(sd?.[0]).toBeCloseTo(Math.sqrt(7), 12)
    expect(sd?.[1]).toBeNull()
  })
  it('is nothing of one seed', () => {
    const curve = [0.3, 0.2]
    expect(seriesSpread([curve])).toEqual({ n: 1, mean: curve, sd: null, range: null })
    expect([seedsNote(1), seedsNote(3)]).toEqual([
      'One seed: with another, these figures would differ.',
      'Means of 3 seeds.'
    ])
  })
  it('gives a band of either kind, and says which', () => {
    const [series] = seriesOf(seeded)
    if (!series) throw new Error('no series')
    expect(bandOf(series, 'range')).toBe(series.band)
    const sd = bandOf(series, 'sd')
    expect(sd?.high[1]).toBeCloseTo((series.val[1] ?? NaN) + (series.sd?.val[1] ?? NaN), 12)
    expect([bandText([series], 'range'), bandText([series], 'sd')]).toEqual(['min–max of 3 seeds', '± sd of 3 seeds'])
    const [single] = seriesOf(fixtureRun({ latentDims: [2] }))
    expect(single && [bandOf(single, 'sd'), bandText([single], 'sd')]).toEqual([null, null])
  })
  it('is told of every metric', () => {
    const [series] = seriesOf(seeded)
    const values = seeded.models.slice(0, 3).map(({ metrics }) => metrics?.ssim ?? NaN)
    const mean = values.reduce((sum, value) => sum + value, 0) / 3
    const sd = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / 2)
    expect(series && seriesMetricsSd(seeded, series)?.ssim).toBeCloseTo(sd, 12)
  })
})

describe('the series of a run', () => {
  it('are one a value, from the least, with the curves of its model as they are', () => {
    const file = fixtureRun({ latentDims: [8, 2], epochs: 3 })
    const [first, second] = seriesOf(file)
    expect([first, second].map((one) => one && [one.key, one.label, one.short, one.rank])).toEqual([
      ['d=2', 'd = 2', '2', 0],
      ['d=8', 'd = 8', '8', 1]
    ])
    expect(first?.val).toBe(file.models[0]?.history.valLoss)
    expect([first?.band, first?.codeUnits, first?.parameters]).toEqual([null, 2, 3922])
  })

  it('are means over the seeds, between the least and the greatest', () => {
    const [, series] = seriesOf(seeded)
    const losses = seeded.models.slice(3).map(({ history }) => history.valLoss[1] ?? NaN)
    expect(series?.models).toEqual([3, 4, 5])
    expect(series?.val[1]).toBeCloseTo(losses.reduce((sum, loss) => sum + loss, 0) / 3, 12)
    expect([series?.band?.low[1], series?.band?.high[1]]).toEqual([Math.min(...losses), Math.max(...losses)])
    const mse = seeded.models.slice(3).map(({ metrics }) => metrics?.mse ?? NaN)
    const metrics = series && seriesMetrics(seeded, series)
    expect(metrics?.mse).toBeCloseTo(mse.reduce((sum, value) => sum + value, 0) / 3, 12)
  })

  it('say everywhere that a model is worse than the mean digit, and draw it where the axis begins', () => {
    const run = fixtureRun({ latentDims: [2, 8], epochs: 1 })
    const { meanDigit, perfectCopy } = run.bounds
    run.models.forEach((model) => (model.history.valLoss = [meanDigit + 0.37 * (meanDigit - perfectCopy)]))
    const [series] = seriesOf(run)
    if (!series) throw new Error('no series')
    const row = boardRow(series, 1, run, { first: 0, originals: null, drawn: null })
    const shares = [seriesMetrics(run, series)?.gapClosed, row.gap, seriesGapClosed(run, series)]
    expect(shares.map(formatPercent)).toEqual(Array.from({ length: 3 }, () => 'below 0\u00a0%'))
    const chart = factorChart({ metric: 'gapClosed', run, theme: lightTheme })
    expect(chart.data.datasets[0]?.data.map(({ y }) => y)).toEqual([0, 0])
  })

  it('have closed as much of the gap everywhere: what their mean loss has, though one of them is beyond the mean digit', () => {
    const run = fixtureRun({ latentDims: [2], epochs: 1, experiment: { seeds: [1, 2] } })
    const { meanDigit, perfectCopy } = run.bounds
    const gap = meanDigit - perfectCopy
    const shares = [-0.4, 0.8]
    run.models.forEach((model, index) => {
      const share = shares[index] ?? NaN
      model.history.valLoss = [meanDigit - share * gap]
      if (model.metrics) model.metrics.gapClosed = Math.max(0, share)
    })
    const [series] = seriesOf(run)
    if (!series) throw new Error('no series')
    const none = { first: 0, originals: null, drawn: null }
    const question = { bounds: run.bounds, epoch: 1, latestEpoch: 1, state: 'finished', differInWidth: true } as const
    expect(seriesMetrics(run, series)?.gapClosed).toBeCloseTo(0.2, 12)
    expect(boardRow(series, 1, run, none).gap).toBeCloseTo(0.2, 12)
    expect(insightText(insight({ ...question, series: [series] }))).toContain('closes 20\u00a0%')
  })

  it('have no number where a model’s is none, and no metrics before all have them', () => {
    const broken = structuredClone(seeded)
    broken.models[4]?.history.valLoss.splice(1, 1, null)
    if (broken.models[5]) broken.models[5].metrics = null
    const [whole, series] = seriesOf(broken)
    expect(series?.val.map((loss) => loss === null)).toEqual([false, true, false])
    expect(series?.band?.high[1]).toBeNull()
    expect(series && seriesMetrics(broken, series)).toBeNull()
    expect(whole && seriesMetrics(broken, whole)).not.toBeNull()
  })

  it('have no training losses where the models train with another loss than the run’s, and the key of charts says so', () => {
    const of = (losses: string[]) => fixtureRun({ experiment: varying('loss', losses as never), epochs: 3 })
    const key = (run: RunFile) => trainingKey(seriesOf(run), run.experiment)
    const both = of(['bce', 'mse'])
    expect(seriesOf(both).map(({ train }) => train)).toEqual([both.models[0]?.history.trainLoss, null])
    expect(key(both)).toBe('training (BCE alone)')
    expect(key(of(['mse']))).toBeNull()
    expect(key(seeded)).toBe('training')
  })

  it('write a value in label and short name alike', () => {
    const [, large] = seriesOf(fixtureRun({ experiment: varying('batchSize', [128, 5000]) }))
    expect([large?.label, large?.short]).toEqual(['batch size = 5,000', '5,000'])
  })

  it('keep names in the order given', () => {
    const experiment = varying('activation', ['tanh', 'linear', 'relu'])
    const labels = seriesOf(fixtureRun({ experiment })).map(({ label }) => label)
    expect(labels).toEqual(['activation = tanh', 'activation = linear', 'activation = relu'])
  })
})
