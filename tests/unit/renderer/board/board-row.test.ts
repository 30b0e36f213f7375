import { describe, expect, it } from 'vitest'
import { seriesOf } from '@shared/series'
import type { Experiment } from '@shared/experiment'
import {
  boardRow,
  codeSize,
  shownDigits,
  type BoardRow,
  type ShownDigits
} from '../../../../src/renderer/components/board/board-row'
import { fixtureRun } from '../../../fixtures/run-file'

const none: ShownDigits = { first: 0, originals: null, drawn: null }

/** The row of the second of two series, whose first model has these losses. */
function row(val: (number | null)[], epoch: number, shown = none, experiment: Partial<Experiment> = {}): BoardRow {
  const file = fixtureRun({ latentDims: [2, 8], epochs: val.length || 1, epochsDone: val.length, experiment })
  const [, series] = seriesOf(file)
  if (!series) throw new Error('no second series')
  return boardRow({ ...series, val, mse: val.map((loss) => loss && loss / 4) }, epoch, file, shown)
}

/** [images × 784], each image filled with its own value. */
const filled = (values: number[]) => Uint8Array.from(values.flatMap((value) => Array<number>(784).fill(value)))

describe('a row of the board', () => {
  it('shows the series after the epoch that is looked at, not after the last', () => {
    const { figures, gap, label } = row([0.2625, 0.1603, 0.0581], 2)
    expect(label).toBe('d = 8')
    expect(figures.map(({ name }) => name)).toEqual(['BCE', 'MSE'])
    expect(figures[0]?.value).toBe(0.1603)
    expect(figures[1]?.value).toBeCloseTo(0.040075, 10)
    expect(gap).toBeCloseTo(0.5, 10)
  })

  it('shows the squared error alone where that is the loss', () => {
    const { base } = fixtureRun().experiment
    expect(row([0.03], 1, none, { base: { ...base, loss: 'mse' } }).figures.map(({ name }) => name)).toEqual(['MSE'])
  })

  it('has no measurements before the first epoch and where the loss is no number', () => {
    for (const { figures, gap, errors } of [row([], 0), row([null], 1)]) {
      expect([figures[0]?.value, gap, errors]).toEqual([null, null, []])
    }
  })

  it('knows a model that has diverged at the epoch that is looked at, and no other', () => {
    expect([1, 2].map((epoch) => row([27.772, 0.12], epoch).diverged)).toEqual([true, false])
    expect(row([null], 1).diverged).toBe(true)
    expect(row([], 0).diverged).toBe(false)
  })

  it('takes the digits of its first model out of all models’ probes, from either set of ten', () => {
    const originals = filled(Array.from({ length: 20 }, (_, probe) => probe))
    const images = (models: number) => filled(Array.from({ length: 20 * models }, (_, image) => image % 250))
    const one = row([0.2], 1, { first: 10, originals, drawn: { epoch: 1, pixels: images(2) } })
    expect(one.digits?.map((digit) => [digit.length, digit[0]])).toEqual(
      Array.from({ length: 10 }, (_, column) => [784, 30 + column])
    )
    expect(one.errors[0]).toBeCloseTo(((30 - 10) / 255) ** 2, 12)
    const drawn = { epoch: 1, pixels: images(6) }
    const ofThree = row([0.2], 1, { first: 0, originals, drawn }, { seeds: [1, 2, 3] })
    expect(ofThree.digits?.[0]?.[0]).toBe(60)
  })
})

describe('digits of another epoch', () => {
  const pixels = filled(Array<number>(40).fill(7))

  it('stay until the right ones are here, yet without errors, which would be of another epoch', () => {
    const drawn = shownDigits(2, null, { epoch: 1, pixels })
    const late = row([0.2, 0.1], 2, { first: 0, originals: pixels, drawn })
    expect(late).toMatchObject({ late: true, errors: [] })
    expect(late.digits?.[0]?.[0]).toBe(7)
    const arrived = shownDigits(2, pixels, drawn)
    expect(row([0.2, 0.1], 2, { first: 0, originals: pixels, drawn: arrived })).toMatchObject({
      late: false,
      errors: Array<number>(10).fill(0)
    })
  })

  it('go where no epoch is', () => {
    expect(shownDigits(0, null, { epoch: 3, pixels })).toBeNull()
  })
})

describe('codeSize', () => {
  it('compares float32 codes with a byte a pixel', () => {
    expect([2, 8, 16, 128].map((units) => codeSize(units, 784))).toEqual([
      '8 B, 98× smaller',
      '32 B, 24.5× smaller',
      '64 B, 12.3× smaller',
      '512 B, 1.5× smaller'
    ])
    expect(codeSize(196, 784)).toBe('784 B, the same size')
    expect(codeSize(784, 784)).toBe('3,136 B, 4× larger')
    expect(codeSize(64, 1024)).toBe('256 B, 4× smaller')
  })
})
