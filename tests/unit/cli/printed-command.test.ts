// The command that the form and the report print is read back as the experiment that it was printed for.
import { expect, it } from 'vitest'
import { presets, type Experiment } from '@shared/experiment'
import { variableKeys, type HyperparameterKey, type HyperparameterValue } from '@shared/hyperparameters'
import { fullRunCommand, shortRunCommand } from '@shared/command-line'
import { typedRun } from '../../fixtures/typed-run'

const blog = presets['keras-blog']
const fixed = { ...blog.base, latentDim: 12 }

/** Values of each hyperparameter that can be varied, in the order in which models have them. */
const values: Partial<Record<HyperparameterKey, HyperparameterValue[]>> = {
  latentDim: [1, 2, 784],
  hidden: [[], [128], [4096, 512, 128, 64]],
  activation: ['relu', 'tanh', 'linear', 'sigmoid'],
  optimizer: ['adam'],
  learningRate: [1e-7, 0.00031, 0.001, 100],
  loss: ['mse', 'bce'],
  batchSize: [1, 1000, 60_000],
  epochs: [1, 1000]
}

function varying(key: HyperparameterKey): Experiment {
  const { [key]: _, ...base } = fixed
  return { ...blog, preset: 'custom', base, varied: { key, values: values[key] ?? [] }, seeds: [3] }
}

const changed: Experiment = {
  ...blog,
  preset: 'custom',
  base: { ...blog.base, hidden: [128], batchSize: 1000, learningRate: 1e-7, loss: 'mse', trainLimit: 1000 },
  varied: { key: 'latentDim', values: [2, 8] },
  seeds: [4, 5, 6]
}

it.each<[string, Experiment]>([
  ['the article', presets.article],
  ['the blog', blog],
  ['other values and three seeds', changed],
  ...variableKeys.map((key): [string, Experiment] => [`${key} varied`, varying(key)])
])('%s', async (_, experiment) => {
  const request = { experiment, device: 'webgpu:Radeon' }
  const commands = [
    shortRunCommand(request, 'article'),
    shortRunCommand(request, 'keras-blog'),
    fullRunCommand(request)
  ]
  const { name, preset } = experiment
  for (const command of commands) {
    const [, words = ''] = command.split(' run -s lab -- run ')
    const typed = await typedRun(...words.split(' '))
    expect({ ...typed.experiment, name, preset }).toEqual(experiment)
    expect(typed.device).toBe('webgpu:Radeon')
  }
})
