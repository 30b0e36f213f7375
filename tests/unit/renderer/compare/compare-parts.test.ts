import { expect, it } from 'vitest'
import { lightTheme, seriesColours } from '@shared/charts/theme'
import { presets, type Experiment } from '@shared/experiment'
import { seriesOf } from '@shared/series'
import { compareCharts } from '../../../../src/renderer/components/compare/compare-charts'
import { formatDeviation, formatLoss } from '@shared/format'
import { differencesOf, whyNotTogether } from '../../../../src/shared/run-differences'
import { resultRows, valueLabels } from '../../../../src/shared/run-results'
import { differenceRgba } from '../../../../src/renderer/components/pixel-images'
import { fixtureRun } from '../../../fixtures/run-file'

const compared = (letter: string, experiment: Partial<Experiment>) => {
  const file = fixtureRun({ epochs: 12, experiment })
  return { letter, view: { file }, series: seriesOf(file), epochs: 12 }
}
const dims = (...values: number[]): Experiment['varied'] => ({ key: 'latentDim', values })
const a = compared('A', { varied: dims(2, 16), seeds: [1, 2, 3] })
const b = compared('B', { varied: dims(16, 128), base: { ...presets['keras-blog'].base, epochs: 12, batchSize: 64 } })

it('says what differs, and folds away in what runs agree', () => {
  const rows = differencesOf([a.view.file, b.view.file])
  const different = rows.filter(({ isEqual }) => !isEqual).map(({ name, values }) => [name, ...values])
  expect(different).toEqual([
    ['Latent dimension', '2, 16', '16, 128'],
    ['Batch size', '256', '64'],
    ['Seeds', '1, 2, 3', b.view.file.experiment.seeds.join(', ')]
  ])
  expect(rows.find(({ name }) => name === 'Activation')).toEqual({
    name: 'Activation',
    values: ['relu', 'relu'],
    isEqual: true
  })
})

it('has results for each value of any run, with the difference to the first that has it and sd over seeds', () => {
  expect(valueLabels([b, a])).toEqual(['d = 2', 'd = 16', 'd = 128'])
  const rows = resultRows([a, b], 'mse')
  expect(rows.map(({ label }) => label)).toEqual(['d = 2', 'd = 16', 'd = 128'])
  const [narrow, shared] = rows
  expect(narrow?.cells[1]).toBeNull()
  const models = a.view.file.models.filter(({ latentDim }) => latentDim === 16)
  const values = models.map(({ metrics }) => metrics?.mse as number)
  const mean = values.reduce((sum, value) => sum + value, 0) / 3
  const sd = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / 2)
  expect(shared?.cells[0]).toEqual({ text: mean.toFixed(5), spread: `± ${sd.toFixed(5)}`, difference: '' })
  const other = b.view.file.models.find(({ latentDim }) => latentDim === 16)?.metrics?.mse as number
  const sign = other < mean ? '−' : '+'
  const difference = Math.abs(Number(other.toFixed(5)) - Number(mean.toFixed(5))).toFixed(5)
  expect(shared?.cells[1]?.difference).toBe(/[1-9]/.test(difference) ? `${sign}${difference}` : `±${difference}`)
})

it('draws a chart a value with lines named and coloured by run, or one of all coloured by value', () => {
  const wanted = { scale: 'linear', theme: lightTheme, values: new Set(['d = 2', 'd = 16', 'd = 128']) } as const
  const byValue = compareCharts([a, b], { ...wanted, colourBy: 'run', arrangement: 'by-value' })
  expect(byValue.map(({ title }) => title.split(' · ')[0])).toEqual(['d = 2', 'd = 16', 'd = 128'])
  expect(byValue[1]?.options.series.map(({ short, rank }) => [short, rank])).toEqual([
    ['A', 0],
    ['B', 1]
  ])
  expect(byValue[1]?.description).toContain('run A, d = 16: ')
  const [together] = compareCharts([a, b], { ...wanted, colourBy: 'value', arrangement: 'together' })
  expect(together?.options.series.map(({ short, rank }) => [short, rank])).toEqual([
    ['A 2', 0],
    ['A 16', 1],
    ['B 16', 1],
    ['B 128', 2]
  ])
  expect(seriesColours(lightTheme, together?.options.seriesCount ?? 0)).toHaveLength(3)
  const some = compareCharts([a, b], {
    ...wanted,
    values: new Set(['d = 2']),
    colourBy: 'run',
    arrangement: 'by-value'
  })
  expect(some).toHaveLength(1)
})

