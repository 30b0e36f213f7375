// The abstract of a comparison, on runs where a sentence would be false if it were not derived from the figures.
import { describe, expect, it } from 'vitest'
import { abstractOfComparison } from '../../../src/main/report/comparison-abstract'
import { differenceTable, resultTable } from '../../../src/main/report/comparison'
import type { RunFile } from '../../../src/shared/run'
import { fixtureReported } from '../../fixtures/report'
import { fixtureRun, type FixtureOptions } from '../../fixtures/run-file'
import { varying } from '../../fixtures/varying'

const { base } = fixtureRun().experiment

/** A run whose models end with these BCEs, in the order of models. */
function ending(name: string, losses: (number | null)[], options: FixtureOptions = {}): RunFile {
  const file = fixtureRun({ name, latentDims: [2, 8], epochs: 4, ...options })
  const models = file.models.map((model, index) => {
    const bce = losses[index] ?? null
    const valLoss = model.history.valLoss.map((loss, epoch, all) => (epoch === all.length - 1 ? bce : loss))
    return { ...model, history: { ...model.history, valLoss }, metrics: model.metrics && { ...model.metrics, bce } }
  })
  return { ...file, models }
}

const of = (...files: RunFile[]) => abstractOfComparison(files.map((file) => fixtureReported(file)))
const [differs, found, sure, devices] = [0, 1, 2, 3].map(
  (at) =>
    (...files: RunFile[]) =>
      of(...files)[at]
)
const tanh: FixtureOptions = { experiment: { base: { ...base, epochs: 4, activation: 'tanh' } } }

it('has four sentences', () => {
  const sentences = of(ending('A', [0.2, 0.1]), ending('B', [0.19, 0.11], tanh))
  expect(sentences).toHaveLength(4)
  for (const sentence of sentences) expect(sentence).toMatch(/^[A-Z“][^.]*(\.\d[^.]*)*\.$/)
})

describe('what differs', () => {
  it('is named with its values, and the data where they are the same', () => {
    expect(differs?.(ending('A', [0.2, 0.1]), ending('B', [0.2, 0.1], tanh))).toBe(
      'Two runs of two autoencoders each on MNIST handwritten digits are compared, which differ in activation (relu; tanh).'
    )
  })
  it('is nothing where nothing does', () => {
    const same = [ending('A', [0.2, 0.1]), ending('B', [0.2, 0.1])] as const
    expect(differs?.(...same)).toMatch(/are compared, of the same recipe, data, device and seeds\.$/)
    expect(differenceTable(same.map((file) => fixtureReported(file)))).toMatchObject({ kind: 'paragraphs' })
  })
  it('is the images where digests alone tell them apart', () => {
    const other = ending('B', [0.2, 0.1])
    const sha256 = 'f'.repeat(64)
    expect(differs?.(ending('A', [0.2, 0.1]), { ...other, dataset: { ...other.dataset, sha256 } })).toMatch(
      /of the same recipe on different images of that name\.$/
    )
  })
  it('counts models that are not equally many, and one alone', () => {
    const one = ending('B', [0.2], { latentDims: [2] })
    expect(differs?.(ending('A', [0.2, 0.1]), one)).toMatch(/^Two runs of 2 and 1 autoencoders on .* latent dimension/)
    expect(differs?.(one, one)).toMatch(/^Two runs of one autoencoder each/)
  })
})

