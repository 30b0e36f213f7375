// The command line that trains an experiment: the form and the report print the same options in the same spelling.
import { presets, valuesOf, type Experiment } from './experiment'
import { formatValue, hyperparameterKeys, hyperparameters } from './hyperparameters'

/** An experiment and where it is to be trained. */
export interface RunRequest {
  experiment: Experiment
  /** Null: left to the lab to choose. */
  device: string | null
}

type PresetName = keyof typeof presets

/** How a command is started in a clone; an installed application has a program of its own. */
export const CLONE_PROGRAM = 'npm run -s lab --'

/** Every hyperparameter by name, so that the line means the same whatever a preset may become. */
export function fullRunCommand({ experiment, device }: RunRequest, program = CLONE_PROGRAM): string {
  const preset = experiment.preset === 'custom' ? [] : [`--preset ${experiment.preset}`]
  return [`${program} run`, ...preset, ...optionsOf(experiment), ...deviceOption(device)].join(' ')
}

/** The preset `base`, and what differs from it. */
export function shortRunCommand({ experiment, device }: RunRequest, base: PresetName, program = CLONE_PROGRAM): string {
  const known = optionsOf(presets[base])
  const changed = optionsOf(experiment).filter((option) => !known.includes(option))
  return [`${program} run`, `--preset ${base}`, ...changed, ...deviceOption(device)].join(' ')
}

function optionsOf({ dataset, base, varied, seeds }: Experiment): string[] {
  const stays = hyperparameterKeys.flatMap((key) => {
    const value = base[key]
    return value === undefined ? [] : [`${hyperparameters[key].flag} ${formatValue(key, value)}`]
  })
  const values = valuesOf({ varied }).map((value) => formatValue(varied.key, value))
  const { flag } = hyperparameters[varied.key]
  const varies = varied.key === 'latentDim' ? `${flag} ${values}` : `--vary ${flag.slice(2)}=${values}`
  const data = dataset === presets.article.dataset ? [] : [`--data ${dataset}`]
  return [...data, varies, ...stays, ...seedOptions(seeds)]
}

/** `--seeds n` means n seeds in a row from `--seed` on. */
function seedOptions(seeds: readonly number[]): string[] {
  return [`--seed ${seeds[0]}`, ...(seeds.length > 1 ? [`--seeds ${seeds.length}`] : [])]
}

/** A name of an adapter may have spaces: in double quotes, which every shell takes. */
const deviceOption = (device: string | null) => {
  if (device === null) return []
  return [`--device ${/^[\w:.-]+$/.test(device) ? device : `"${device}"`}`]
}
