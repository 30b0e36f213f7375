// What the previous version wrote is read as the present one has it: runs that it has made in earnest.
import * as v from 'valibot'
import { describe, expect, it } from 'vitest'
import { devicesLabel, moveSentences } from '@shared/devices'
import { LabError } from '@shared/errors'
import { modelsOf, presets } from '@shared/experiment'
import { epochsDone, RunFileSchema, type RunFile } from '@shared/run'
import { readRun } from '@shared/run-migrations'
import { seriesOf } from '@shared/series'
import { olderRunJson, olderRuns, type OlderRun } from '../../fixtures/older-runs'
import { fixtureRun } from '../../fixtures/run-file'

const read = (name: OlderRun) => readRun(olderRunJson(name), 'run.json')

function refusalOf(content: unknown): LabError {
  try {
    readRun(content, '/runs/a/run.json')
  } catch (error) {
    if (error instanceof LabError) return error
    throw error
  }
  throw new Error('was read')
}

describe.each(olderRuns)('%s', (name) => {
  const old = olderRunJson(name)
  const file = read(name)

  it('is a run of the present format, which reading again does not change', () => {
    expect(file).toEqual(v.parse(RunFileSchema, file))
    expect(readRun(JSON.parse(JSON.stringify(file)), 'run.json')).toEqual(file)
    expect(Object.keys(file)).not.toContain('engine')
  })

  it('keeps all that was said of it', () => {
    for (const key of ['id', 'status', 'seconds', 'createdAt', 'endedAt', 'error', 'dataset', 'bounds', 'versions']) {
      expect(file[key as keyof RunFile], key).toEqual(old[key])
    }
    const { models } = old as unknown as Pick<RunFile, 'models'>
    file.models.forEach(({ history, metrics, parameters, latentDim, name }, index) => {
      const { [index]: before } = models
      expect({ history, metrics, parameters, latentDim, name }).toEqual(before)
    })
    expect(file.models).toHaveLength(models.length)
  })

  it('has the models that its experiment has now', () => {
    const { rows, columns } = file.dataset
    const own = modelsOf(file.experiment, rows * columns)
    expect(file.models.map(({ id, rank, seed }) => ({ id, rank, seed }))).toEqual(
      own.map(({ id, rank, seed }) => ({ id, rank, seed }))
    )
    expect(seriesOf(file).map(({ label, val }) => [label, val.length])).toEqual(
      own.map(({ label }) => [label, epochsDone(file)])
    )
  })
})

it('an experiment has the hyperparameters that format 1 did not know', () => {
  const { name: _, ...recipe } = read('article-stopped').experiment
  const { name: __, ...article } = presets.article
  expect(recipe).toEqual(article)
  expect(read('keras-blog-finished').experiment).toEqual({
    name: 'Keras blog, d = 1, 2 epochs, 2,000 digits',
    preset: 'custom',
    dataset: 'mnist',
    base: {
      hidden: [],
      activation: 'relu',
      optimizer: 'adam',
      learningRate: 0.001,
      loss: 'bce',
      batchSize: 256,
      epochs: 2,
      trainLimit: 2000
    },
    varied: { key: 'latentDim', values: [1] },
    seeds: [1]
  })
})

describe('devices are named as they were', () => {
  const segmentsOf = (name: OlderRun) => read(name).segments.map(({ device, firstEpoch }) => [device, firstEpoch])

  it('one of them', () => {
    expect(read('stopped').device).toBe('onnxruntime cpu')
    expect(segmentsOf('stopped')).toEqual([['onnxruntime cpu', 1]])
    expect(read('stopped').segments[0]).toMatchObject({ title: 'CPU · 2 threads', why: 'chosen by you', error: null })
    expect(devicesLabel(read('stopped'))).toBe('CPU')
    expect(devicesLabel(read('stopped-on-tensorflow'))).toBe('TensorFlow CPU')
  })

  it('two of them, with why the run went on', () => {
    expect(segmentsOf('continued')).toEqual([
      ['tensorflow cpu', 1],
      ['onnxruntime cpu', 2]
    ])
    expect(devicesLabel(read('continued'))).toBe('TensorFlow CPU, then CPU')
    expect(moveSentences(read('continued'))).toEqual([
      'Training went on after epoch 1 on CPU · 2 threads (onnxruntime cpu): chosen by you. ' +
        'From there the figures agree with those of the other device to rounding, not bit for bit.'
    ])
    expect(read('moved').device).toBe('tensorflow cpu')
    expect(moveSentences(read('moved'))).toEqual([
      expect.stringMatching(
        /^CPU · 2 threads failed: The trainer process ended unexpectedly: found SIGKILL.* on CPU · 2 threads \(tensorflow cpu\)/
      )
    ])
    expect(read('failed').segments.map(({ error }) => error?.kind)).toEqual(['trainer-crashed', undefined])
  })

  it('with the turns that their models took', () => {
    const old = olderRunJson('continued')
    const [first, second] = old.devices as object[]
    const devices = [
      { ...first, turns: { count: 3, memoryBudget: 1000 } },
      { ...second, turns: { count: 1, memoryBudget: 20 } },
      { ...second, firstEpoch: 4, turns: null, why: '' }
    ]
    expect(readRun({ ...old, devices }, 'run.json').segments.map(({ why }) => why)).toEqual([
      'chosen by you, with models that train in 3 turns, to keep within the memory budget of 1,000 MB',
      'chosen by you, with models that train in 1 turn, to keep within the memory budget of 20 MB',
      'with all models at once'
    ])
  })

  it('of a version that kept no list of them', () => {
    const { devices: _, ...old } = olderRunJson('stopped')
    expect(readRun(old, 'run.json').segments).toEqual([
      {
        device: 'onnxruntime cpu',
        title: 'cpu',
        hardware: 'CPU · 2 threads, AMD EPYC',
        firstEpoch: 1,
        why: '',
        error: null
      }
    ])
    expect(readRun({ ...old, devices: [] }, 'run.json').segments).toHaveLength(1)
  })
})

