// What an experiment is called while nobody has named it: after its preset, its dimensions, and what else was changed.
import { presets, type Experiment } from './experiment'
import { formatCount, formatCountInWords } from './format'

export type NamedValues = Pick<Experiment, 'activation' | 'batchSize' | 'epochs' | 'learningRate' | 'trainLimit'> & {
  latentDims: readonly number[]
}

const LONGEST = 80
/** So many dimensions are named one by one. */
const MOST_NAMED = 4

/** `Article, six dimensions` for the preset itself; `Article, d = 4 and 12, 20 epochs` where dimensions and epochs differ from it. */
export function suggestedName(values: NamedValues, base: keyof typeof presets): string {
  const preset = presets[base]
  const [title = preset.name, ownDimensions = ''] = preset.name.split(', ')
  const dims = [...values.latentDims].sort((a, b) => a - b)
  const isOwn = dims.join() === [...preset.varied.values].sort((a, b) => a - b).join()
  const parts = [title, isOwn ? ownDimensions : dimensions(dims), ...changes(values, preset)]
  return parts.join(', ').slice(0, LONGEST)
}

function dimensions(dims: number[]): string {
  if (dims.length > MOST_NAMED) return `${formatCountInWords(dims.length)} dimensions up to ${dims[dims.length - 1]}`
  if (dims.length < 2) return dims.length === 0 ? 'no dimension' : `d = ${dims[0]}`
  return `d = ${dims.slice(0, -1).join(', ')} and ${dims[dims.length - 1]}`
}

function changes(values: NamedValues, preset: Experiment): string[] {
  const changed = (key: keyof NamedValues & keyof Experiment, text: string) =>
    Object.is(values[key], preset[key]) ? [] : [text]
  return [
    ...changed('activation', values.activation),
    ...changed('epochs', `${formatCount(values.epochs)} epoch${values.epochs === 1 ? '' : 's'}`),
    ...changed('batchSize', `batch ${formatCount(values.batchSize)}`),
    ...changed('learningRate', `rate ${values.learningRate}`),
    ...changed('trainLimit', `${formatCount(values.trainLimit)} digits`)
  ]
}
