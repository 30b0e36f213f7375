import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { createSsim, gapClosed, gapShare, meanError, mseByImage, psnr, storedMse } from '@shared/metrics'

interface Case {
  digit: number
  version: string
  original: string
  reconstruction: string
  psnr: number
  ssim: number
}

const SIDE = 28
const PIXELS = SIDE * SIDE
const fixture = join(__dirname, '../../fixtures/skimage/quality.json')
const { cases } = JSON.parse(readFileSync(fixture, 'utf8')) as { cases: Case[] }

const originals = Uint8Array.from(cases.flatMap((one) => [...Buffer.from(one.original, 'base64')]))
const reconstructions = Float32Array.from(
  cases.flatMap((one) => {
    const bytes = Buffer.from(one.reconstruction, 'base64')
    return Array.from({ length: PIXELS }, (_, pixel) => bytes.readUInt16LE(2 * pixel) / 65535)
  })
)

describe('against scikit-image', () => {
  const errors = mseByImage(originals, reconstructions, PIXELS)
  const similarities = createSsim(originals, cases.length, SIDE, SIDE).byImage(reconstructions)

  it.each(cases.map((one, image) => ({ ...one, image })))('digit $digit, $version', (one) => {
    expect(psnr(errors[one.image] ?? NaN)).toBeCloseTo(one.psnr, 4)
    expect(similarities[one.image]).toBeCloseTo(one.ssim, 5)
  })
})

describe('createSsim', () => {
  const ssim = createSsim(originals, cases.length, SIDE, SIDE)

  it('answers the same for a part of the images as for all', () => {
    const all = ssim.byImage(reconstructions)
    const part = ssim.byImage(reconstructions.subarray(5 * PIXELS, 9 * PIXELS), 5)
    expect([...part]).toEqual([...all.subarray(5, 9)])
  })

  it('is 1 for an exact copy and for black on black, and below 0 for an inverted image', () => {
    const copy = Float32Array.from(originals, (value) => value / 255)
    for (const value of ssim.byImage(copy)) expect(value).toBeCloseTo(1, 5)
    expect(createSsim(new Uint8Array(PIXELS), 1, SIDE, SIDE).byImage(new Float32Array(PIXELS))[0]).toBe(1)
    const checks = Uint8Array.from({ length: PIXELS }, (_, i) => (i % 2) * 255)
    const inverted = Float32Array.from(checks, (value) => 1 - value / 255)
    expect(createSsim(checks, 1, SIDE, SIDE).byImage(inverted)[0]).toBeLessThan(-0.9)
  })

  it('takes images that are not square', () => {
    const upright = Uint8Array.from({ length: 11 * 20 }, (_, i) => (i * 37) % 256)
    const changed = Float32Array.from(upright, (value, i) => Math.min(1, value / 255 + (i % 5) / 20))
    const turn = <T extends Uint8Array | Float32Array>(image: T) =>
      image.map((_, i) => image[(i % 20) * 11 + Math.floor(i / 20)] ?? 0)
    const [value = NaN] = createSsim(upright, 1, 20, 11).byImage(changed)
    const [turned] = createSsim(turn(upright) as Uint8Array, 1, 11, 20).byImage(turn(changed) as Float32Array)
    expect(turned).toBeCloseTo(value, 6)
  })
})

describe('psnr', () => {
  it('is 20 dB for an error of a tenth, infinite for none', () => {
    expect(psnr(0.01)).toBeCloseTo(20, 12)
    expect(psnr(0)).toBe(Infinity)
  })
})

describe('meanError', () => {
  it('is a mean of squares, or of cross-entropies: ln 2 for a guess of a half', () => {
    expect(meanError('mse', [0, 1, 0.4], [0.5, 0.5, 0.4])).toBeCloseTo(0.5 / 3, 12)
    expect(meanError('bce', [0, 1, 0.4], [0.5, 0.5, 0.5])).toBeCloseTo(Math.LN2, 12)
  })

  it('by BCE stays finite where a model is sure and wrong', () => {
    expect(meanError('bce', [1], [0])).toBeCloseTo(-Math.log(1e-7), 4)
    expect(meanError('bce', [0], [1])).toBeCloseTo(-Math.log(1e-7), 4)
  })
})

describe('gapClosed', () => {
  const bounds = { meanDigit: 0.2625, perfectCopy: 0.0581 }

  it('goes from 0 at the mean digit to 1 at a perfect copy', () => {
    expect(gapClosed(0.2625, bounds)).toBe(0)
    expect(gapClosed((0.2625 + 0.0581) / 2, bounds)).toBeCloseTo(0.5, 12)
    expect(gapClosed(0.0581, bounds)).toBe(1)
  })

  it('never leaves 0 to 1', () => {
    expect(gapClosed(0.7, bounds)).toBe(0)
    expect(gapClosed(0.05, bounds)).toBe(1)
  })

  it('is the share that falls below 0 where a model is worse than the mean digit', () => {
    expect(gapShare(0.2625 + 0.2044, bounds)).toBeCloseTo(-1, 12)
    expect(gapShare(0.1, bounds)).toBe(gapClosed(0.1, bounds))
  })
})

describe('storedMse', () => {
  it('is the mean squared error of pixels in 0 to 1', () => {
    const black = new Uint8Array(PIXELS)
    expect(storedMse(black, new Uint8Array(PIXELS).fill(255))).toBe(1)
    expect(storedMse(black, new Uint8Array(PIXELS).fill(51))).toBeCloseTo(0.04, 12)
    expect(
      storedMse(
        black,
        Uint8Array.from({ length: PIXELS }, (_, i) => (i === 3 ? 255 : 0))
      )
    ).toBeCloseTo(1 / 784, 12)
  })
})
