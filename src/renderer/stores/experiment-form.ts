// What the form of a new experiment knows: how typed text becomes an experiment, and what to say where it can't.
import * as v from 'valibot'
import type { DatasetInfo } from '@shared/run'
import {
  allowed,
  hyperparametersAt,
  MOST_MODELS,
  NameSchema,
  presets,
  SeedSchema,
  valuesOf,
  type Experiment
} from '@shared/experiment'
import { formatCount } from '@shared/format'
import {
  displayValue,
  formatValue,
  hyperparameterKeys,
  rowOf,
  type HyperparameterKey,
  type HyperparameterValue
} from '@shared/hyperparameters'
import { isNumber, parseNumber, spellingHint } from '@shared/parse-number'
import { typedValue, typedValues } from '@shared/typed-values'

export type PresetName = keyof typeof presets

/** The form as it is typed: text, not values, so that nothing is lost while it is wrong. */
export interface FormValues {
  /** Null: the name follows the other values. */
  name: string | null
  dataset: string
  varied: Experiment['varied']
  /** What stands in the field for more values of the varied hyperparameter, one or several with commas between. */
  added: string
  /** The values of each hyperparameter that was varied before in this form: it goes on with them when it is varied again. */
  formerly: Partial<Record<HyperparameterKey, HyperparameterValue[]>>
  /** The text that the varied hyperparameter had while it stayed; empty where it never did. */
  stayedAt: string
  /** The text of each hyperparameter that stays. */
  texts: Partial<Record<HyperparameterKey, string>>
  /** The hyperparameters that have a field, in order. */
  fields: HyperparameterKey[]
  seed: string
  /** What is added to the seed for each model of a value. */
  seedOffsets: number[]
}

/** What can be wrong; the varied hyperparameter stands for its values. */
export type FieldName = 'name' | 'seed' | HyperparameterKey
export type FormProblems = Partial<Record<FieldName, string>>

/** Fields that can be wrong, in the order they stand in the form. */
export function checkedFields({ varied, fields }: Pick<FormValues, 'varied' | 'fields'>): FieldName[] {
  return ['name', varied.key, ...fields, 'seed']
}

/** `batch size`: a field within a sentence. */
export function fieldLabel(field: FieldName): string {
  return field === 'name' || field === 'seed' ? field : rowOf(field).label.toLowerCase()
}

/** The values of an experiment as text. A preset's own name is left to follow the values. */
export function toForm(experiment: Experiment, name: string | null): FormValues {
  const { dataset, base, varied, seeds } = experiment
  const [seed = 0] = seeds
  const stay = hyperparameterKeys.filter((key) => key !== varied.key)
  return {
    name,
    dataset,
    varied: { key: varied.key, values: valuesOf(experiment) },
    added: '',
    formerly: {},
    stayedAt: '',
    texts: Object.fromEntries(stay.map((key) => [key, displayValue(key, base[key] as HyperparameterValue)])),
    fields: stay,
    seed: String(seed),
    seedOffsets: seeds.map((other) => other - seed)
  }
}

/**
 * The same form with another hyperparameter varied: by the values that it had when it was varied last, else by usual ones, its one value
 * among them. The one varied before stays where it stayed before that, as far as it has this value still, else at its middle one.
 */
export function varying(form: FormValues, key: HyperparameterKey, limits: Limits): FormValues {
  const { varied, formerly, stayedAt, texts } = form
  if (key === varied.key) return form
  const { [key]: text = '', ...others } = texts
  const typed = typedValue(key, text)
  const offered = (formerly[key] ?? usualValues(key)).filter((value) => !isBeyond(key, value, limits))
  const isNew = 'value' in typed && firstAgain(key, offered, [typed.value]) === undefined
  const all = varied.values.map((value) => displayValue(varied.key, value))
  const isStill = all.includes(stayedAt) || (all.length === 0 && stayedAt !== '')
  const [usual] = usualValues(varied.key)
  const middle = all[Math.floor(all.length / 2)] ?? (usual === undefined ? '' : displayValue(varied.key, usual))
  return {
    ...form,
    varied: { key, values: valuesOf({ varied: { key, values: isNew ? [typed.value, ...offered] : offered } }) },
    added: 'value' in typed ? '' : text,
    formerly: { ...formerly, [varied.key]: varied.values },
    stayedAt: text,
    texts: { ...others, [varied.key]: isStill ? stayedAt : middle },
    fields: hyperparameterKeys.filter((other) => other !== key)
  }
}

/** Those of the preset that varies the hyperparameter, else all names that it may have; of a number without a preset none. */
function usualValues(key: HyperparameterKey): HyperparameterValue[] {
  const preset = Object.values(presets).find(({ varied }) => varied.key === key)
  return preset ? valuesOf(preset) : [...(rowOf(key).choices ?? [])]
}

/** The greatest value that each hyperparameter may have here, as far as that is known. */
export type Limits = Partial<Record<HyperparameterKey, number>>

/** Limits by the data set, and by the training images typed where they can be used: else they alone are to blame. */
export function limitsOf({ texts }: Pick<FormValues, 'texts'>, dataset: DatasetInfo | undefined): Limits {
  const images = texts.trainLimit ?? ''
  const ofData: Limits = dataset
    ? { latentDim: dataset.rows * dataset.columns, batchSize: dataset.trainCount, trainLimit: dataset.trainCount }
    : {}
  return problemOf('trainLimit', images, ofData) ? ofData : { ...ofData, batchSize: parseNumber(images, 'whole') }
}

