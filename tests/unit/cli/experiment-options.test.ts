// The experiment that the words of a command line ask for, by the parser that users meet.
import * as v from 'valibot'
import { describe, expect, it } from 'vitest'
import { experimentOf } from '../../../src/main/cli/experiment-options'
import { ExperimentSchema, presets, valuesOf } from '../../../src/shared/experiment'
import { hyperparameters, variableKeys, type HyperparameterKey } from '../../../src/shared/hyperparameters'
import { typedRun } from '../../fixtures/typed-run'

const typed = async (line: string) => (await typedRun(...line.split(' ').filter(Boolean))).experiment
const refusal = (line: string) => typed(line).then(String, (error: Error) => error.message)
const { article } = presets

it('makes the preset itself where nothing else is given, the article where not even that', async () => {
  expect(experimentOf({})).toEqual(article)
  expect(await typed('')).toEqual(article)
  expect(await typed('--preset keras-blog')).toEqual(presets['keras-blog'])
})

it('keeps the preset name for another seed or name, not for another recipe', async () => {
  expect(await typed('--preset keras-blog --seed 7 --name seven')).toEqual({
    ...presets['keras-blog'],
    seeds: [7],
    name: 'seven'
  })
  for (const line of [
    '--dims 2',
    '--epochs 3',
    '--batch-size 64',
    '--activation relu',
    '--learning-rate 0.01',
    '--train-limit 512',
    '--hidden 128',
    '--loss mse',
    '--seeds 2',
    '--vary epochs=2,3'
  ]) {
    expect((await typed(line)).preset, line).toBe('custom')
  }
})

it('has the preset name for the same values in another order, and for those of the other preset', async () => {
  const dims = [...valuesOf(article)].reverse().join()
  expect((await typed(`--dims ${dims}`)).preset).toBe('article')
  const { activation, batchSize, epochs, learningRate, trainLimit } = presets['keras-blog'].base
  const others = `--activation ${activation} --batch-size ${batchSize} --epochs ${epochs} --learning-rate ${learningRate}`
  const own = `--dims ${valuesOf(presets['keras-blog']).join()} --train-limit ${trainLimit}`
  expect((await typed(`--preset article ${own} ${others}`)).preset).toBe('keras-blog')
})

it('names a run as the window does', async () => {
  expect((await typed('--dims 2,4')).name).toBe('d = 2 and 4, Article')
  expect((await typed('--preset keras-blog --dims 2')).name).toBe('d = 2, Keras blog')
  expect((await typed('--epochs 3')).name).toBe('3 epochs, Article, six dimensions')
  expect((await typed('--preset activation --dims 8')).name).toBe('d = 8, Activations, four functions')
  const slow = await typed('--preset learning-rate --learning-rate 0.0017')
  expect(slow.varied).toEqual({ key: 'learningRate', values: [0.0017] })
  expect(slow.base.latentDim).toBe(16)
  expect((await typed('--vary activation=relu,tanh --dims 8 --seeds 2')).name).toBe(
    'activation = relu and tanh, d = 8, 2 seeds, Article'
  )
})

it('takes all values, and the schema takes what it makes', async () => {
  const experiment = await typedRun(
    ...['--preset', 'article', '--dims', '8, 2,128', '--hidden', '512-64', '--activation', 'linear'],
    ...['--optimizer', 'adam', '--learning-rate', '5e-4', '--loss', 'mse', '--batch-size', '1e2', '--epochs', '10'],
    ...['--train-limit', '60000', '--seed', '4294967294', '--seeds', '2', '--name', '  a name  ', '--device', 'cpu'],
    ...['--threads', '3']
  )
  expect(experiment).toEqual({
    experiment: {
      name: 'a name',
      preset: 'custom',
      dataset: 'mnist',
      base: {
        hidden: [512, 64],
        activation: 'linear',
        optimizer: 'adam',
        learningRate: 0.0005,
        loss: 'mse',
        batchSize: 100,
        epochs: 10,
        trainLimit: 60000
      },
      varied: { key: 'latentDim', values: [8, 2, 128] },
      seeds: [4294967294, 4294967295]
    },
    device: 'cpu',
    threads: 3
  })
  expect(v.safeParse(ExperimentSchema, experiment.experiment).success).toBe(true)
})

