// The sentence in which a value from outside is refused, whoever handed it in.
import * as v from 'valibot'
import { expect, it } from 'vitest'
import { callArguments } from '../../../src/shared/contract'
import { allowed, presets } from '../../../src/shared/experiment'
import { hyperparameters } from '../../../src/shared/hyperparameters'
import { issueInWords, quotedValue } from '../../../src/shared/issue'
import { defaultSettings } from '../../../src/shared/settings'

function refusalOf(call: keyof typeof callArguments, ...args: unknown[]) {
  const result = v.safeParse(callArguments[call] as v.GenericSchema, args)
  return result.success ? null : issueInWords(result.issues[0])
}

const { article } = presets
const start = (changes: object) => refusalOf('startRun', { ...article, ...changes }, 'cpu')
const startWith = (base: object) => start({ base: { ...article.base, ...base } })
const varying = (key: string, values: unknown[]) => start({ varied: { key, values } })
const withoutEpochs = Object.fromEntries(Object.entries(article.base).filter(([key]) => key !== 'epochs'))
const expected = (key: keyof typeof hyperparameters) => hyperparameters[key].expected

it.each([
  [startWith({ epochs: 0.5 }), ['epochs', '0.5', expected('epochs')]],
  [startWith({ epochs: '5' }), ['epochs', '"5"', expected('epochs')]],
  [
    startWith({ batchSize: 100, trainLimit: 50 }),
    ['batch size', '100', 'a whole number from 1 to 50, the number of training images']
  ],
  [startWith({ activation: 'step' }), ['activation', '"step"', expected('activation')]],
  [startWith({ hidden: [1, 2, 3, 4, 5] }), ['hidden layers', '[1,2,3,4,5]', expected('hidden')]],
  [startWith({ path: '/etc' }), ['path', 'an unknown key', '']],
  [startWith({ latentDim: 2 }), ['latent dimension', '2', 'no value beside the varied ones']],
  [start({ base: withoutEpochs }), ['epochs', 'nothing', expected('epochs')]],
  [varying('latentDim', [2, 0]), ['latent dimension', '0', expected('latentDim')]],
  [varying('latentDim', [2, 2]), ['values', '[2,2]', allowed.values]],
  [varying('trainLimit', [2]), ['varied hyperparameter', '"trainLimit"', allowed.key]],
  [start({ seeds: [1, 1] }), ['seeds', '[1,1]', allowed.seeds]],
  [start({ seeds: Array.from({ length: 64 }, (_, seed) => seed) }), ['models', '384', 'at most 128, values × seeds']],
  [start({ name: ' ' }), ['name', '" "', allowed.name]],
  [start({ path: '/etc' }), ['path', 'an unknown key', '']],
  [refusalOf('startRun', article, 7), ['device', '7', 'the name of a device']],
  [refusalOf('startRun', 7, 'cpu'), ['argument', '7', 'an object']],
  [refusalOf('startRun'), ['argument', 'nothing', 'an object']],
  [refusalOf('openRun'), ['run id', 'nothing', '1 to 64 small letters, digits and dashes']],
  [refusalOf('listRuns', 1), ['argument', '1', 'nothing']],
  [
    refusalOf('writeSettings', { ...defaultSettings, theme: 'pink' }),
    ['theme', '"pink"', 'one of system, light, dark']
  ],
  [refusalOf('writeSettings', { theme: 'dark' }), ['runs folder', 'nothing', 'a value']]
])('%j', (refusal, [name, found, expected]) => {
  expect(refusal).toEqual({ name, found, expected })
})

it('shows the beginning of what JSON has no text for', () => {
  const loop: Record<string, unknown> = {}
  loop.self = loop
  expect(quotedValue(loop)).toMatch(/^{"self":{"self":.*…$/)
  expect(quotedValue([2n, loop])).toMatch(/^\["2",{"self":.*…$/)
  expect(refusalOf('openRun', loop)?.found).toHaveLength(60)
})

it('takes no time for a list of billions of entries, wherever it stands', () => {
  const endless = Object.assign(new Array<unknown>(2 ** 32 - 1), { 0: 1 })
  expect(quotedValue({ list: endless })).toBe('{"list":[1]}')
  expect(varying('latentDim', endless)).toMatchObject({ name: 'values', found: '[1]' })
})

it('shows neither control characters nor halves of characters nor long keys', () => {
  expect(quotedValue('a\u001b[31m\ud800')).toBe('"a\ufffd[31m\ufffd"')
  expect(startWith({ ['\u0007' + 'a'.repeat(3000)]: 1 })?.name).toBe(`\ufffd${'a'.repeat(58)}…`)
})