it('gives losses of another kind or of other data axes of their own', () => {
  const mse = compared('C', { base: { ...presets['keras-blog'].base, loss: 'mse', epochs: 12 }, varied: dims(2) })
  const wanted = { scale: 'linear', theme: lightTheme, values: new Set(['d = 2', 'd = 16']) } as const
  const charts = compareCharts([a, mse], { ...wanted, colourBy: 'run', arrangement: 'together' })
  expect(charts.map(({ title }) => title.split(', ').pop())).toEqual(['BCE', 'MSE'])
})

it('draws runs on different data in charts of their own, and tells the data apart where both bear one title', () => {
  const onOther = (run: typeof a, title: string) => {
    const dataset = { ...run.view.file.dataset, title, sha256: '0123456789abcdef' }
    return { ...run, view: { file: { ...run.view.file, dataset } } }
  }
  const { title, sha256 } = a.view.file.dataset
  const wanted = { scale: 'linear', theme: lightTheme, values: new Set(['d = 16']) } as const
  const titles = (other: typeof a) =>
    compareCharts([a, other], { ...wanted, colourBy: 'run', arrangement: 'together' }).map((chart) => chart.title)
  expect(titles(b)).toEqual([`${title}, BCE`])
  expect(titles(onOther(b, 'Other'))).toEqual([`${title}, BCE`, 'Other, BCE'])
  expect(titles(onOther(b, title))).toEqual([`${title} (${sha256.slice(0, 6)}), BCE`, `${title} (012345), BCE`])
  expect(whyNotTogether(a.view.file, onOther(b, title).view.file)).toContain(`${title} (012345) are different data`)
})

it('lays over one another only images of the same data, and says why not', () => {
  expect(whyNotTogether(a.view.file, b.view.file)).toBeNull()
  const other = { ...b.view.file, dataset: { ...b.view.file.dataset, title: 'Fashion-MNIST', sha256: 'other' } }
  expect(whyNotTogether(a.view.file, other)).toContain('Fashion-MNIST are different data')
})

it('prints differences that agree with the figures printed, and no deviation as 0', () => {
  const runs = [a, b].map((run, at) => ({
    ...run,
    series: run.series.filter(({ label }) => label === 'd = 16').map((one) => ({ ...one, models: [0] })),
    view: {
      ...run.view,
      file: {
        ...run.view.file,
        models: run.view.file.models.map((model) => ({
          ...model,
          metrics: { ...model.metrics, bce: [0.26254, 0.33906][at] }
        }))
      }
    }
  }))
  const [row] = resultRows(runs as never, 'bce')
  expect(row?.cells.map((cell) => [cell?.text, cell?.difference])).toEqual([
    ['0.2625', ''],
    ['0.3391', '+0.0766']
  ])
  expect(formatDeviation(0.00003, formatLoss)).toBe('0.00003')
  expect([0, 0.00006].map((one) => formatDeviation(one, formatLoss))).toEqual(['0.0000', '0.0001'])
})

it('draws a difference in two colours, as strong as it is', () => {
  const rgba = differenceRgba(Uint8Array.of(0, 200, 7), Uint8Array.of(100, 50, 7), {
    added: '#010203',
    missing: '#0a0b0c'
  })
  expect([...rgba]).toEqual([1, 2, 3, 100, 10, 11, 12, 150, 10, 11, 12, 0])
})
