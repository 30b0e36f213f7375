// What is made of figures: verdicts, the answer to the question, and what one seed does not allow to be said.
import { describe, expect, it } from 'vitest'
import type { Claims, Interval } from '../../../src/shared/analysis'
import { absoluteParts, noiseName, pcaSentence, relative } from '../../../src/shared/claim-words'
import { besidePca, smallestWithin, testedClaims } from '../../../src/shared/claims'
import { presets } from '../../../src/shared/experiment'
import type { RunFile } from '../../../src/shared/run'
import { fixtureRun } from '../../fixtures/run-file'

const around = (estimate: number, half: number): Interval => ({ estimate, low: estimate - half, high: estimate + half })

interface Told {
  seeds?: number
  /** Fall of BCE at each step. */
  falls?: Interval[]
  gapClosed?: Interval[]
  overNoisy?: Interval
  overLast?: Interval[]
  overPca?: Interval[]
}

/** Of three series. */
function claimsOf(told: Told = {}): Claims {
  const { seeds = 3, falls = [around(0.05, 0.01), around(0.03, 0.01)], overNoisy = around(0.5, 0.1) } = told
  const gapClosed = told.gapClosed ?? [around(0.2, 0.01), around(0.6, 0.01), around(0.9, 0.01)]
  const overLast = told.overLast ?? [around(0.8, 0.02), around(0.048, 0.004), around(0, 0)]
  const overPca = told.overPca ?? [around(0.2, 0.01), around(0.01, 0.02), around(-0.4, 0.01)]
  return {
    kind: 'claims',
    epoch: 70,
    images: 10_000,
    seeds,
    resamples: 2_000,
    series: [0, 1, 2].map((rank) => ({
      bce: around(0.1, 0.001),
      mse: around(0.01, 0.001),
      gapClosed: gapClosed[rank]!,
      pcaMse: 0.01,
      mseOverPca: overPca[rank]!,
      overLast: { bce: overLast[rank]!, mse: overLast[rank]! }
    })),
    steps: falls.map((fall) => ({ bce: fall, mse: fall })),
    noise: [0.1, 0.3].map((level) => ({
      noise: 'gaussian' as const,
      level,
      noisyMse: 0.01,
      series: [0, 1, 2].map(() => ({ mse: around(0.01, 0.001), overNoisy }))
    }))
  }
}

const three = fixtureRun({ latentDims: [2, 8, 32] })

function tested(key: string, told: Told = {}, file: RunFile = three) {
  const found = testedClaims({ file, claims: claimsOf(told) }).find((claim) => claim.key === key)
  if (!found) throw new Error(`no claim ${key}`)
  return found
}

describe('quality rises with each step', () => {
  it('holds where every interval lies above 0', () => expect(tested('rises').verdict).toBe('holds'))
  it('holds in part where one does not, and names it', () => {
    const claim = tested('rises', { falls: [around(0.05, 0.01), around(0.005, 0.01)] })
    expect(claim.verdict).toBe('in part')
    expect(claim.figure).toContain('d = 8 to d = 32 shows no certain gain')
  })
  it('does not hold where none does', () => {
    expect(tested('rises', { falls: [around(-0.05, 0.01), around(0, 0.01)] }).verdict).toBe('does not hold')
  })
  it('says by how much the loss falls, or rises', () => {
    const figure = (fall: Interval) => tested('rises', { falls: [around(0.05, 0.01), fall] }).figure
    expect(figure(around(0.03, 0.001))).toContain('d = 8 to d = 32: loss falls by 0.0300 (0.0290 to 0.0310).')
    expect(figure(around(-0.01, 0.001))).toContain('loss rises by 0.0100 (0.0090 to 0.0110).')
    expect(figure(around(-0.001, 0.003))).toContain('loss rises by 0.0010 (−0.0020 to 0.0040).')
    expect(absoluteParts(around(-0.00001, 0.1))).toEqual(['0.0000', '(−0.1000 to 0.1000)'])
  })
  it('can’t be told of one seed, which says what holds of these models', () => {
    const { verdict, note } = tested('rises', { seeds: 1 })
    expect(verdict).toBe('can’t tell yet')
    expect(note).toMatch(/^Image sampling only.*: holds$/)
  })
})

