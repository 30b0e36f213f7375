// The command that the form and the report print is read back as the experiment that it was printed for.
import { expect, it } from 'vitest'
import { presets, type Experiment } from '@shared/experiment'
import { fullRunCommand, shortRunCommand } from '@shared/run-command'
import { experimentOf, runOptions, type RunValues } from '../../../src/main/cli/experiment-options'

const blog = presets['keras-blog']
const changed: Experiment = {
  ...blog,
  preset: 'custom',
  base: { ...blog.base, batchSize: 1000, learningRate: 1e-7 },
  varied: { key: 'latentDim', values: [2, 8] },
  seeds: [3]
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

it('prints what the command line reads back as the same experiment', () => {
  for (const experiment of [presets.article, blog, changed]) {
    const request = { experiment, device: 'cpu' }
    const commands = [
      shortRunCommand(request, 'article'),
      shortRunCommand(request, 'keras-blog'),
      fullRunCommand(request)
    ]
    const { name, preset } = experiment
    for (const command of commands) expect({ ...typed(command), name, preset }).toEqual(experiment)
  }
})
