import { expect, it } from 'vitest'
import { presets, type Experiment } from '@shared/experiment'
import { fullRunCommand, shortRunCommand } from '@shared/run-command'
import { experimentOf, runOptions, type RunValues } from '../../../src/main/cli/experiment-options'

const here = { engine: 'onnxruntime', device: 'cpu', memoryBudget: null } as const
const anywhere = { engine: null, device: null, memoryBudget: null }
const changed: Experiment = {
  ...presets['keras-blog'],
  preset: 'custom',
  varied: { hyperparameter: 'latentDim', values: [2, 8] },
  batchSize: 1000,
  learningRate: 1e-7,
  seed: 3
}

/** The experiment that the command line makes of a printed command. */
function typed(command: string): Experiment {
  const words = command.split(' ')
  const values: Record<string, unknown> = {}
  for (const [name, { flags, parse }] of Object.entries(runOptions)) {
    const at = words.indexOf(flags.split(' ')[0] ?? '')
    if (at >= 0) values[name] = parse(words[at + 1] ?? '')
  }
  return experimentOf(values as RunValues)
}

it('tells only what differs from the preset', () => {
  expect(shortRunCommand({ experiment: presets.article, ...anywhere }, 'article')).toBe(
    'npm run -s lab -- run --preset article'
  )
  expect(shortRunCommand({ experiment: changed, ...here, device: 'webgpu' }, 'keras-blog')).toBe(
    'npm run -s lab -- run --preset keras-blog --dims 2,8 --batch-size 1000 --learning-rate 1e-7 --seed 3 --engine onnxruntime --device webgpu'
  )
})

it('tells the memory budget where it makes a difference', () => {
  const command = shortRunCommand({ experiment: presets.article, ...anywhere, memoryBudget: 100 }, 'article')
  expect(command).toBe('npm run -s lab -- run --preset article --memory-budget 100')
})

it('tells everything where it has to last', () => {
  expect(fullRunCommand({ experiment: presets['keras-blog'], ...here })).toBe(
    'npm run -s lab -- run --preset keras-blog --dims 2,8,16,32,64,128 --epochs 50 --batch-size 256 --activation relu --learning-rate 0.001 --seed 1 --train-limit 60000 --engine onnxruntime --device cpu'
  )
})

it('prints what the command line reads back as the same experiment', () => {
  for (const experiment of [presets.article, presets['keras-blog'], changed]) {
    const commands = [
      shortRunCommand({ experiment, ...here }, 'article'),
      shortRunCommand({ experiment, ...here }, 'keras-blog'),
      fullRunCommand({ experiment, ...here })
    ]
    const { name, preset } = experiment
    for (const command of commands) expect({ ...typed(command), name, preset }).toEqual(experiment)
  }
})
