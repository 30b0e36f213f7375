// The sentence in which a value from outside is refused, whoever handed it in.
import * as v from 'valibot'
import { expect, it } from 'vitest'
import { callArguments } from '../../../src/shared/contract'
import { allowed, presets } from '../../../src/shared/experiment'
import { allowedMemoryBudget } from '../../../src/shared/memory-budget'
import { issueInWords } from '../../../src/shared/issue'

function refusalOf(call: keyof typeof callArguments, ...args: unknown[]) {
  const result = v.safeParse(callArguments[call] as v.GenericSchema, args)
  return result.success ? null : issueInWords(result.issues[0])
}

const start = (changes: object) => refusalOf('startRun', { ...presets.article, ...changes }, 'onnxruntime', 'cpu')
const withoutEpochs = Object.fromEntries(Object.entries(presets.article).filter(([key]) => key !== 'epochs'))

it.each([
  [start({ epochs: 0.5 }), ['epochs', '0.5', allowed.epochs]],
  [start({ epochs: '5' }), ['epochs', '"5"', allowed.epochs]],
  [start({ batchSize: 100, trainLimit: 50 }), ['batch size', '100', allowed.batchSize]],
  [start({ varied: { hyperparameter: 'latentDim', values: [2, 0] } }), ['latent dimension', '0', allowed.latentDim]],
  [
    start({ varied: { hyperparameter: 'latentDim', values: [2, 2] } }),
    ['latent dimensions', '[2,2]', allowed.latentDims]
  ],
  [start({ varied: { hyperparameter: 'epochs', values: [2] } }), ['hyperparameter', '"epochs"', 'latentDim']],
  [start({ activation: 'step' }), ['activation', '"step"', allowed.activation]],
  [start({ name: ' ' }), ['name', '" "', allowed.name]],
  [start({ path: '/etc' }), ['path', '"/etc"', 'nothing']],
  [refusalOf('startRun', withoutEpochs, 'onnxruntime', 'cpu'), ['epochs', 'nothing', allowed.epochs]],
  [refusalOf('startRun', presets.article, 'abacus', 'cpu'), ['engine', '"abacus"', allowed.engine]],
  [refusalOf('startRun', 7, 'onnxruntime', 'cpu'), ['argument', '7', 'an object']],
  [refusalOf('startRun'), ['argument', 'nothing', 'an object']],
  [refusalOf('openRun'), ['run id', 'nothing', '1 to 64 small letters, digits and dashes']],
  [refusalOf('listRuns', 1), ['argument', '1', 'nothing']],
  [refusalOf('writeSettings', { theme: 'pink', runsFolder: null }), ['theme', '"pink"', 'system, light, dark']],
  [
    refusalOf('writeSettings', { theme: 'dark', runsFolder: null, memoryBudget: 0 }),
    ['memory budget', '0', allowedMemoryBudget]
  ],
  [refusalOf('writeSettings', { theme: 'dark' }), ['runs folder', 'nothing', 'a value']]
])('%j', (refusal, [name, found, expected]) => {
  expect(refusal).toEqual({ name, found, expected })
})
