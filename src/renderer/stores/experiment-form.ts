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
import { parseNumber } from '@shared/parse-number'

export type PresetName = keyof typeof presets
const presetNames = Object.keys(presets) as PresetName[]

/** Not offered yet: shown only where an experiment that was opened differs from the presets in them. */
const NOT_OFFERED: readonly HyperparameterKey[] = ['hidden', 'optimizer', 'loss']

/** The form as it is typed: text, not values, so that nothing is lost while it is wrong. */
export interface FormValues {
  /** Null: the name follows the other values. */
  name: string | null
  dataset: string
  varied: Experiment['varied']
  /** What stands in the field for one more value of the varied hyperparameter. */
  added: string
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
  const isUsual = (key: HyperparameterKey) =>
    presetNames.some((preset) => spelled(key, presets[preset].base[key]) === spelled(key, base[key]))
  return {
    name,
    dataset,
    varied: { key: varied.key, values: valuesOf(experiment) },
    added: '',
    texts: Object.fromEntries(stay.map((key) => [key, displayValue(key, base[key] as HyperparameterValue)])),
    fields: stay.filter((key) => !NOT_OFFERED.includes(key) || !isUsual(key)),
    seed: String(seed),
    seedOffsets: seeds.map((other) => other - seed)
  }
}

const spelled = (key: HyperparameterKey, value: HyperparameterValue | undefined) =>
  value === undefined ? '' : formatValue(key, value)

/** The greatest value that each hyperparameter may have here, as far as that is known. */
export type Limits = Partial<Record<HyperparameterKey, number>>

/** Limits by the data set, and by the training images typed where they can be used: else they alone are to blame. */
export function limitsOf({ texts }: Pick<FormValues, 'texts'>, dataset: DatasetInfo | undefined): Limits {
  const images = texts.trainLimit ?? ''
  const ofData: Limits = dataset
    ? { latentDim: dataset.rows * dataset.columns, batchSize: dataset.trainCount, trainLimit: dataset.trainCount }
    : {}
  return problemOf('trainLimit', images, ofData) ? ofData : { ...ofData, batchSize: parseNumber(images) }
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
  const { parse, schema, expected } = rowOf(key)
  const value = parse(text)
  const limit = limits[key]
  const isBeyond = limit !== undefined && Number(value) > limit
  if (v.is(schema, value) && !isBeyond) return null
  return refusal(text, value, limit === undefined ? expected : `a whole number from 1 to ${formatCount(limit)}`)
}

/** What stands against adding this text to the varied values, or null. */
export function problemOfAdded(form: FormValues, limits: Limits): string | null {
  const { varied, added, seedOffsets } = form
  const problem = problemOf(varied.key, added, limits)
  if (problem) return problem
  if (isThere(form)) return `${added.trim()} is there already. Give ${allowed.values}.`
  return problemOfCount(varied.values.length + 1, seedOffsets.length)
}

/** What stands against so many values, each of which is trained with every seed, or null. */
function problemOfCount(values: number, seeds: number): string | null {
  const models = values * seeds
  if (models <= MOST_MODELS) return null
  const product = seeds > 1 ? `, and ${values} values × ${seeds} seeds are ${formatCount(models)}` : ''
  return `${MOST_MODELS} models are the most${product}. Give at most ${Math.floor(MOST_MODELS / seeds)} values.`
}

function isThere({ varied: { key, values }, added }: FormValues): boolean {
  const typed = formatValue(key, rowOf(key).parse(added) as HyperparameterValue)
  return values.some((value) => formatValue(key, value) === typed)
}

function problemOfValues(form: FormValues, limits: Limits): string | null {
  const { key, values } = form.varied
  if (form.added.trim()) return problemOfAdded(form, limits)
  if (values.length === 0) return `No value is left. Give ${allowed.values}.`
  const problems = values.map((value) => problemOf(key, formatValue(key, value), limits))
  return problems.find((problem) => problem !== null) ?? null
}

function problemOfSeed({ seed, seedOffsets }: FormValues): string | null {
  const first = parseNumber(seed)
  const isUsable = seedOffsets.every((offset) => v.is(SeedSchema, first + offset))
  return isUsable ? null : refusal(seed, first, allowed.seed)
}

function refusal(text: string, value: unknown, expected: string): string {
  const typed = text.trim()
  if (!typed) return `Nothing is given. Give ${expected}.`
  return Number.isNaN(value)
    ? `“${typed}” is not a number. Give ${expected}.`
    : `${typed} can’t be used. Give ${expected}.`
}

/** The experiment that the form describes; what can't be used is as in the preset `base`. */
export function toExperiment(form: FormValues, base: PresetName): Omit<Experiment, 'name' | 'preset'> {
  const { dataset, varied, texts, added, seed, seedOffsets } = form
  const [first = 0] = valuesOf(presets[base])
  const usual = hyperparametersAt(presets[base], first)
  const read = (key: HyperparameterKey, text: string) => v.safeParse(rowOf(key).schema, rowOf(key).parse(text))
  const stay = Object.entries(texts).map(([name, text]) => {
    const key = name as HyperparameterKey
    const parsed = read(key, text)
    return [key, parsed.success ? parsed.output : usual[key]]
  })
  const more = read(varied.key, added)
  const values = more.success && !isThere(form) ? [...varied.values, more.output] : varied.values
  const firstSeed = v.safeParse(SeedSchema, parseNumber(seed))
  return {
    dataset,
    base: Object.fromEntries(stay) as Experiment['base'],
    varied: { key: varied.key, values: valuesOf({ varied: { key: varied.key, values } }) },
    seeds: seedOffsets.map((offset) => (firstSeed.success ? firstSeed.output : 0) + offset)
  }
}
