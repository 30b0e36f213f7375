// Runs of older versions as the present one has them. A format that was ever written is read for ever.
import * as v from 'valibot'
import { errorKinds, LabError } from './errors'
import { modelsOf, MOST_MODELS, presetNames, type Experiment } from './experiment'
import { formatCount, formatPlural } from './format'
import { MOST_EPOCHS } from './hyperparameters'
import { issueInWords, isUnknownKey } from './issue'
import { codeUnits, parameterCount } from './model'
import { list, MOST_SEGMENTS, RUN_FORMAT, RunFileSchema, text, type RunFile } from './run'

/** What helps where run.json is damaged or was changed. */
export const DAMAGED_RUN_REMEDY = 'Put a whole copy of it in its place, or delete the run folder'

const losses = list(v.nullable(v.number()), MOST_EPOCHS)
const words = text(2000)

/** Models took turns where they would not have kept within a budget of so many megabytes. */
const TurnsSchema = v.nullish(v.looseObject({ count: v.number(), memoryBudget: v.number() }))
type Turns = v.InferOutput<typeof TurnsSchema>

/**
 * Format 1: the latent dimension alone could be varied, models were known by it, and an engine stood beside the device. Bounded like the
 * present format, which checks only what was made of it.
 */
const Format1Schema = v.looseObject({
  format: v.literal(1),
  experiment: v.looseObject({
    name: words,
    preset: v.picklist(['article', 'keras-blog', 'custom']),
    dataset: words,
    trainLimit: v.number(),
    varied: v.looseObject({ hyperparameter: v.literal('latentDim'), values: list(v.number(), MOST_MODELS) }),
    activation: v.picklist(['tanh', 'relu', 'sigmoid', 'linear']),
    epochs: v.number(),
    batchSize: v.number(),
    learningRate: v.number(),
    seed: v.number()
  }),
  engine: words,
  device: words,
  hardware: words,
  devices: v.optional(
    list(
      v.looseObject({
        engine: words,
        device: words,
        title: words,
        hardware: words,
        firstEpoch: v.number(),
        why: words,
        turns: TurnsSchema,
        error: v.nullable(v.looseObject({ kind: v.picklist(errorKinds) }))
      }),
      MOST_SEGMENTS
    )
  ),
  models: list(
    v.looseObject({
      name: words,
      history: v.looseObject({ trainLoss: losses, valLoss: losses, valMse: losses }),
      metrics: v.nullable(v.looseObject({ bce: v.number() }))
    }),
    MOST_MODELS
  ),
  dataset: v.looseObject({ rows: v.number(), columns: v.number() })
})
type Format1 = v.InferOutput<typeof Format1Schema>

/**
 * What run.json holds, whichever version wrote it. Throws LabError `bad-file` with `path` where it can't be read, and says so where a
 * newer version wrote it.
 */
export function readRun(content: unknown, path: string): RunFile {
  const { format } = (content ?? {}) as { format?: unknown }
  if (typeof format === 'number' && format > RUN_FORMAT) throw madeByNewer(path, format)
  if (format === 1) return parse(RunFileSchema, fromFormat1(parse(Format1Schema, content, path)), path)
  return parse(RunFileSchema, withKnownPreset(content), path)
}

/** A preset that only a newer version ships is `custom` here: its experiment says all that its name stands for. */
function withKnownPreset(content: unknown): unknown {
  const { experiment } = (content ?? {}) as { experiment?: { preset?: unknown } | null }
  const preset = experiment?.preset
  if (typeof preset !== 'string' || !/^[a-z-]{1,40}$/.test(preset)) return content
  if ((presetNames as readonly string[]).includes(preset)) return content
  return { ...(content as object), experiment: { ...experiment, preset: 'custom' } }
}

/** The experiment of a run in format 1 as it is now. */
export function experimentOfFormat1(old: Format1['experiment']): Experiment {
  const { name, preset, dataset, activation, learningRate, batchSize, epochs, trainLimit, varied, seed } = old
  const base = {
    hidden: [],
    activation,
    optimizer: 'adam',
    learningRate,
    loss: 'bce',
    batchSize,
    epochs,
    trainLimit
  } as const
  return {
    name,
    preset,
    dataset,
    base: { ...base, hidden: [] },
    varied: { key: 'latentDim', values: varied.values },
    seeds: [seed]
  }
}

function fromFormat1(old: Format1): unknown {
  const { engine, device, hardware, devices, ...rest } = old
  const experiment = experimentOfFormat1(old.experiment)
  const configs = modelsOf(experiment, old.dataset.rows * old.dataset.columns)
  const last = { engine, device, title: device, hardware, firstEpoch: 1, why: '', turns: null, error: null }
  const parts = devices && devices.length > 0 ? devices : [last]
  const segments = parts.map(({ title, hardware, firstEpoch, error, ...part }, index) => {
    const why = [part.why, turnsText(part.turns, parts[index - 1]?.turns)].filter(Boolean).join(', ')
    return { device: `${part.engine} ${part.device}`, title, hardware, firstEpoch, why, error }
  })
  const models = old.models.map((model, index) => {
    const { id, rank, seed, layers = [] } = configs[index] ?? { id: model.name, rank: index, seed: 0 }
    return { ...model, id, rank, seed, latentDim: codeUnits(layers), parameters: parameterCount(layers) }
  })
  return { ...rest, format: RUN_FORMAT, experiment, device: segments[segments.length - 1]?.device, segments, models }
}

/** What a segment's reason has to say of its models' turns; empty where they never took any. */
function turnsText(turns: Turns, before: Turns): string {
  if (!turns) return before ? 'with all models at once' : ''
  const budget = `the memory budget of ${formatCount(turns.memoryBudget)} MB`
  return `with models that train in ${formatPlural(turns.count, 'turn')}, to keep within ${budget}`
}

function parse<Output>(schema: v.GenericSchema<unknown, Output>, content: unknown, path: string): Output {
  const parsed = v.safeParse(schema, content, { abortEarly: true }) // a file may hold millions of issues
  if (parsed.success) return parsed.output
  const [issue] = parsed.issues
  const remedy = DAMAGED_RUN_REMEDY
  throw new LabError('bad-file', `The run file ${path} is not usable`, { ...inWords(issue, content), remedy })
}

function inWords(issue: v.BaseIssue<unknown>, content: unknown): { found: string; expected: string } {
  const aRun = `a run of format 1 to ${RUN_FORMAT}`
  if (content === undefined) return { found: 'no JSON', expected: aRun }
  const { found, expected } = issueInWords(issue)
  const place = v.getDotPath(issue)
  if (place === null) return { found, expected: aRun }
  if (isUnknownKey(issue)) return { found: `${found}, ${place}`, expected }
  return { found: `${place}: ${found}`, expected: expected || aRun }
}

/** A file that may well be whole, and can't be judged by this version. */
export class MadeByNewer extends LabError {}

function madeByNewer(path: string, format: number): MadeByNewer {
  return new MadeByNewer('bad-file', `The run file ${path} was made by a newer version of Bottleneck Lab`, {
    found: `format ${format}`,
    expected: `format 1 to ${RUN_FORMAT}`,
    remedy: 'Update Bottleneck Lab to open it'
  })
}
