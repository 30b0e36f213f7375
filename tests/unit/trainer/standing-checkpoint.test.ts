import { mkdtemp, rename, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { modelsOf } from '@shared/experiment'
import { optimizers, type ModelConfig } from '@shared/model'
import { previousCheckpoint, writeCheckpoint, type Checkpoint } from '../../../src/main/trainer/checkpoint'
import { initialWeights } from '../../../src/main/trainer/initial-state'
import { readStandingCheckpoint, removePrevious } from '../../../src/main/trainer/last-checkpoint'
import { smallExperiment } from '../../fixtures/lab'

let folder: string
let path: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bottleneck-lab-standing-'))
  path = join(folder, 'checkpoint.safetensors')
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const experiment = smallExperiment()
const models = modelsOf(experiment, 784)
const owner = { experiment, models, datasetSha256: '0' }

function checkpointAfter(epochs: number): Checkpoint {
  const losses = { trainLoss: models.map(() => 0.2), valLoss: models.map(() => 0.2), valMse: models.map(() => 0.1) }
  return { states: models.map(stateOf), history: Array.from({ length: epochs }, () => losses), seconds: epochs }
}

function stateOf(model: ModelConfig) {
  const weights = initialWeights(model)
  const zeros = () => weights.map(({ length }) => new Float32Array(length))
  return { id: model.id, weights, slots: optimizers[model.optimizer].slots.map(zeros), step: 0 }
}

const epochsRead = async () => (await readStandingCheckpoint(path, owner)).history.length

test('between the two renames of a replacement the one before is read', async () => {
  await writeCheckpoint(path, checkpointAfter(1), owner)
  await rename(path, previousCheckpoint(path))
  expect(await epochsRead()).toBe(1)
})

test('where there is none, it says so of the last one', async () => {
  await expect(epochsRead()).rejects.toMatchObject({ kind: 'not-found', message: expect.stringContaining(path) })
})

test('is always there while a run replaces it, and deletes the one before, again and again', async () => {
  await writeCheckpoint(path, checkpointAfter(1), owner)
  const isOver = { is: false }
  const read: number[] = []
  const reader = (async () => {
    while (!isOver.is) read.push(await epochsRead())
  })()
  for (let turn = 0; turn < 30; turn++) {
    await writeCheckpoint(path, checkpointAfter(1 + (turn % 2)), owner)
    if (turn % 5 === 4) await removePrevious(path, owner)
  }
  isOver.is = true
  await reader
  expect(read.length).toBeGreaterThan(10)
  expect(read.filter((epochs) => epochs !== 1 && epochs !== 2)).toEqual([])
})
