// The form and the command line by the same texts: what one takes, the other takes, and what is refused says how to write it.
import { describe, expect, it } from 'vitest'
import { presets } from '@shared/experiment'
import type { HyperparameterKey } from '@shared/hyperparameters'
import { hyperparameters } from '@shared/hyperparameters'
import {
  problemOf,
  problemOfAdded,
  problemsOf,
  toExperiment,
  toForm
} from '../../../src/renderer/stores/experiment-form'
import { typedRun } from '../../fixtures/typed-run'

const onCommandLine = (...argv: string[]) =>
  typedRun(...argv).then(
    ({ experiment }) => experiment,
    (error: Error) => error.message
  )
const typing = (key: HyperparameterKey, text: string) => {
  const form = toForm(presets.article, null)
  return { ...form, texts: { ...form.texts, [key]: text } }
}
const adding = (added: string) => ({
  ...toForm(presets.article, null),
  varied: { key: 'latentDim' as const, values: [] },
  added
})

describe('one value', () => {
  it.each<[key: HyperparameterKey, text: string, value: number]>([
    ['epochs', '1,000', 1000],
    ['epochs', '1000', 1000],
    ['epochs', '+5', 5],
    ['trainLimit', '60,000', 60_000],
    ['batchSize', '1e3', 1000],
    ['learningRate', '1e-3', 0.001]
  ])('%s: %s is taken by both', async (key, text, value) => {
    expect(toExperiment(typing(key, text), 'article').base[key]).toBe(value)
    expect(problemsOf(typing(key, text), 'name', {})).toEqual({})
    expect(await onCommandLine(hyperparameters[key].flag, text)).toMatchObject({ base: { [key]: value } })
  })

  it.each<[key: HyperparameterKey, text: string, hint: string]>([
    ['epochs', '1.000', 'A whole number has no decimal point: write 1,000 or 1000; or 1, if that is meant.'],
    ['trainLimit', '60.000', 'A whole number has no decimal point: write 60,000 or 60000; or 60, if that is meant.'],
    ['trainLimit', '60 000', 'Write 60,000 or 60000.'],
    ['batchSize', '1,00', 'Thousands are parted by a comma before each three digits, as in 1,000, or not at all.'],
    ['epochs', '１０', 'Write numbers with the digits 0 to 9.'],
    ['learningRate', '0,001', 'Decimals follow a point: write 0.001.']
  ])('%s: %s is refused by both, with how to write it', async (key, text, hint) => {
    expect(problemsOf(typing(key, text), 'name', {})).toEqual({ [key]: `${text} can’t be used. ${hint}` })
    const { flag, expected } = hyperparameters[key]
    expect(await onCommandLine(flag, text)).toBe(
      `${flag} is not usable: found ${text}, expected ${expected}. ${hint}\n`
    )
  })
})

describe('a list', () => {
  it.each([
    ['2, 4, 6', [2, 4, 6]],
    ['2,4,6', [2, 4, 6]],
    ['1,234', [1, 234]]
  ])('%s is taken by both', async (text, values) => {
    expect(problemOfAdded(adding(text), {})).toBeNull()
    expect(toExperiment(adding(text), 'article').varied.values).toEqual(values)
    expect(await onCommandLine('--dims', text)).toMatchObject({ varied: { key: 'latentDim', values } })
  })

  it.each([
    ['1,024', 'A comma separates values here: write 1024 for one number.'],
    ['8, 1, 024', 'A comma separates values here: write 1024 for one number.'],
    ['2 4 6', 'Separate values by commas: 2, 4, 6.'],
    ['2,,6', 'A comma has no value before or after it.']
  ])('%s is refused by both, with how to write it', async (text, hint) => {
    expect(problemOfAdded(adding(text), {})).toContain(hint)
    expect(toExperiment(adding(text), 'article').varied.values).toEqual([])
    expect(await onCommandLine('--dims', text)).toContain(` ${hint}`)
  })

  it('with values of the varied hyperparameter follows the same rules', async () => {
    expect(await onCommandLine('--vary', 'batch-size=1,000')).toContain('write 1000 for one number.')
    expect(await onCommandLine('--vary', 'learning-rate=0,001')).toContain('write 0.001 for one number.')
    expect(await onCommandLine('--vary', 'epochs=2, 4')).toMatchObject({ varied: { values: [2, 4] } })
  })

  it('torn at its spaces by the shell says so', async () => {
    expect(await onCommandLine('--dims', '2,', '4,', '6')).toContain('Put a list with spaces in quotes')
  })

  it('of hidden layers or names that are written in another way says how to write them, in form and command line', async () => {
    expect(problemOf('hidden', '128x64', {})).toBe('128x64 can’t be used. Write 128-64.')
    const varying = { ...adding('128x64, 64'), varied: { key: 'hidden' as const, values: [] } }
    expect(problemOfAdded(varying, {})).toBe('128x64 can’t be used. Write 128-64.')
    expect(await onCommandLine('--vary', 'hidden=64,128x64')).toMatch(/found 128x64 in .*\. Write 128-64\.\n$/)
    expect(await onCommandLine('--vary', 'activation=tanh,RELU')).toMatch(
      /found RELU in .*each one of tanh, relu, sigmoid, linear\. Write relu\.\n$/
    )
  })

  it('in the form is refused for a value that stands there twice, or is too large, by that value', () => {
    expect(problemOfAdded(adding('2, 4, 2'), {})).toBe('2 is there already. Give 1 to 128 different values.')
    expect(problemOfAdded(adding('2, 800'), { latentDim: 784 })).toBe(
      '800 can’t be used. Give a whole number from 1 to 784.'
    )
    expect(problemOfAdded(adding('2, x'), {})).toMatch(/^“x” is not a number/)
  })
})

it('--seed, --seeds and --threads read as hyperparameters do', async () => {
  expect(await onCommandLine('--seed', '4,294,967,295')).toMatchObject({ seeds: [4294967295] })
  for (const flag of ['--seed', '--seeds', '--threads']) {
    expect(await onCommandLine(flag, '1.000'), flag).toContain('write 1,000 or 1000')
  }
  const form = { ...toForm(presets.article, null), seed: '1.000' }
  expect(problemsOf(form, 'name', {}).seed).toContain('write 1,000 or 1000')
})