describe('what is refused', () => {
  it('a run of a newer version, with what helps', () => {
    const { data } = refusalOf({ ...fixtureRun(), format: 3 })
    expect(data).toEqual({
      kind: 'bad-file',
      problem: 'The run file /runs/a/run.json was made by a newer version of Bottleneck Lab',
      found: 'format 3',
      expected: 'format 1 to 2',
      remedy: 'Update Bottleneck Lab to open it'
    })
    expect(refusalOf({ format: 4, engine: 'x' }).data.problem).toContain('newer version')
  })

  it.each<[string, (old: Record<string, unknown>) => unknown]>([
    ['without models', ({ models: _, ...rest }) => rest],
    ['without an experiment', ({ experiment: _, ...rest }) => rest],
    ['that varies something else', (old) => withExperiment(old, { varied: { hyperparameter: 'epochs', values: [1] } })],
    ['with an activation that never was', (old) => withExperiment(old, { activation: 'step' })],
    ['with a width of none', (old) => withExperiment(old, { varied: { hyperparameter: 'latentDim', values: [0] } })],
    ['with an unknown error', (old) => ({ ...old, error: { kind: 'odd' } })],
    ['with a status that never was', (old) => ({ ...old, status: 'odd' })]
  ])('a run of format 1 %s', (_, change) => {
    const { data } = refusalOf(change(olderRunJson('stopped')))
    expect(data).toMatchObject({ kind: 'bad-file', problem: 'The run file /runs/a/run.json is not usable' })
    expect(data.found).not.toBe('')
  })

  it.each<[string, (old: Record<string, unknown>) => unknown, string, string]>([
    [
      'values',
      (old) => withExperiment(old, { varied: { hyperparameter: 'latentDim', values: Array(129).fill(2) } }),
      'experiment.varied.values: 129 entries',
      'at most 128'
    ],
    [
      'models',
      (old) => ({ ...old, models: Array(129).fill((old.models as unknown[])[0]) }),
      'models: 129 entries',
      'at most 128'
    ],
    [
      'devices',
      (old) => ({ ...old, devices: Array(1001).fill((old.devices as unknown[])[0]) }),
      'devices: 1,001 entries',
      'at most 1,000'
    ],
    ['losses', withLosses(1001), 'models.0.history.trainLoss: 1,001 entries', 'at most 1,000'],
    ['letters', (old) => ({ ...old, hardware: 'x'.repeat(2001) }), 'hardware: 2,001 characters', 'at most 2,000']
  ])('a run of format 1 with too many %s, before anything is made of them', (_, change, found, expected) => {
    expect(refusalOf(change(olderRunJson('stopped'))).data).toMatchObject({ found, expected })
  })

  it('a long list of what is not wanted, by its length and not item by item', () => {
    const run = JSON.parse(JSON.stringify(fixtureRun())) as Record<string, unknown> & { models: { history: object }[] }
    run.models.forEach((model) => (model.history = { trainLoss: Array(1001).fill('x'), valLoss: [], valMse: [] }))
    expect(refusalOf(run).data).toMatchObject({ found: 'models.0.history.trainLoss: 1,001 entries' })
  })

  it.each([
    '',
    'yesterday',
    '2026-11-30',
    '2026-11-30T10:00:00',
    '2026-13-30T10:00:00.000Z',
    '2026-11-30T11:00:00+01:00'
  ])('a run, of any format, that began at %j', (moment) => {
    const expected = 'one like 2026-11-30T10:00:00.000Z'
    for (const run of [olderRunJson('stopped'), fixtureRun()]) {
      expect(refusalOf({ ...run, createdAt: moment }).data).toMatchObject({ found: `createdAt: "${moment}"`, expected })
      expect(refusalOf({ ...run, endedAt: moment }).data).toMatchObject({ found: `endedAt: "${moment}"`, expected })
    }
  })

  it.each([null, 7, 'text', [], {}, { format: 0 }, { format: '2' }, { format: NaN }])('no run: %j', (content) => {
    expect(refusalOf(content).kind).toBe('bad-file')
  })
})

function withLosses(count: number) {
  return ({ models, ...rest }: Record<string, unknown>) => {
    const [model] = models as { history: object }[]
    return { ...rest, models: [{ ...model, history: { ...model?.history, trainLoss: Array(count).fill(0.5) } }] }
  }
}

function withExperiment(old: Record<string, unknown>, changes: object): unknown {
  return { ...old, experiment: { ...(old.experiment as object), ...changes } }
}

it('a changed key is called unknown, and every refusal says what helps', () => {
  const changed = JSON.parse(JSON.stringify(fixtureRun()).replace('"batchSize"', '"batchSizf"')) as object
  const remedy = 'Put a whole copy of it in its place, or delete the run folder.'
  expect(refusalOf(changed).message).toBe(
    `The run file /runs/a/run.json is not usable: found an unknown key, experiment.base.batchSizf. ${remedy}`
  )
  for (const content of [undefined, 7, { ...changed, format: 1 }, { ...fixtureRun(), seconds: 'long' }])
    expect(refusalOf(content).message).toContain(remedy)
})
