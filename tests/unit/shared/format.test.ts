import { describe, expect, it } from 'vitest'
import * as format from '@shared/format'

describe('numbers', () => {
  it('parts thousands and keeps the decimals of losses', () => {
    for (const count of [0, 7.5, 999, 1000, 60_000, -1234, -123_456, 123_456_789, 2 ** 53, 1e21, NaN, Infinity])
      expect(format.formatCount(count)).toBe(Math.round(count).toLocaleString('en-US'))
    expect(format.formatCount(60_000)).toBe('60,000')
    expect(format.formatLoss(0.06824)).toBe('0.0682')
    expect(format.formatLoss(null)).toBe('–')
    expect(format.formatLoss(NaN)).toBe('–')
    expect(format.formatPercent(0.744)).toBe('74\u00a0%')
    expect([-0.37, -0.004, 0].map(format.formatPercent)).toEqual(['below 0\u00a0%', '0\u00a0%', '0\u00a0%'])
  })

  it.each([
    [9.68432, '9.6843'],
    [9.99996, '10.000'],
    [27.772, '27.772'],
    [581.2, '581.20'],
    [999.996, '1.00e3'],
    [581_202, '5.81e5'],
    [1.512e7, '1.51e7'],
    [1.8e38, '1.80e38'],
    [Infinity, '–']
  ])('writes the loss %d as %s, no wider than its column', (loss, text) => expect(format.formatLoss(loss)).toBe(text))

  it.each([
    [0.2, '0.20'],
    [5, '5.00'],
    [70, '70'],
    [5000, '5000'],
    [20_000, '2e4'],
    [1.5e18, '1.5e18']
  ])('writes the tick %d as %s', (value, text) => expect(format.formatTick(value)).toBe(text))

  it('counts in words up to twelve', () => {
    expect([1, 6, 12, 13].map(format.formatCountInWords)).toEqual(['one', 'six', 'twelve', '13'])
    expect(format.formatPlural(1, 'epoch')).toBe('1 epoch')
    expect(format.formatPlural(1000, 'epoch')).toBe('1,000 epochs')
  })

  it.each([
    [98, '98×'],
    [24.5, '24.5×'],
    [12.25, '12.3×'],
    [0.25, '0.25×']
  ])('writes the ratio %d as %s', (ratio, text) => expect(format.formatRatio(ratio)).toBe(text))

  it.each([
    [0, '0 B'],
    [512, '512 B'],
    [6_400_000, '6.4 MB'],
    [190_000_000, '190 MB'],
    [1_500_000_000, '1.5 GB']
  ])('writes %d bytes as %s', (bytes, text) => expect(format.formatBytes(bytes)).toBe(text))
})

describe('durations', () => {
  it.each([
    [1.66, '1.7 s'],
    [9.96, '10 s'],
    [45.4, '45 s'],
    [59.6, '1 min'],
    [125, '2 min 5 s'],
    [3599.7, '1 h'],
    [4320, '1 h 12 min']
  ])('writes %d s as %s', (seconds, text) => expect(format.formatDuration(seconds)).toBe(text))

  it.each([
    [0.2, '1 s'],
    [47, '45 s'],
    [111, '1 min 50 s'],
    [745, '12 min']
  ])('rounds an estimate of %d s to %s', (seconds, text) => expect(format.formatEstimate(seconds)).toBe(text))
})

describe('dates', () => {
  const now = new Date(2026, 2, 1, 9, 0)

  it('names the day as seen from now', () => {
    expect(format.formatDay(new Date(2026, 2, 1, 0, 1), now)).toBe('Today')
    expect(format.formatDay(new Date(2026, 1, 28, 23, 59), now)).toBe('Yesterday')
    expect(format.formatDay(new Date(2026, 1, 27), now)).toBe('27 February')
    expect(format.formatDay(new Date(2025, 10, 14), now)).toBe('14 November 2025')
  })

  it('names a day in UTC wherever it is read', () => {
    expect(format.formatDateUtc(new Date('2026-11-30T00:10:00Z'))).toBe('30 November 2026')
    expect(format.formatDateUtc(new Date('2026-11-30T23:50:00Z'))).toBe('30 November 2026')
  })

  it('names a moment within a sentence', () => {
    expect(format.formatMoment(new Date(2026, 2, 1, 7, 5), now)).toBe('today 07:05')
    expect(format.formatMoment(new Date(2026, 1, 14, 13, 31), now)).toBe('14 February 13:31')
  })
})

it('shortens the names of devices', () => {
  expect(['cpu', 'webgpu', 'CPU · 2 threads', 'RTX 4060'].map(format.deviceLabel)).toEqual([
    'CPU',
    'WebGPU',
    'CPU',
    'RTX 4060'
  ])
})
