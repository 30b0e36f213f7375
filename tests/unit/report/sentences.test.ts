// Sentences of the report on runs where they would be false if they were not derived from the run's figures.
import { describe, expect, it } from 'vitest'
import { qualityNote } from '../../../src/main/report/chart-words'
import { caption } from '../../../src/main/report/model-table'
import { imagesUsed, pcaComparison } from '../../../src/main/report/pca'
import { definitions, provenance } from '../../../src/main/report/provenance'
import { recipe } from '../../../src/main/report/recipe'
import { answerText, question, shortQuestion, standing, whatWasVaried } from '../../../src/main/report/summary'
import { isActive, runStates, type RunFile, type RunState } from '../../../src/shared/run'
import { fixtureRun, type FixtureOptions } from '../../fixtures/run-file'
import { varying } from '../../fixtures/varying'

const { base } = fixtureRun().experiment
const few = { base: { ...base, trainLimit: 2000 } }

/** A run whose models end with these squared errors beside these of PCA. */
function compared(latentDims: number[], mse: number[], pcaMse: number[] | null, options: FixtureOptions = {}): RunFile {
  const file = fixtureRun({ latentDims, ...options })
  const models = file.models.map((model) => ({
    ...model,
    metrics: model.metrics && { ...model.metrics, mse: mse[model.rank] ?? NaN }
  }))
  return { ...file, models, bounds: { ...file.bounds, pcaMse } }
}

/** Each model's last validation loss, in the order of models. */
function endingAt(losses: number[], options: FixtureOptions = {}): RunFile {
  const file = fixtureRun({ latentDims: [2, 8], epochs: 1, ...options })
  const models = file.models.map((model, index) => ({
    ...model,
    history: { ...model.history, valLoss: [losses[index] ?? null] }
  }))
  return { ...file, models }
}

const everything = (file: RunFile) =>
  [
    question(file),
    whatWasVaried(file),
    standing(file, file.status),
    caption(file),
    qualityNote(file),
    ...definitions(file).flat()
  ].join(' ')

describe('PCA', () => {
  it('is said of a linear code below it that it is below it, not that no linear code can be', () => {
    const linear = compared([8], [0.0338], [0.0374], { experiment: { base: { ...base, activation: 'linear' } } })
    expect(pcaComparison(linear)).toBe('d = 8 ends below it: better.')
    expect(everything(linear)).not.toMatch(/no linear one|best linear code/)
    expect(everything(linear)).toContain('so that even a linear code may do better')
  })

  it('names the models that end worse', () => {
    const article = compared(
      [2, 8, 16, 32, 64, 128],
      [0.0675, 0.0541, 0.0402, 0.0166, 0.0089, 0.0046],
      [0.0556, 0.0374, 0.0268, 0.0168, 0.009, 0.0046]
    )
    expect(pcaComparison(article)).toBe(
      'd = 32 and 64 end below it: better; d = 128 ends level with it; d = 2, 8 and 16 end above it: worse.'
    )
    expect(caption(article)).toContain(pcaComparison(article))
    expect(pcaComparison(compared([2, 8], [0.06, 0.05], [0.05, 0.04]))).toBe('Both models end above it: worse.')
  })

  it('is compared with nothing where it or the models were not measured, or the width does not vary', () => {
    expect(pcaComparison(compared([2, 8], [0.06, 0.05], null))).toBe('')
    expect(pcaComparison(compared([2, 8], [0.06, NaN], [0.05, NaN]))).toBe('d = 2 ends above it: worse.')
    const untrained = fixtureRun({ latentDims: [2], status: 'failed', epochsDone: 0 })
    expect(pcaComparison(untrained)).toBe('')
    expect(everything(fixtureRun({ experiment: varying('learningRate', [0.1, 0.01]) }))).not.toContain('PCA')
  })

  it('was fitted on the images that the models were trained on, as the mean digit is their mean', () => {
    const part = fixtureRun({ experiment: few })
    expect(imagesUsed(part)).toBe('the first 2,000 of 60,000 training images')
    expect(caption(part)).toContain('principal components fitted on the first 2,000 of 60,000 training images.')
    expect(new Map(definitions(part)).get('Mean digit')).toContain('the mean of the first 2,000 of 60,000')
    expect(caption(fixtureRun())).toContain('fitted on all 60,000 training images.')
  })
})

describe('the recipe', () => {
  const said = (file: RunFile) => new Map(recipe(file, 'lab'))

  it('speaks of a part of the images, and of a smaller last batch, where there is one', () => {
    const whole = said(fixtureRun({ experiment: { base: { ...base, batchSize: 100 } } }))
    expect(whole.get('Training images')).toContain('60,000, all there are, pixels')
    expect(whole.get('Batch size')).toBe('100 images, reshuffled each epoch')
    const part = said(fixtureRun({ experiment: { base: { ...base, trainLimit: 2000, batchSize: 128 } } }))
    expect(part.get('Training images')).toContain('2,000, the first of 60,000, pixels')
    expect(part.get('Batch size')).toContain('a smaller last batch included')
  })
})

