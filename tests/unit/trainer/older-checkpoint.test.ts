// The checkpoint of a run in format 1 is read for the run that it belongs to and for no other.
import { describe, expect, it } from 'vitest'
import { LabError } from '@shared/errors'
import { modelsOf, type Experiment } from '@shared/experiment'
import { epochsDone } from '@shared/run'
import { readRun } from '@shared/run-migrations'
import { readCheckpoint } from '../../../src/main/trainer/checkpoint'
import { olderRunJson, olderRunPath, type OlderRun } from '../../fixtures/older-runs'

const fileOf = (name: OlderRun) => readRun(olderRunJson(name), 'run.json')

function readWith(name: OlderRun, changes: Partial<Experiment> = {}, datasetSha256 = fileOf(name).dataset.sha256) {
  const experiment = { ...fileOf(name).experiment, ...changes }
  const owner = { experiment, models: modelsOf(experiment, 784), datasetSha256 }
  return readCheckpoint(olderRunPath(name, 'checkpoint.safetensors'), owner)
}

describe.each<OlderRun>(['stopped', 'stopped-on-tensorflow', 'failed'])('of %s', (name) => {
  const file = fileOf(name)

  it('has the state of each model after the last epoch, and the run’s losses', async () => {
    const { states, history, seconds } = await readWith(name)
    const steps = Math.ceil((file.experiment.base.trainLimit ?? 0) / (file.experiment.base.batchSize ?? 0))
    expect(history).toHaveLength(epochsDone(file))
    expect(states.map(({ id, step }) => [id, step])).toEqual(
      file.models.map(({ id }) => [id, steps * epochsDone(file)])
    )
    file.models.forEach((model, index) => {
      expect(history.map(({ valLoss }) => valLoss[index])).toEqual(model.history.valLoss)
      const state = states[index]
      expect(state?.weights.map((tensor) => tensor.length)).toEqual([
        784 * model.latentDim,
        model.latentDim,
        784 * model.latentDim,
        784
      ])
      expect(state?.slots.map((tensors) => tensors.map((tensor) => tensor.length))).toEqual(
        [0, 1].map(() => state?.weights.map((tensor) => tensor.length))
      )
      for (const tensor of [...(state?.weights ?? []), ...(state?.slots.flat() ?? [])]) {
        expect(tensor.some((value) => value !== 0)).toBe(true)
        expect(tensor.every(Number.isFinite)).toBe(true)
      }
    })
    expect(seconds).toBeGreaterThan(0)
  })
})

const { base } = fileOf('stopped').experiment
it.each<[string, Partial<Experiment>]>([
  ['another seed', { seeds: [2] }],
  ['a further seed', { seeds: [1, 2] }],
  ['another width', { varied: { key: 'latentDim', values: [1, 3] } }],
  ['another activation', { base: { ...base, activation: 'relu' } }],
  ['another batch size', { base: { ...base, batchSize: 64 } }],
  ['another learning rate', { base: { ...base, learningRate: 0.01 } }],
  ['other images', { base: { ...base, trainLimit: 9999 } }],
  ['another loss', { base: { ...base, loss: 'mse' } }],
  ['a hidden layer', { base: { ...base, hidden: [2] } }]
])('of an experiment with %s it is refused', async (_, changes) => {
  const error: unknown = await readWith('stopped', changes).catch((thrown: unknown) => thrown)
  expect(error).toBeInstanceOf(LabError)
  expect((error as LabError).data).toMatchObject({
    kind: 'bad-file',
    found: 'the state of another experiment',
    expected: 'that of this run'
  })
})

it('another name and more epochs do not matter; other data do', async () => {
  expect((await readWith('stopped', { name: 'New', base: { ...base, epochs: 50 } })).history).toHaveLength(2)
  await expect(readWith('stopped', {}, 'a'.repeat(64))).rejects.toMatchObject({ kind: 'bad-file' })
})