describe('what was found', () => {
  it('is who has the lowest loss at all values, or at which', () => {
    expect(found?.(ending('A', [0.2, 0.1]), ending('B', [0.19, 0.09]))).toBe(
      '“B” has the lowest BCE at both values that are compared.'
    )
    expect(found?.(ending('A', [0.2, 0.1]), ending('B', [0.19, 0.11]))).toBe(
      '“A” has the lowest BCE at d = 8; “B” at d = 2.'
    )
  })
  it('is nobody’s where figures are level as printed', () => {
    expect(found?.(ending('A', [0.2, 0.1]), ending('B', [0.20001, 0.09]))).toBe(
      '“B” has the lowest BCE at d = 8; no run alone at d = 2.'
    )
    expect(found?.(ending('A', [0.2, 0.1]), ending('B', [0.2, 0.1]))).toBe(
      'At both values that are compared no run alone has the lowest BCE, as printed.'
    )
  })
  it('is of values that two runs have and that were measured', () => {
    expect(found?.(ending('A', [0.2, 0.1]), ending('B', [0.05, 0.09], { latentDims: [4, 8] }))).toBe(
      '“B” has the lowest BCE at d = 8.'
    )
    expect(found?.(ending('A', [null, 0.1]), ending('B', [0.19, 0.09]))).toBe('“B” has the lowest BCE at d = 8.')
    const other = fixtureRun({ name: 'B', experiment: varying('activation', ['relu', 'tanh']) })
    expect(found?.(ending('A', [0.2, 0.1]), other)).toBe(
      'No value was measured in more than one of them, so that nothing is compared.'
    )
  })
  it('is not said of different images, nor before anything is measured', () => {
    const other = ending('B', [0.1, 0.05])
    const elsewhere = { ...other, dataset: { ...other.dataset, title: 'Fashion-MNIST', sha256: 'f'.repeat(64) } }
    expect(found?.(ending('A', [0.2, 0.1]), elsewhere)).toMatch(/^Their images are not the same/)
    expect(of(ending('A', [0.2, 0.1]), elsewhere).join(' ')).not.toMatch(/lead|these figures/)
    const table = resultTable([ending('A', [0.2, 0.1]), elsewhere].map((file) => fixtureReported(file)))
    expect(JSON.stringify(table)).not.toMatch(/Δ/)
    const none = fixtureRun({ latentDims: [2], status: 'failed', epochsDone: 0 })
    expect(found?.(none, none)).toBe('Nothing is measured yet.')
    expect(of(none, none)).toHaveLength(3)
    expect(of(none, none).join(' ')).not.toContain('figures')
  })
  it('takes a diverged model for no winner, and a linear one, or a code as wide as the image, for any other', () => {
    expect(found?.(ending('A', [581_202, 0.1]), ending('B', [0.2, 0.2]))).toBe(
      '“A” has the lowest BCE at d = 8; “B” at d = 2.'
    )
    const linear = { latentDims: [784], experiment: { base: { ...base, activation: 'linear' as const } } }
    expect(found?.(ending('A', [0.1], { latentDims: [784] }), ending('B', [0.09], linear))).toBe(
      '“B” has the lowest BCE at d = 784.'
    )
  })
  it('says whose loss it is where runs train with different ones', () => {
    const squared = ending('B', [0.1, 0.09], { experiment: { base: { ...base, epochs: 4, loss: 'mse' } } })
    expect(found?.(ending('A', [0.2, 0.1]), squared)).toBe(
      '“B” has the lowest BCE, the loss of the first run, at both values that are compared.'
    )
  })
  it('tells runs of one name apart', () => {
    expect(found?.(ending('A', [0.2, 0.1]), ending('A', [0.1, 0.05]))).toMatch(/^“A \(2\)” has/)
  })
})

describe('how sure that is', () => {
  const seeds = (name: string, losses: number[]) => ending(name, losses, { experiment: { seeds: [1, 2] } })
  it('rests on seeds: one, or a lead beyond their spread', () => {
    expect(sure?.(ending('A', [0.2, 0.1]), ending('B', [0.1, 0.09]))).toBe(
      'Each run has one seed: with another, these figures would differ.'
    )
    expect(sure?.(ending('A', [0.2, 0.1]), seeds('B', [0.1, 0.1, 0.1, 0.1]))).toMatch(
      /^Not every run has several seeds/
    )
    const narrow = [seeds('A', [0.2, 0.201, 0.1, 0.101]), seeds('B', [0.1, 0.101, 0.09, 0.11])] as const
    expect(sure?.(...narrow)).toMatch(/^At 1 of 2 values the lead .* together \(n = 2\)\.$/)
    const wide = [seeds('A', [0.2, 0.3, 0.1, 0.2]), seeds('B', [0.19, 0.29, 0.09, 0.19])] as const
    expect(sure?.(...wide)).toMatch(/^At no value is the lead/)
  })
  it('suffers where epochs lack', () => {
    const stopped = ending('B', [0.2, 0.1], { status: 'stopped', epochsDone: 1 })
    expect(sure?.(ending('A', [0.2, 0.1]), stopped)).toMatch(
      /; they were trained for different numbers of epochs \(4, 1\)\.$/
    )
    expect(sure?.(stopped, stopped)).not.toContain('epochs')
  })
})

describe('the devices', () => {
  it('are named once where they are the same, and run by run else', () => {
    const [one, other] = [ending('A', [0.2, 0.1]), ending('B', [0.2, 0.1])]
    expect(devices?.(one, other)).toBe('Training took 5 s each on the CPU (CPU · 2 threads, a processor).')
    expect(devices?.(one, { ...other, seconds: 8 })).toMatch(/^Training took 5 s and 8 s on the CPU/)
    const gpu = other.segments.map((segment) => ({ ...segment, device: 'webgpu', hardware: 'A GPU' }))
    expect(devices?.(one, { ...other, device: 'webgpu', segments: gpu })).toBe(
      'Training took 5 s on the CPU (CPU · 2 threads, a processor) for “A” and 5 s on the WebGPU (A GPU) for “B”.'
    )
  })
})
