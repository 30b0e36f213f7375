// A run and the same trained once more: what is compared, and what a difference means where it was, or was not, to be expected.
import { describe, expect, it } from 'vitest'
import { compareRuns, repetitionInWords } from '../../../src/main/lab/compare-runs'
import type { RunFile } from '../../../src/shared/run'
import { fixtureRun } from '../../fixtures/run-file'

const reported = fixtureRun({ latentDims: [2, 8], epochs: 4 })
const words = (now: RunFile, of = reported) => repetitionInWords(compareRuns(of, now), 'cuda')

/** Trained on a GPU, with every validation loss so many times as large. */
function elsewhere(factor: number): RunFile {
  const segments = reported.segments.map((segment) => ({ ...segment, device: 'cuda', hardware: 'a GPU' }))
  const models = reported.models.map((model) => {
    const valLoss = model.history.valLoss.map((loss) => (loss === null ? null : loss * factor))
    return { ...model, history: { ...model.history, valLoss } }
  })
  return { ...reported, segments, models }
}

it('the same is equal to the last bit, metrics too', () => {
  expect(compareRuns(reported, reported)).toMatchObject({ hasMetrics: true, differing: 0, agrees: true })
  expect(words(reported)).toContain('losses of each epoch and metrics, are equal to the last bit.')
})

it('says that metrics were not compared where they were not', () => {
  const models = reported.models.map((model) => ({ ...model, metrics: null }))
  const further = fixtureRun({ latentDims: [2, 8], epochs: 5, epochsDone: 5 })
  for (const [of, now] of [
    [
      { ...reported, models },
      { ...reported, models }
    ],
    [reported, { ...further, models: further.models.map((model, index) => withLosses(model, index)) }]
  ] as const) {
    expect(compareRuns(of, now)).toMatchObject({ hasMetrics: false, differing: 0 })
    expect(words(now, of)).toMatch(/, losses of each epoch, are equal to the last bit\. Metrics were not compared/)
  }
})

/** The losses of the shorter run, and one epoch more. */
function withLosses(model: RunFile['models'][number], index: number): RunFile['models'][number] {
  const more = (losses: readonly (number | null)[] = []) => [...losses, 0.1]
  const { trainLoss, valLoss, valMse } = reported.models[index]?.history ?? {}
  return { ...model, history: { trainLoss: more(trainLoss), valLoss: more(valLoss), valMse: more(valMse) } }
}

describe('on another device', () => {
  it('a small difference is what rounding explains', () => {
    expect(compareRuns(reported, elsewhere(1.02))).toMatchObject({ isSameExpected: false, agrees: true })
    expect(words(elsewhere(1.02))).toContain('all within 5\u00a0%, as rounding on another device')
  })

  it('a large one is not', () => {
    expect(compareRuns(reported, elsewhere(1.5))).toMatchObject({ isSameExpected: false, agrees: false })
    expect(words(elsewhere(1.5))).toContain('by more than 5\u00a0%, which is more than rounding')
  })

  it('nor is a number that has none beside it', () => {
    const now = elsewhere(1)
    const models = now.models.map((model, index) => (index === 0 ? { ...model, metrics: null } : model))
    expect(compareRuns(reported, { ...now, models })).toMatchObject({
      agrees: false,
      largest: { share: null, now: null }
    })
  })

  it('a share near 0 is not judged by its quotient', () => {
    const withGap = (file: RunFile, gapClosed: number): RunFile => ({
      ...file,
      models: file.models.map((model) => ({ ...model, metrics: model.metrics && { ...model.metrics, gapClosed } }))
    })
    expect(compareRuns(withGap(reported, 0.0001), withGap(elsewhere(1), -0.0002))).toMatchObject({ agrees: true })
  })
})

it('on the same device, the smallest difference refutes the report', () => {
  const now = { ...elsewhere(1 + 1e-12), segments: reported.segments }
  expect(compareRuns(reported, now)).toMatchObject({ isSameExpected: true, agrees: false })
  expect(words(now)).toContain('which give the same bits')
})
