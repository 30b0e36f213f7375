// What tells the compared runs apart, as rows of a table: recipe, data, device, seeds.
import { devicesLabel } from './devices'
import { presetTitle } from './experiment-name'
import { presets, valuesOf } from './experiment'
import { formatCount } from './format'
import { displayValue, hyperparameterKeys, hyperparameters } from './hyperparameters'
import { epochsDone, type RunFile } from './run'

export interface DifferenceRow {
  name: string
  /** One a run. */
  values: string[]
  isEqual: boolean
}

type Fact = readonly [name: string, of: (file: RunFile) => string]

const facts: readonly Fact[] = [
  ['Preset', ({ experiment: { preset } }) => (preset === 'custom' ? 'none' : presetTitle(presets[preset]))],
  ['Data set', ({ dataset }) => dataset.title],
  ['Data, SHA-256', ({ dataset }) => dataset.sha256.slice(0, 12)],
  ['What varies', ({ experiment: { varied } }) => hyperparameters[varied.key].label.toLowerCase()],
  ...hyperparameterKeys.map((key): Fact => [hyperparameters[key].label, (file) => valuesIn(file, key)]),
  ['Seeds', ({ experiment: { seeds } }) => seeds.join(', ')],
  ['Device', devicesLabel],
  ['Epochs trained', (file) => formatCount(epochsDone(file))],
  ['Version', ({ versions }) => versions['bottleneck-lab'] ?? '–']
]

function valuesIn({ experiment }: RunFile, key: (typeof hyperparameterKeys)[number]): string {
  const { base, varied } = experiment
  if (varied.key === key)
    return valuesOf(experiment)
      .map((value) => displayValue(key, value))
      .join(', ')
  const value = base[key]
  return value === undefined ? '–' : displayValue(key, value)
}

/** One row a fact; a fact in which all runs agree is `isEqual`. */
export function differencesOf(files: readonly RunFile[]): DifferenceRow[] {
  return facts.map(([name, of]) => {
    const values = files.map(of)
    return { name, values, isEqual: values.every((value) => value === values[0]) }
  })
}

/** The title of a data set; with the beginning of its digest where another one of `all` bears the same. */
export function titleAmong({ dataset }: RunFile, all: readonly RunFile[]): string {
  const { title, sha256 } = dataset
  const isShared = all.some((other) => other.dataset.title === title && other.dataset.sha256 !== sha256)
  return isShared ? `${title} (${sha256.slice(0, 6)})` : title
}

/** Why the images of these runs can't be laid over one another; null where they can: they are of the same data set. */
export function whyNotTogether(a: RunFile, b: RunFile): string | null {
  if (
    a.dataset.sha256 === b.dataset.sha256 &&
    a.dataset.rows === b.dataset.rows &&
    a.dataset.columns === b.dataset.columns
  )
    return null
  const [one, other] = [a, b].map((file) => titleAmong(file, [a, b]))
  return `${one} and ${other} are different data: their test images are not the same, so there is nothing to lay over one another.`
}
