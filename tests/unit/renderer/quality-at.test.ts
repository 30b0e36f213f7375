// The quality of a run at the epoch of an analysis.
import { expect, it } from 'vitest'
import type { CodedModel, Codes } from '@shared/analysis'
import { qualityAt } from '../../../src/renderer/components/analysis/quality-at'
import { overSeeds } from '../../../src/renderer/components/analysis/over-seeds'
import { factorRanges, factorValues } from '../../../src/shared/charts/factor'
import { fixtureRun } from '../../fixtures/run-file'

const rate = { points: [], exact: 0 }
const model = (seed: number, psnr: number): CodedModel => ({
  seed,
  classMse: [],
  quantiles: [0, 0, 0, 0, 0, 0, 0],
  train: { bce: 0.2, mse: 0.05 },
  test: { bce: 0.21, mse: 0.06 },
  psnr,
  ssim: 0.5,
  rate
})
const run = fixtureRun({ latentDims: [2, 8], epochs: 6, experiment: { seeds: [1, 2, 3] } })
const codesOf = (epoch: number): Codes => ({
  kind: 'codes',
  epoch,
  images: 10,
  seeds: [1, 2],
  trainImages: 10,
  neighbours: 10,
  classes: [],
  series: [0, 1].map((rank) => ({
    models: [model(1, 10 + rank), model(2, 14 + rank)],
    worst: [],
    best: [],
    pcaRate: rate
  })),
  rateImages: 10,
  codes: [],
  gaussian: []
})

it('is run.json’s own after the last epoch, of all seeds', () => {
  expect(qualityAt(run, codesOf(6))).toBe(run)
})

it('is, of an earlier epoch, what training measured then, and PSNR of the seeds that are analysed', () => {
  const at = qualityAt(run, codesOf(2))
  expect(at.models.map(({ seed }) => seed)).toEqual([1, 2, 1, 2])
  expect(factorValues(at, 'psnr')).toEqual([12, 13])
  expect(factorRanges(at, 'psnr')).toEqual([
    { low: 10, high: 14 },
    { low: 11, high: 15 }
  ])
  const losses = run.models.filter(({ rank, seed }) => rank === 0 && seed < 3).map(({ history }) => history.valLoss[1]!)
  expect(factorValues(at, 'bce')[0]).toBeCloseTo((losses[0]! + losses[1]!) / 2, 12)
})

it('is, of the untrained models, what the analysis has measured', () => {
  expect(factorValues(qualityAt(run, codesOf(0)), 'bce')).toEqual([0.21, 0.21])
})

it('has no spread of a single seed', () => {
  expect(overSeeds([0.5])).toEqual({ mean: 0.5, sd: null, low: null, high: null })
  expect(overSeeds([1, 3])).toEqual({ mean: 2, sd: Math.SQRT2, low: 1, high: 3 })
})
