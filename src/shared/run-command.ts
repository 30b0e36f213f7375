// The command line that trains an experiment: the form and the report print the same options in the same spelling.
import { latentDimsOf, presets, type EngineName, type Experiment } from './experiment'

export interface PlacedExperiment {
  experiment: Experiment
  /** What is null is left to the lab to choose. */
  engine: EngineName | null
  device: string | null
  /** Megabytes, where they made models take turns; null where they made no difference. */
  memoryBudget: number | null
}

type PresetName = keyof typeof presets

const COMMAND = 'npm run -s lab -- run'

/** Every hyperparameter by name, so that the line means the same whatever a preset may become. */
export function fullRunCommand(placed: PlacedExperiment): string {
  const { experiment } = placed
  const preset = experiment.preset === 'custom' ? [] : [`--preset ${experiment.preset}`]
  return [COMMAND, ...preset, ...optionsOf(experiment), ...placeOf(placed)].join(' ')
}

/** The preset `base`, and what differs from it. */
export function shortRunCommand(placed: PlacedExperiment, base: PresetName): string {
  const known = optionsOf(presets[base])
  const changed = optionsOf(placed.experiment).filter((option) => !known.includes(option))
  return [COMMAND, `--preset ${base}`, ...changed, ...placeOf(placed)].join(' ')
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
function placeOf({ engine, device, memoryBudget }: Omit<PlacedExperiment, 'experiment'>): string[] {
  const options = { engine, device, 'memory-budget': memoryBudget }
  return Object.entries(options).flatMap(([name, value]) => (value === null ? [] : [`--${name} ${value}`]))
}
