// The abstract and the tested claims, on runs where a sentence would be false.
import { describe, expect, it } from 'vitest'
import { abstract } from '../../../src/main/report/abstract'
import { caveats } from '../../../src/main/report/caveats'
import { claimsSection, widthSentence } from '../../../src/main/report/claims-section'
import { fixtureClaims } from '../../fixtures/claims'
import { fixtureRun, type FixtureOptions } from '../../fixtures/run-file'
import { varying } from '../../fixtures/varying'

const run = fixtureRun({ latentDims: [2, 8, 16] })

describe('the abstract', () => {
  it('has four sentences: what was varied, what was found, how sure, on what', () => {
    const sentences = abstract(run, 'finished', null)
    expect(sentences).toHaveLength(4)
    expect(sentences[0]).toMatch(/^Three autoencoders that differ in nothing but their latent dimension d/)
    expect(sentences[1]).toMatch(/of the gap to a perfect copy/)
    expect(sentences[2]).toBe('One seed: with another, these figures would differ.')
    expect(sentences[3]).toMatch(/^Training took .* on the CPU/)
  })

  it('is as sure as the intervals are, and says of what they are', () => {
    expect(abstract(run, 'finished', fixtureClaims(run))[2]).toBe(
      'd = 8 is the smallest within 5\u00a0% of d = 16, by the upper end of its 95\u00a0% interval: its BCE is higher by +4.0\u00a0% (+3.5\u00a0% to +4.5\u00a0%) (resampled test images of one seed).'
    )
  })

  it('gives the spread over seeds where there are no intervals', () => {
    const seeds = fixtureRun({ latentDims: [2, 8], experiment: { seeds: [1, 2, 3] } })
    expect(abstract(seeds, 'finished', null)[2]).toMatch(
      /^Over 3 seeds the standard deviation of the validation BCE is 0\.\d{4} \(d = [28]\) to 0\.\d{4} \(d = [28]\)\.$/
    )
  })

  it('is sure of nothing before the first epoch', () => {
    const failed = fixtureRun({ status: 'failed', epochsDone: 0 })
    expect(abstract(failed, 'failed', null)[2]).toBe('Nothing is measured yet.')
  })
})

describe('the claims', () => {
  it('are told not to be tested where they are not', () => {
    expect(claimsSection(run, null)).toMatchObject({ claims: [], notes: [expect.stringContaining('Not tested')] })
  })
  it('are none of a run that varies something else, or has one model', () => {
    expect(claimsSection(fixtureRun({ experiment: varying('activation', ['relu', 'tanh']) }), null)).toBeNull()
    expect(claimsSection(fixtureRun({ latentDims: [8] }), null)).toBeNull()
  })
  it('come with their verdicts, and with PCA and the number of resamples below', () => {
    const section = claimsSection(run, fixtureClaims(run))
    expect(section?.claims.map(({ verdict }) => verdict)).toEqual(Array(4).fill('can’t tell yet')) // of one seed
    expect(section?.notes[0]).toMatch(/than PCA .*paired bootstrap of 10,000 test images, one seed, 2,000 resamples/)
  })
  it('say that no narrower model comes near where none does', () => {
    const claims = fixtureClaims(run)
    const far = { estimate: 0.5, low: 0.4, high: 0.6 }
    const series = claims.series.map((one, rank) => (rank < 2 ? { ...one, overLast: { bce: far, mse: far } } : one))
    expect(widthSentence(run, { ...claims, series })).toMatch(/^No narrower model comes within 5/)
  })
})

describe('caveats', () => {
  const of = (options: FixtureOptions) => caveats(fixtureRun(options)).join(' ')
  it('name one seed and the test images, and no more than is so', () => {
    expect(of({ latentDims: [2] })).toMatch(/^One seed.*measured on the test images/)
    expect(of({ latentDims: [2], experiment: { seeds: [1, 2] } })).not.toContain('One seed')
    expect(of({ latentDims: [2] })).not.toMatch(/epochs of the recipe|pixels or more|diverged|parts/)
  })
  it('name epochs that lack, codes as wide as an image and a part of the images', () => {
    expect(of({ status: 'stopped', epochsDone: 2 })).toContain('Not all epochs of the recipe are trained.')
    expect(of({ latentDims: [2, 784] })).toContain(
      'd = 784: the code has as many numbers as an image has pixels or more'
    )
    const { base } = run.experiment
    expect(of({ experiment: { base: { ...base, trainLimit: 2000 } } })).toContain(
      'Trained on 2,000 of 60,000 training images.'
    )
  })
  it('are silent on images before anything is measured', () => {
    expect(of({ status: 'failed', epochsDone: 0 })).toBe('')
  })
})