describe('the question', () => {
  it('asks one model nothing that takes several to answer', () => {
    const one = fixtureRun({ latentDims: [8] })
    expect(question(one)).toMatch(/^How near does d = 8 come to a perfect copy\? The measure/)
    expect(shortQuestion(fixtureRun({ experiment: varying('activation', ['relu']) }))).toBe(
      'how near does activation = relu come to a perfect copy?'
    )
  })

  it('squeezes nothing into a code as wide as the image', () => {
    expect(whatWasVaried(fixtureRun({ latentDims: [2, 784] }))).toContain('each turned from 784 pixels into d numbers')
    expect(whatWasVaried(fixtureRun({ latentDims: [2, 783] }))).toContain('each squeezed from 784 pixels to d numbers')
    expect(caption(fixtureRun({ latentDims: [2, 784] }))).toContain('below 1× larger')
    expect(caption(fixtureRun({ latentDims: [2, 8] }))).not.toContain('larger')
  })

  it('has trained nothing before the first epoch has ended', () => {
    const failed = fixtureRun({ status: 'failed', epochsDone: 0 })
    expect(whatWasVaried(failed)).toContain('were to be trained on')
    expect(whatWasVaried(fixtureRun({ latentDims: [2], status: 'failed', epochsDone: 0 }))).toContain(
      'was to be trained on'
    )
  })
})

describe('where the run stood', () => {
  const stood = (options: FixtureOptions, state: RunState = options.status ?? 'finished') =>
    standing(fixtureRun(options), state)

  it('counts epochs as they were trained', () => {
    expect(stood({ epochs: 1 })).toMatch(/^Finished: 1 epoch\./)
    expect(stood({ experiment: varying('epochs', [5, 100]) })).toMatch(/^Finished: up to 100 epochs\./)
    expect(stood({ status: 'stopped', epochs: 9, epochsDone: 3 })).toMatch(
      /^Stopped at epoch 3 of 9: not the whole recipe\./
    )
    expect(stood({ status: 'failed', epochs: 4, epochsDone: 4 })).toMatch(/^Failed at epoch 4 of 4\. /)
  })

  it('says of nothing that it still trains but of what does', () => {
    const part: FixtureOptions = { status: 'running', epochs: 10, epochsDone: 5 }
    const begins = (options: FixtureOptions, state: RunState) => /^[^.]*\./.exec(stood(options, state))?.[0]
    const change = 'later epochs will change these figures.'
    expect(begins(part, 'running')).toBe(`Still training, at epoch 5 of 10: ${change}`)
    expect(begins(part, 'paused')).toBe(`Paused at epoch 5 of 10: ${change}`)
    expect(begins({ ...part, status: 'stopped' }, 'queued')).toBe(`Waiting to train, at epoch 5 of 10: ${change}`)
    expect(begins(part, 'stopping')).toBe('Being stopped at epoch 5 of 10: not the whole recipe.')
    expect(begins(part, 'interrupted')).toBe('Interrupted at epoch 5 of 10: not the whole recipe.')
    const all = { ...part, epochsDone: 10 }
    for (const state of runStates.filter(isActive)) expect(begins(all, state)).toMatch(/^All epochs are trained, and /)
    expect(begins(all, 'interrupted')).toBe('Interrupted after all epochs, before they were measured.')
  })

  it('has an answer that an interrupted run cannot better by itself', () => {
    const file = fixtureRun({ status: 'running', epochs: 10, epochsDone: 5 })
    const models = file.models.map((model) => ({
      ...model,
      history: { ...model.history, valLoss: model.history.valLoss.map(() => file.bounds.meanDigit) }
    }))
    expect(answerText({ ...file, models }, 'running')).toMatch(/ are still at the mean digit\.$/)
    expect(answerText({ ...file, models }, 'interrupted')).toMatch(/ are at the mean digit\.$/)
    const none = fixtureRun({ status: 'running', epochsDone: 0 })
    expect(answerText(none, 'interrupted')).toBe('Training ended before the first epoch was complete.')
    const time = (state: RunState) => new Map(provenance(file, state)).get('Time')
    expect([time('interrupted'), time('running')]).toEqual([
      expect.stringMatching(/, interrupted$/),
      expect.stringMatching(/, not ended yet$/)
    ])
  })

  it('gives a dash no cause that it does not have', () => {
    const without = (file: RunFile) => ({ ...file, bounds: { ...file.bounds, pcaMse: null } })
    expect(caption(without(fixtureRun({ latentDims: [2] })))).toMatch(/–: not measured\.$/)
    expect(caption(without(fixtureRun({ latentDims: [2], status: 'running', epochs: 5, epochsDone: 2 })))).toMatch(
      /–: not measured, since training has not come to its end\.$/
    )
    expect(caption(fixtureRun({ latentDims: [2] }))).not.toContain('–:')
  })
})

describe('diverged models', () => {
  it('are explained with what may help, and only where there are any', () => {
    const diverged = endingAt([0.12, 27.772])
    expect(caption(diverged)).toContain('Where a model has diverged, a smaller learning rate may help.')
    expect(new Map(definitions(diverged)).get('Diverged')).toContain(
      'validation BCE above 4 times that of the mean digit'
    )
    expect(everything(endingAt([0.12, Math.LN2]))).not.toMatch(/[Dd]iverged/)
  })

  it('are those of any one seed', () => {
    expect(caption(endingAt([0.12, 0.12, 0.12, 1.4], { experiment: { seeds: [1, 2] } }))).toContain('has diverged')
  })
})