describe('better than the original', () => {
  it('does not hold where no noisy digit gets better', () => {
    const claim = tested('original')
    expect(claim.verdict).toBe('does not hold')
    expect(claim.figure).toContain('at no level nearer')
  })
  it('holds in part at most: a clean digit can’t be bettered', () => {
    expect(tested('original', { overNoisy: around(-0.5, 0.1) }).verdict).toBe('in part')
  })
})

describe('too few dimensions fail', () => {
  it('holds where a model is at the mean digit by the upper end', () => {
    const claim = tested('few', { gapClosed: [around(0, 0.001), around(0.6, 0.01), around(0.9, 0.01)] })
    expect(claim.verdict).toBe('holds')
    expect(claim.figure).toBe(
      'd = 2 closes 0.0\u00a0% (−0.1\u00a0% to 0.1\u00a0%) of the gap; d = 2 closes less than 3\u00a0%.'
    )
  })
  it('says of a model that closes a part of less than 3 % no more than that, and names several as one does', () => {
    const low = around(0.025, 0.003)
    const all = tested('few', { gapClosed: [low, low, low] })
    expect(all.figure).toContain('; d = 2, d = 8 and d = 32 close less than 3\u00a0%.')
    expect(all.figure).not.toContain('no better')
    expect(tested('few').figure).toContain('; the interval of no model ends below 3\u00a0%.')
  })
  it('says of one that is worse than the mean digit what the overview says', () => {
    const worse = tested('few', { gapClosed: [around(-0.37, 0.01), around(0.6, 0.01), around(0.9, 0.01)] })
    expect(worse.figure).toContain('d = 2 closes below 0\u00a0% of the gap;')
  })
  it('holds in part where the narrowest closes less than half, and not where it closes more', () => {
    expect(tested('few').verdict).toBe('in part')
    const better = [around(0.6, 0.01), around(0.7, 0.01), around(0.9, 0.01)]
    expect(tested('few', { gapClosed: better }).verdict).toBe('does not hold')
  })
})

describe('hours on a CPU', () => {
  const segments = three.segments.map((one) => ({ ...one, device: 'cpu' }))
  const trained = (epochsDone: number) => fixtureRun({ experiment: presets.article, epochsDone })
  const run = { ...trained(70), segments }

  it('is decided by the training time of the article’s models alone', () => {
    const of = (seconds: number) => testedClaims({ file: { ...run, seconds }, claims: claimsOf() })[3]!
    expect(of(120).verdict).toBe('does not hold')
    expect(of(7_000).verdict).toBe('holds')
    expect(of(120).note).toContain('no interval')
    expect(tested('hours').verdict).toBe('can’t tell yet')
  })
  it('is the same whichever epoch is looked at', () => {
    const claims = { ...claimsOf(), epoch: 30 }
    expect(testedClaims({ file: { ...run, seconds: 120 }, claims })[3]!.figure).toBe(
      '2 min on CPU · 2 threads, a processor.'
    )
  })
  it('says why it can’t be told: another experiment, another device, or not all epochs', () => {
    const figureOf = (file: RunFile) => testedClaims({ file: { ...file, seconds: 120 }, claims: claimsOf() })[3]!.figure
    expect(figureOf(three)).toBe('This run is another experiment than the article’s six models: 2 min.')
    expect(figureOf({ ...trained(30), segments })).toBe('This run has trained 30 of the article’s 70 epochs: 2 min.')
    expect(figureOf({ ...run, segments: segments.map((one) => ({ ...one, device: 'webgpu' })) })).toBe(
      'This run was not trained on a processor alone: 2 min.'
    )
  })
  it('can’t be told of another device', () => {
    const onGpu = { ...run, segments: segments.map((one) => ({ ...one, device: 'webgpu' })) }
    expect(testedClaims({ file: onGpu, claims: claimsOf() })[3]!.verdict).toBe('can’t tell yet')
  })
})

