import { describe, expect, it } from 'vitest'
import type { RunModel } from '@shared/run'
import { boardRow, codeSize, shownDigits } from '../../../../src/renderer/components/board/board-row'

const bounds = { perfectCopy: 0.0581, meanDigit: 0.2625, pcaMse: null }
const model = (valLoss: (number | null)[]): RunModel => ({
  name: 'd=8',
  latentDim: 8,
  parameters: 14_120,
  history: { trainLoss: valLoss, valLoss, valMse: valLoss.map((loss) => loss && loss / 4) },
  metrics: null
})
/** [images × 784], each image filled with its own value. */
const filled = (values: number[]) => Uint8Array.from(values.flatMap((value) => Array<number>(784).fill(value)))

describe('a row of the board', () => {
  it('shows the model after the epoch that is looked at, not after the last', () => {
    const row = boardRow(model([0.2625, 0.1603, 0.0581]), 1, 2, bounds, 0, null, null)
    expect(row.bce).toBe(0.1603)
    expect(row.mse).toBeCloseTo(0.040075, 10)
    expect(row.gap).toBeCloseTo(0.5, 10)
  })

  it('has no measurements before the first epoch and where the loss is no number', () => {
    expect(boardRow(model([]), 0, 0, bounds, 0, null, null)).toMatchObject({
      bce: null,
      mse: null,
      gap: null,
      errors: []
    })
    expect(boardRow(model([null]), 0, 1, bounds, 0, null, null)).toMatchObject({ bce: null, gap: null })
  })

  it('takes its own digits out of all models’ probes, from either set of ten', () => {
    const originals = filled(Array.from({ length: 20 }, (_, probe) => probe))
    const reconstructions = filled(Array.from({ length: 40 }, (_, image) => 100 + image))
    const row = boardRow(model([0.2]), 1, 1, bounds, 10, originals, { epoch: 1, pixels: reconstructions })
    expect(row.digits?.length).toBe(10 * 784)
    expect(row.digits?.[0]).toBe(130)
    expect(row.digits?.[9 * 784]).toBe(139)
    expect(row.errors[0]).toBeCloseTo(((130 - 10) / 255) ** 2, 12)
  })
})

describe('digits of another epoch', () => {
  const pixels = filled(Array<number>(20).fill(7))

  it('stay until the right ones are here, yet without errors, which would be of another epoch', () => {
    const shown = shownDigits(2, null, { epoch: 1, pixels })
    const row = boardRow(model([0.2, 0.1]), 0, 2, bounds, 0, pixels, shown)
    expect(row).toMatchObject({ late: true, errors: [] })
    expect(row.digits?.[0]).toBe(7)
    const arrived = shownDigits(2, pixels, shown)
    expect(boardRow(model([0.2, 0.1]), 0, 2, bounds, 0, pixels, arrived)).toMatchObject({
      late: false,
      errors: Array<number>(10).fill(0)
    })
  })

  it('go where no epoch is', () => {
    expect(shownDigits(0, null, { epoch: 3, pixels })).toBeNull()
  })
})

describe('codeSize', () => {
  it('compares float32 codes with 784 bytes of pixels', () => {
    expect([2, 8, 16, 128].map(codeSize)).toEqual([
      '8 B a digit, 98× smaller',
      '32 B a digit, 24.5× smaller',
      '64 B a digit, 12.3× smaller',
      '512 B a digit, 1.5× smaller'
    ])
    expect(codeSize(196)).toBe('784 B a digit, the same size')
    expect(codeSize(784)).toBe('3136 B a digit, 4× larger')
  })
})
