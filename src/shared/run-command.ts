// The command line that trains an experiment: the form and the report print the same options in the same spelling.
import { latentDimsOf, presets, type EngineName, type Experiment } from './experiment'

export interface PlacedExperiment {
  experiment: Experiment
  /** What is null is left to the lab to choose. */
  engine: EngineName | null
  device: string | null
}

type PresetName = keyof typeof presets

const COMMAND = 'npm run -s lab -- run --preset'

/** Every hyperparameter by name, so that the line means the same whatever a preset may become. */
export function fullRunCommand({ experiment, engine, device }: PlacedExperiment): string {
  const { preset } = experiment
  return [COMMAND, preset === 'custom' ? 'article' : preset, ...optionsOf(experiment), ...placeOf(engine, device)].join(
    ' '
  )
}

/** The preset `base`, and what differs from it. */
export function shortRunCommand({ experiment, engine, device }: PlacedExperiment, base: PresetName): string {
  const known = optionsOf(presets[base])
  const changed = optionsOf(experiment).filter((option) => !known.includes(option))
  return [COMMAND, base, ...changed, ...placeOf(engine, device)].join(' ')
}

function optionsOf(experiment: Experiment): string[] {
  const { activation, batchSize, epochs, learningRate, seed, trainLimit } = experiment
  return [
    `--dims ${latentDimsOf(experiment).join(',')}`,
    `--epochs ${epochs}`,
    `--batch-size ${batchSize}`,
    `--activation ${activation}`,
    `--learning-rate ${learningRate}`,
    `--seed ${seed}`,
    `--train-limit ${trainLimit}`
  ]
}

/** What is left out is chosen when the command runs. */
function placeOf(engine: EngineName | null, device: string | null): string[] {
  return [...(engine === null ? [] : [`--engine ${engine}`]), ...(device === null ? [] : [`--device ${device}`])]
}