it('answers by the upper end of the interval', () => {
  const claims = claimsOf()
  expect(smallestWithin(claims, 'bce', 0.05)).toBe(2) // 4.8 %, but up to 5.2 %
  expect(smallestWithin(claims, 'bce', 0.053)).toBe(1)
  expect(smallestWithin(claims, 'bce', 1)).toBe(0)
})

describe('beside PCA', () => {
  const labels = ['d = 2', 'd = 16', 'd = 32']
  const sentenceOf = (...overPca: Interval[]) => pcaSentence(besidePca(claimsOf({ overPca })), labels)
  const [worse, better, open] = [around(0.2, 0.01), around(-0.4, 0.01), around(0.01, 0.02)]

  it('is worse or better by the whole interval alone', () => {
    expect(besidePca(claimsOf())).toEqual({ worse: [0], open: [1], better: [2] })
  })
  it('names those that are worse and those that are better, whichever they are', () => {
    expect(sentenceOf(worse, worse, better)).toBe(
      'd = 2 and d = 16 are worse than PCA with as many components; d = 32 is better.'
    )
    expect(sentenceOf(worse, better, better)).toBe(
      'd = 2 is worse than PCA with as many components; d = 16 and d = 32 are better.'
    )
    expect(sentenceOf(better, better, better)).toBe(
      'd = 2, d = 16 and d = 32 are better than PCA with as many components.'
    )
    expect(sentenceOf(better, worse, better)).toContain('d = 16 is worse than PCA with as many components; d = 2 and')
  })
  it('says of which it can’t be told', () => {
    expect(sentenceOf(worse, open, better)).toBe(
      'd = 2 is worse than PCA with as many components; d = 32 is better; ' +
        'whether d = 16 is better or worse is within the interval.'
    )
    expect(sentenceOf(open, open, open)).toBe(
      'Whether d = 2, d = 16 and d = 32 are better or worse than PCA with as many components is within the interval.'
    )
  })
})

it('calls noise by its name and level', () => {
  expect(noiseName({ noise: 'gaussian', level: 0.3 })).toBe('noise σ 0.3')
  expect(noiseName({ noise: 'salt-and-pepper', level: 0.1 })).toBe('salt and pepper 10\u00a0%')
  expect(tested('original', { overNoisy: around(-0.5, 0.1) }).figure).toContain('with noise σ 0.1 and noise σ 0.3 (at')
})

it('tests no claim of a run of one model, nor of another hyperparameter', () => {
  const rate = { ...three.experiment, varied: { key: 'learningRate' as const, values: [0.001, 0.01, 0.1] } }
  expect(testedClaims({ file: { ...three, experiment: rate as RunFile['experiment'] }, claims: claimsOf() })).toEqual(
    []
  )
})

it('prints as many decimals of an interval as tell its ends apart', () => {
  expect(relative({ estimate: 0.1114, low: 0.1108, high: 0.1121 })).toBe('+11.1\u00a0% (+11.1\u00a0% to +11.2\u00a0%)')
  expect(relative({ estimate: 0.05, low: 0.04, high: 0.06 })).toBe('+5.0\u00a0% (+4.0\u00a0% to +6.0\u00a0%)')
  expect(relative({ estimate: 0, low: 0, high: 0 })).toBe('0.0\u00a0% (0.0\u00a0% to 0.0\u00a0%)')
  expect(absoluteParts({ estimate: 0.06611, low: 0.06608, high: 0.06613 })).toEqual(['0.06611', '(0.06608 to 0.06613)'])
  expect(absoluteParts({ estimate: 0.5, low: 0.5, high: 0.5 })).toEqual(['0.5000', '(0.5000 to 0.5000)'])
})
