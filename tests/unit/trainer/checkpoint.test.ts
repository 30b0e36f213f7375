// A checkpoint comes back bit for bit, and nothing that differs from it in one bit is taken for one.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { LabError } from '@shared/errors'
import { presets, type Experiment } from '@shared/experiment'
import { randomStream } from '@shared/random'
import {
  experimentDigest,
  readCheckpoint,
  writeCheckpoint,
  type Checkpoint
} from '../../../src/main/trainer/checkpoint'
import { tensorNames } from '../../../src/main/trainer/engine'
import { initialState } from '../../../src/main/trainer/initialize'
import { modelSpecs } from '../../../src/main/trainer/model-specs'

const experiment: Experiment = {
  ...presets.article,
  trainLimit: 100,
  batchSize: 30,
  varied: { hyperparameter: 'latentDim', values: [2, 1] }
}
const owner = { experiment, datasetSha256: 'a'.repeat(64) }
const losses = { trainLoss: [0.1, 1 / 3], valLoss: [0.2, 2e-300], valMse: [5, 6] }
let folder: string
let path: string
let saved: Checkpoint
let bytes: Buffer

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bottleneck-lab-checkpoint-'))
  path = join(folder, 'checkpoint.safetensors')
  saved = { states: trainedStates(), history: [losses, losses], seconds: 12.345678901234567 }
  await writeCheckpoint(path, saved, owner)
  bytes = await readFile(path)
})
afterAll(() => rm(folder, { recursive: true, force: true }))

/** States after two epochs of four steps, every tensor full of its own random numbers. */
function trainedStates() {
  const states = modelSpecs(experiment).map((model) => ({ ...initialState(model, 7), step: 8 }))
  for (const state of states) {
    for (const part of ['weights', 'firstMoment', 'secondMoment'] as const) {
      for (const name of tensorNames) {
        const random = randomStream(state.name, part, name)
        state[part][name].forEach((_, i, tensor) => (tensor[i] = random() - 0.5))
      }
    }
  }
  return states
}

async function readBytes(content: Uint8Array, of = owner): Promise<Checkpoint | LabError> {
  const other = join(folder, 'other.safetensors')
  await writeFile(other, content)
  return readCheckpoint(other, of).catch((error: unknown) => {
    if (error instanceof LabError) return error
    throw error
  })
}

async function expectRefused(content: Uint8Array, found?: RegExp): Promise<void> {
  const result = await readBytes(content)
  expect(result).toBeInstanceOf(LabError)
  const { kind, message } = result as LabError
  expect(kind).toBe('bad-file')
  if (found) expect(message).toMatch(found)
}

test('what is written is read back bit for bit', async () => {
  expect(await readCheckpoint(path, owner)).toEqual(saved)
})

test('the file is a plain safetensors file that names its tensors', () => {
  const length = Number(bytes.readBigUInt64LE())
  const header = JSON.parse(bytes.toString('utf8', 8, 8 + length)) as Record<string, { shape?: number[] }>
  expect(length % 8).toBe(0)
  expect(Object.keys(header)).toHaveLength(1 + 2 * 4 * 3)
  expect(header['d=2.encoder.weight']).toEqual({
    dtype: 'F32',
    shape: [784, 2],
    data_offsets: [expect.any(Number), expect.any(Number)]
  })
  expect(header['d=2.decoder.bias.v']?.shape).toEqual([784])
  expect(header.__metadata__).toMatchObject({ format: 'bottleneck-lab-1', epoch: '2', step: '8' })
})

describe('damage', () => {
  test('a file cut at any place', async () => {
    const header = 8 + Number(bytes.readBigUInt64LE())
    const places = [0, 1, 7, 8, 9, header - 1, header, header + 1, header + 4, bytes.length - 4, bytes.length - 1]
    for (const place of places) await expectRefused(bytes.subarray(0, place))
  })

  test('a file that goes on after its end', () =>
    expectRefused(Buffer.concat([bytes, Buffer.alloc(4)]), /bytes by its header/))

  test('one flipped bit, anywhere', async () => {
    const random = randomStream('flips')
    const header = 8 + Number(bytes.readBigUInt64LE())
    const inHeader = Array.from({ length: 100 }, () => Math.floor(random() * header))
    const anywhere = Array.from({ length: 50 }, () => Math.floor(random() * bytes.length))
    for (const place of [...Array(8).keys(), ...inHeader, ...anywhere]) {
      const damaged = Buffer.from(bytes)
      damaged[place] = (damaged[place] ?? 0) ^ (1 << Math.floor(random() * 8))
      await expectRefused(damaged)
    }
  })

  test('a header that claims a terabyte', async () => {
    const damaged = Buffer.from(bytes)
    damaged.writeBigUInt64LE(2n ** 40n)
    await expectRefused(damaged, /a header of 1099511627776 bytes/)
  })

  test('a file larger than any state of this experiment', () => expectRefused(Buffer.alloc(5 * 2 ** 20), /at most/))

  test('other contents', async () => {
    await expectRefused(Buffer.from('{"format":1}'.repeat(100)))
    await expectRefused(Buffer.alloc(4096))
  })

  test('a folder in its place', async () => {
    await expect(readCheckpoint(folder, owner)).rejects.toMatchObject({ kind: 'bad-file' })
  })
})

describe('a checkpoint of something else', () => {
  test.each([
    ['another seed', { seed: 12345 }],
    ['another batch size', { batchSize: 29 }],
    ['other widths', { varied: { hyperparameter: 'latentDim' as const, values: [1, 3] } }],
    ['another activation', { activation: 'relu' as const }]
  ])('%s', async (_, changes) => {
    const result = await readBytes(bytes, { ...owner, experiment: { ...experiment, ...changes } })
    expect((result as LabError).message).toMatch(/found the state of another experiment/)
  })

  test('other data', async () => {
    const result = await readBytes(bytes, { ...owner, datasetSha256: 'b'.repeat(64) })
    expect((result as LabError).message).toMatch(/found a state trained on other data/)
  })

  test('the name, the preset and the order of widths do not matter', () => {
    const varied = { hyperparameter: 'latentDim' as const, values: [1, 2] }
    expect(experimentDigest({ ...experiment, name: 'x', preset: 'custom', varied })).toBe(experimentDigest(experiment))
  })
})

test('a missing checkpoint is not found', async () => {
  await expect(readCheckpoint(join(folder, 'none'), owner)).rejects.toMatchObject({ kind: 'not-found' })
})