/** Every field that can't be used, with the sentence to show under it. */
export function problemsOf(form: FormValues, name: string, limits: Limits): FormProblems {
  const found: [FieldName, string | null][] = [
    ['name', v.is(NameSchema, name) ? null : `Give a name of ${allowed.name}.`],
    [form.varied.key, problemOfValues(form, limits)],
    ...form.fields.map((key): [FieldName, string | null] => [key, problemOf(key, form.texts[key] ?? '', limits)]),
    ['seed', problemOfSeed(form)]
  ]
  return Object.fromEntries(found.filter(([, problem]) => problem !== null)) as FormProblems
}

/** What stands against this text as a value of a hyperparameter, or null. */
export function problemOf(key: HyperparameterKey, text: string, limits: Limits): string | null {
  const typed = typedValue(key, text)
  if ('value' in typed && !isBeyond(key, typed.value, limits)) return null
  return refusal(text, expectedOf(key, limits), 'hint' in typed ? typed.hint : '', isWords(key, text))
}

/** What stands against adding the values of this text to the varied ones, or null. */
export function problemOfAdded({ varied, added, seedOffsets }: FormValues, limits: Limits): string | null {
  const { key, values } = varied
  const typed = typedValues(key, added)
  if ('hint' in typed) {
    const { hint, blamed } = typed
    return refusal(blamed, expectedOf(key, limits), hint, isWords(key, blamed))
  }
  const beyond = typed.value.find((value) => isBeyond(key, value, limits))
  if (beyond !== undefined) return refusal(formatValue(key, beyond), expectedOf(key, limits))
  const again = firstAgain(key, values, typed.value)
  if (again !== undefined) return `${formatValue(key, again)} is there already. Give ${allowed.values}.`
  return problemOfCount(values.length + typed.value.length, seedOffsets.length)
}

function isBeyond(key: HyperparameterKey, value: HyperparameterValue, limits: Limits): boolean {
  const limit = limits[key]
  return limit !== undefined && Number(value) > limit
}

function expectedOf(key: HyperparameterKey, limits: Limits): string {
  const limit = limits[key]
  return limit === undefined ? rowOf(key).expected : `a whole number from 1 to ${formatCount(limit)}`
}

/** Whether a text stands where one number is asked for and is none. */
const isWords = (key: HyperparameterKey, text: string) => Number.isNaN(rowOf(key).parse(text)) && !isNumber(text)

/** What stands against so many values, each of which is trained with every seed, or null. */
function problemOfCount(values: number, seeds: number): string | null {
  const models = values * seeds
  if (models <= MOST_MODELS) return null
  const product = seeds > 1 ? `, and ${values} values × ${seeds} seeds are ${formatCount(models)}` : ''
  return `${MOST_MODELS} models are the most${product}. Give at most ${Math.floor(MOST_MODELS / seeds)} values.`
}

/** The first of `added` that is among `values`, or twice in `added` itself. */
function firstAgain(
  key: HyperparameterKey,
  values: readonly HyperparameterValue[],
  added: readonly HyperparameterValue[]
): HyperparameterValue | undefined {
  const all = [...values, ...added].map((value) => formatValue(key, value))
  return added.find((_, index) => all.indexOf(all[values.length + index] ?? '') < values.length + index)
}

function problemOfValues(form: FormValues, limits: Limits): string | null {
  const { key, values } = form.varied
  if (form.added.trim()) return problemOfAdded(form, limits)
  if (values.length === 0) return `No value is left. Give ${allowed.values}.`
  const problems = values.map((value) => problemOf(key, formatValue(key, value), limits))
  return problems.find((problem) => problem !== null) ?? null
}

function problemOfSeed({ seed, seedOffsets }: FormValues): string | null {
  const first = parseNumber(seed, 'whole')
  const isUsable = seedOffsets.every((offset) => v.is(SeedSchema, first + offset))
  return isUsable ? null : refusal(seed, allowed.seed, spellingHint(seed, 'whole'), !isNumber(seed))
}

function refusal(text: string, expected: string, hint = '', isWords = false): string {
  const typed = text.trim()
  if (!typed) return `Nothing is given. Give ${expected}.`
  if (hint) return `${typed} can’t be used. ${hint}.`
  return isWords ? `“${typed}” is not a number. Give ${expected}.` : `${typed} can’t be used. Give ${expected}.`
}

/** The experiment that the form describes; what can't be used is as in the preset `base`. */
export function toExperiment(form: FormValues, base: PresetName): Omit<Experiment, 'name' | 'preset'> {
  const { dataset, varied, texts, added, seed, seedOffsets } = form
  const [first = 0] = valuesOf(presets[base])
  const usual = hyperparametersAt(presets[base], first)
  const stay = Object.entries(texts).map(([name, text]) => {
    const key = name as HyperparameterKey
    const typed = typedValue(key, text)
    return [key, 'value' in typed ? typed.value : usual[key]]
  })
  const more = typedValues(varied.key, added)
  const isNew = 'value' in more && firstAgain(varied.key, varied.values, more.value) === undefined
  const values = isNew ? [...varied.values, ...more.value] : varied.values
  const firstSeed = v.safeParse(SeedSchema, parseNumber(seed, 'whole'))
  return {
    dataset,
    base: Object.fromEntries(stay) as Experiment['base'],
    varied: { key: varied.key, values: valuesOf({ varied: { key: varied.key, values } }) },
    seeds: seedOffsets.map((offset) => (firstSeed.success ? firstSeed.output : 0) + offset)
  }
}
