import { describe, expect, it } from 'vitest'
import { factorChart, factorValue } from '../../../../src/shared/charts/factor'
import { lightTheme } from '../../../../src/shared/charts/theme'
import { fixtureRun } from '../../../fixtures/run-file'

const { models, bounds } = fixtureRun({ latentDims: [2, 8, 32] })
const labels = (metric: Parameters<typeof factorValue>[1]) =>
  factorChart({ metric, models, bounds, theme: lightTheme }).data.datasets.map(({ label }) => label)

describe('factorChart', () => {
  it('shows both bounds with BCE and PCA with MSE', () => {
    expect(labels('bce')).toEqual(['BCE', 'mean digit', 'perfect copy'])
    expect(labels('mse')).toEqual(['MSE', 'PCA'])
    expect(labels('ssim')).toEqual(['SSIM'])
  })
  it('puts each model at its latent dimension', () => {
    const [line] = factorChart({ metric: 'bce', models, bounds, theme: lightTheme }).data.datasets
    expect(line?.data).toEqual(models.map((model) => ({ x: model.latentDim, y: model.metrics?.bce })))
  })
  it('leaves a gap where a metric was not measured', () => {
    const unmeasured = models.map((model) => ({ ...model, metrics: null }))
    const [line] = factorChart({ metric: 'psnr', models: unmeasured, bounds, theme: lightTheme }).data.datasets
    expect(line?.data.map(({ y }) => y)).toEqual([NaN, NaN, NaN])
    expect(factorValue({ metrics: null }, 'gapClosed')).toBeNull()
  })
})
