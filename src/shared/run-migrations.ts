// Runs of older versions as the present one has them. A format that was ever written is read for ever.
import * as v from 'valibot'
import { errorKinds, LabError } from './errors'
import { modelsOf, type Experiment } from './experiment'
import { formatCount, formatPlural } from './format'
import { codeUnits, parameterCount } from './model'
import { RUN_FORMAT, RunFileSchema, type RunFile } from './run'

const numbers = v.array(v.nullable(v.number()))

/** Models took turns where they would not have kept within a budget of so many megabytes. */
const TurnsSchema = v.nullish(v.looseObject({ count: v.number(), memoryBudget: v.number() }))
type Turns = v.InferOutput<typeof TurnsSchema>

/** Format 1: the latent dimension alone could be varied, models were known by it, and an engine stood beside the device. */
const Format1Schema = v.looseObject({
  format: v.literal(1),
  experiment: v.looseObject({
    name: v.string(),
    preset: v.picklist(['article', 'keras-blog', 'custom']),
    dataset: v.string(),
    trainLimit: v.number(),
    varied: v.looseObject({ hyperparameter: v.literal('latentDim'), values: v.array(v.number()) }),
    activation: v.picklist(['tanh', 'relu', 'sigmoid', 'linear']),
    epochs: v.number(),
    batchSize: v.number(),
    learningRate: v.number(),
    seed: v.number()
  }),
  engine: v.string(),
  device: v.string(),
  hardware: v.string(),
  devices: v.optional(
    v.array(
      v.looseObject({
        engine: v.string(),
        device: v.string(),
        title: v.string(),
        hardware: v.string(),
        firstEpoch: v.number(),
        why: v.string(),
        turns: TurnsSchema,
        error: v.nullable(v.looseObject({ kind: v.picklist(errorKinds) }))
      })
    )
  ),
  models: v.array(
    v.looseObject({
      name: v.string(),
      history: v.looseObject({ trainLoss: numbers, valLoss: numbers, valMse: numbers }),
      metrics: v.nullable(v.looseObject({ bce: v.number() }))
    })
  ),
  dataset: v.looseObject({ rows: v.number(), columns: v.number() })
})
type Format1 = v.InferOutput<typeof Format1Schema>

/**
 * What run.json holds, whichever version wrote it. Throws LabError `bad-file` with `path` where it can't be read, and says so where a
 * newer version wrote it.
 */
export function readRun(content: unknown, path: string): RunFile {
  const { format } = v.parse(v.fallback(v.looseObject({ format: v.unknown() }), { format: undefined }), content)
  if (typeof format === 'number' && format > RUN_FORMAT) throw madeByNewer(path, format)
  if (format === 1) return parse(RunFileSchema, fromFormat1(parse(Format1Schema, content, path)), path)
  return parse(RunFileSchema, content, path)
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
  const parsed = v.safeParse(schema, content)
  if (parsed.success) return parsed.output
  const [issue] = parsed.issues
  throw new LabError('bad-file', `The run file ${path} is not usable`, {
    found: `${v.getDotPath(issue) ?? 'content'}: ${issue.received}`,
    expected: issue.expected ?? `a run file of format 1 to ${RUN_FORMAT}`
  })
}

function madeByNewer(path: string, format: number): LabError {
  return new LabError('bad-file', `The run file ${path} was made by a newer version of the application`, {
    found: `format ${format}`,
    expected: `format 1 to ${RUN_FORMAT}`,
    remedy: 'Update the application to open it'
  })
}
