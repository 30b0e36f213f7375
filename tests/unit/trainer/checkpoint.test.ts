// A checkpoint comes back bit for bit, and nothing that differs from it in one bit is taken for one.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { LabError } from '@shared/errors'
import { modelsOf, presets, type Experiment } from '@shared/experiment'
import { randomStream } from '@shared/random'
import {
  experimentDigest,
  readCheckpoint,
  writeCheckpoint,
  type Checkpoint
} from '../../../src/main/trainer/checkpoint'
import { initialState } from '../../../src/main/trainer/initial-state'

const PIXELS = 784
const experiment: Experiment = {
  ...presets.article,
  base: { ...presets.article.base, trainLimit: 100, batchSize: 30 },
  varied: { key: 'latentDim', values: [2, 1] }
}
const ownerOf = (of: Experiment) => ({ experiment: of, models: modelsOf(of, PIXELS), datasetSha256: 'a'.repeat(64) })
const owner = ownerOf(experiment)
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
  const states = owner.models.map((model) => ({ ...initialState(model), step: 8 }))
  for (const { id, weights, slots } of states) {
    for (const [kind, tensors] of [weights, ...slots].entries()) {
      for (const [index, tensor] of tensors.entries()) {
        const random = randomStream(id, kind, index)
        tensor.forEach((_, i) => (tensor[i] = random() - 0.5))
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
  expect(header.__metadata__).toMatchObject({ format: 'bottleneck-lab-2', epoch: '2' })
})

describe('damage', () => {
  test('a file cut at any place', async () => {
    const header = 8 + Number(bytes.readBigUInt64LE())
    const places = [0, 1, 7, 8, 9, header - 1, header, header + 1, header + 4, bytes.length - 4, bytes.length - 1]
    for (const place of places)
      await expectRefused(bytes.subarray(0, place), /bytes of a file that was cut off, expected/)
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

  test('a file larger than any state of this experiment', () => expectRefused(Buffer.alloc(17 * 2 ** 20), /at most/))

  test('other contents', async () => {
    await expectRefused(Buffer.from('{"format":1}'.repeat(100)))
    await expectRefused(Buffer.alloc(4096))
  })

  test('a folder in its place', async () => {
    await expect(readCheckpoint(folder, owner)).rejects.toMatchObject({ kind: 'bad-file' })
  })
})

describe('a checkpoint of something else', () => {
  test.each<[string, Partial<Experiment>]>([
    ['another seed', { seeds: [12345] }],
    ['another batch size', { base: { ...experiment.base, batchSize: 29 } }],
    ['other widths', { varied: { key: 'latentDim', values: [1, 3] } }],
    ['another activation', { base: { ...experiment.base, activation: 'relu' } }],
    ['another loss', { base: { ...experiment.base, loss: 'mse' } }],
    ['hidden layers', { base: { ...experiment.base, hidden: [3] } }]
  ])('%s', async (_, changes) => {
    const result = await readBytes(bytes, ownerOf({ ...experiment, ...changes }))
    expect((result as LabError).message).toMatch(/found the state of another experiment/)
  })

  test('other data', async () => {
    const result = await readBytes(bytes, { ...owner, datasetSha256: 'b'.repeat(64) })
    expect((result as LabError).message).toMatch(/found a state trained on other data/)
  })

  test('the name, the preset, the number of epochs and the order of widths do not matter', () => {
    const varied = { key: 'latentDim' as const, values: [1, 2] }
    const base = { ...experiment.base, epochs: 7 }
    const same = { ...experiment, name: 'x', preset: 'custom' as const, base, varied }
    expect(experimentDigest(same)).toBe(experimentDigest(experiment))
  })
})

test('a missing checkpoint is not found', async () => {
  await expect(readCheckpoint(join(folder, 'none'), owner)).rejects.toMatchObject({ kind: 'not-found' })
})

test('a deep model of several seeds comes back as well, each tensor under its own name', async () => {
  const deep = { ...experiment, base: { ...experiment.base, hidden: [5] }, seeds: [1, 2] }
  const of = ownerOf(deep)
  const deepPath = join(folder, 'deep.safetensors')
  const four = [1, 2, 3, 4]
  const history = [{ trainLoss: four, valLoss: four, valMse: four }]
  const checkpoint = { states: of.models.map((model) => ({ ...initialState(model), step: 4 })), history, seconds: 1 }
  await writeCheckpoint(deepPath, checkpoint, of)
  expect(await readCheckpoint(deepPath, of)).toEqual(checkpoint)
  expect(await readFile(deepPath, 'latin1')).toContain('"d=2.seed=2.encoder.1.weight.v"')
})