describe('--vary', () => {
  const lists: Record<string, [list: string, values: unknown[]]> = {
    latentDim: ['16,2', [16, 2]],
    hidden: ['none,128,512-64', [[], [128], [512, 64]]],
    activation: ['relu, tanh', ['relu', 'tanh']],
    optimizer: ['adam', ['adam']],
    learningRate: ['1e-3,0.01', [0.001, 0.01]],
    loss: ['mse,bce', ['mse', 'bce']],
    batchSize: ['64,128', [64, 128]],
    epochs: ['5,10', [5, 10]]
  }

  it.each(variableKeys)('%s, by its flag and by its key', async (key) => {
    const [list, values] = lists[key] ?? ['', []]
    for (const name of [hyperparameters[key].flag.slice(2), key]) {
      const { base, varied } = (await typedRun('--vary', `${name}=${list}`)).experiment
      expect(varied).toEqual({ key, values })
      const missing = (Object.keys(hyperparameters) as HyperparameterKey[]).filter((one) => base[one] === undefined)
      expect(missing).toEqual([key])
    }
  })

  it('what the preset varies and the user does not becomes the middle of its values, or what --dims says', async () => {
    expect((await typed('--vary loss=bce,mse')).base.latentDim).toBe(valuesOf(article)[3])
    expect((await typed('--vary loss=bce,mse --dims 5')).base.latentDim).toBe(5)
  })

  const keys = variableKeys.map((key) => hyperparameters[key].flag.slice(2)).join(', ')
  const expected = `expected a hyperparameter (${keys}), =, and its values separated by commas.\n`
  it.each(['seed=1,2', 'train-limit=100,200', 'activation', '=1', '__proto__=1'])('refuses %s', async (given) => {
    expect(await refusal(`--vary ${given}`)).toBe(`--vary is not usable: found ${given}, ${expected}`)
  })

  it.each<[given: string, key: HyperparameterKey, blamed: string]>([
    ['activation=', 'activation', 'nothing'],
    ['activation=relu,relu', 'activation', 'relu twice'],
    ['activation=step', 'activation', 'step'],
    ['learning-rate=0.1,0', 'learningRate', '0'],
    ['learningRate=1e-3,0.001', 'learningRate', '0.001 twice'],
    ['hidden=64,128--64', 'hidden', '128--64'],
    ['hidden=1-2-3-4-5', 'hidden', '1-2-3-4-5'],
    ['epochs=1;x', 'epochs', '1;x'],
    ['dims=0', 'latentDim', '0']
  ])('refuses %s with what may be given', async (given, key, blamed) => {
    const { flag, expected } = hyperparameters[key]
    expect(await refusal(`--vary ${given}`)).toBe(
      `--vary is not usable: found ${blamed} in ${given}, expected ${flag.slice(2)}= and 1 to 128 different values, separated by commas; each ${expected}.\n`
    )
  })

  it('is refused a second time', async () => {
    expect(await refusal('--vary epochs=2,4 --vary activation=relu,tanh')).toBe(
      '--vary is given twice. Vary one hyperparameter in a run; a command for several, sweep, does not exist yet.\n'
    )
  })

  it.each([
    ['--vary dims=2,4 --dims 8', '--dims and --vary dims=… both set the latent dimension. Give one of them.\n'],
    ['--vary epochs=2,4 --epochs 8', '--epochs and --vary epochs=… both set the epochs. Give one of them.\n'],
    [
      '--vary batch-size=2,4 --batch-size 8',
      '--batch-size and --vary batch-size=… both set the batch size. Give one of them.\n'
    ],
    [
      '--vary epochs=2,4 --dims 2,4',
      'A run varies one hyperparameter, and --dims 2,4 and --vary epochs=… are two. Vary one of them; a command for several, sweep, does not exist yet.\n'
    ],
    [
      '--vary batch-size=100,1000 --train-limit 500',
      '--batch-size is not usable: found 1000, expected a whole number from 1 to 500, the number of training images.\n'
    ]
  ])('refuses %s', async (line, message) => expect(await refusal(line)).toBe(message))
})

describe('--seeds', () => {
  it('means so many in a row, from --seed on, or from the preset’s', async () => {
    expect((await typed('--seeds 3')).seeds).toEqual([1, 2, 3])
    expect((await typed('--seed 7 --seeds 2')).seeds).toEqual([7, 8])
    expect((await typed('--seed 7')).seeds).toEqual([7])
    expect((await typed('--dims 2,4 --seeds 64')).seeds).toHaveLength(64)
  })

  it.each([
    ['--seeds 0', '--seeds is not usable: found 0, expected a whole number from 1 to 64.\n'],
    ['--seeds 65', '--seeds is not usable: found 65, expected a whole number from 1 to 64.\n'],
    ['--seeds 1.5', '--seeds is not usable: found 1.5, expected a whole number from 1 to 64.\n'],
    [
      '--seeds 1,2',
      '--seeds is not usable: found 1,2, expected a whole number from 1 to 64. Thousands are parted by a comma before each three digits, as in 1,000, or not at all.\n'
    ],
    ['--seeds 64', 'The number of models is not usable: found 384, expected at most 128, values × seeds.\n'],
    [
      '--seed 4294967295 --seeds 2',
      '--seeds is not usable: found [4294967295,4294967296], expected 1 to 64 whole numbers in a row from 0 to 4,294,967,295.\n'
    ]
  ])('refuses %s', async (line, message) => expect(await refusal(line)).toBe(message))
})
