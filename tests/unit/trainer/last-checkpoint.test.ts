// Of the last checkpoint and the one before, one is whole at any instant; what can't be trusted is refused by what is wrong with it.
import { createHash } from 'node:crypto'
import { mkdtemp, readdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { modelsOf, presets, type Experiment } from '@shared/experiment'
import {
  previousCheckpoint,
  readCheckpoint,
  writeCheckpoint,
  type Checkpoint
} from '../../../src/main/trainer/checkpoint'
import type { ModelState } from '../../../src/main/trainer/engines/engine'
import { initialState } from '../../../src/main/trainer/initial-state'
import { removePrevious, resumeCheckpoint } from '../../../src/main/trainer/last-checkpoint'

const LAST = 'checkpoint.safetensors'
const PREVIOUS = 'checkpoint.previous.safetensors'
const experiment: Experiment = {
  ...presets.article,
  base: { ...presets.article.base, trainLimit: 100, batchSize: 30 },
  varied: { key: 'latentDim', values: [2] }
}
const owner = { experiment, models: modelsOf(experiment, 784), datasetSha256: 'a'.repeat(64) }
const losses = (value: number) => ({ trainLoss: [value], valLoss: [0.2], valMse: [1 / 3] })
let folder: string
let path: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bottleneck-lab-last-'))
  path = join(folder, LAST)
  expect(previousCheckpoint(path)).toBe(join(folder, PREVIOUS))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

function after(epochs: number): Checkpoint {
  const states = owner.models.map((model) => ({ ...initialState(model), step: 4 * epochs }))
  return { states, history: Array.from({ length: epochs }, (_, index) => losses(index)), seconds: epochs }
}

const write = (epochs: number) => writeCheckpoint(path, after(epochs), owner)
const names = async () => (await readdir(folder)).sort()

async function flip(file: string, place: number): Promise<void> {
  const bytes = await readFile(file)
  bytes[place] = (bytes[place] ?? 0) ^ 4
  await writeFile(file, bytes)
}

test('a last checkpoint that the disk does not hand over is not given up for the one before', async (context) => {
  context.skip(process.platform === 'win32', 'needs a link without privileges')
  await write(1)
  await write(2)
  await rm(path)
  await symlink(LAST, path) // a loop: the system can't open it, and nothing is known of what it holds
  await expect(resumeCheckpoint(path, owner)).rejects.toThrow(/can’t be read/)
  expect(await names()).toEqual([PREVIOUS, LAST])
  expect(await readCheckpoint(join(folder, PREVIOUS), owner)).toEqual(after(1))
})

test('the checkpoint before stays beside the last until that is read back whole', async () => {
  await write(1)
  expect(await names()).toEqual([LAST])
  await write(2)
  await write(3)
  expect(await names()).toEqual([PREVIOUS, LAST])
  expect(await readCheckpoint(join(folder, PREVIOUS), owner)).toEqual(after(2))
  expect(await resumeCheckpoint(path, owner)).toEqual({ checkpoint: after(3), lost: null })

  await flip(path, 5000)
  await removePrevious(path, owner)
  expect(await names()).toEqual([PREVIOUS, LAST])
  await flip(path, 5000)
  await removePrevious(path, owner)
  expect(await names()).toEqual([LAST])
})

test('where the last is damaged the one before takes its place, and is never pushed out by the damaged one', async () => {
  await write(1)
  await write(2)
  await flip(path, 5000)
  const { checkpoint, lost } = await resumeCheckpoint(path, owner)
  expect(checkpoint).toEqual(after(1))
  expect(lost).toMatchObject({ kind: 'bad-file', found: 'content that was changed' })
  expect(await names()).toEqual([LAST])
  await write(2)
  expect(await readCheckpoint(join(folder, PREVIOUS), owner)).toEqual(after(1))
})

test('where neither is whole, the last one’s fault is told and both stay', async () => {
  await write(1)
  await write(2)
  await flip(path, 5000)
  await writeFile(join(folder, PREVIOUS), 'nothing')
  await expect(resumeCheckpoint(path, owner)).rejects.toMatchObject({ data: { found: 'content that was changed' } })
  expect(await names()).toEqual([PREVIOUS, LAST])
})

test('after a kill between the two renames the one before is there, and nothing is lost that was told', async () => {
  await write(1)
  await write(2)
  await rename(path, join(folder, PREVIOUS))
  const { checkpoint, lost } = await resumeCheckpoint(path, owner)
  expect(checkpoint).toEqual(after(2))
  expect(lost?.kind).toBe('not-found')
  expect(await names()).toEqual([LAST])
})

test('a checkpoint of a newer version is named as such and not given up for the one before', async () => {
  await write(1)
  await write(2)
  const text = (await readFile(path, 'latin1')).replace('bottleneck-lab-2', 'bottleneck-lab-3')
  const digest = /"sha256":"([0-9a-f]{64})"/.exec(text)?.[1] ?? ''
  const sha256 = createHash('sha256')
    .update(text.replace(digest, '0'.repeat(64)), 'latin1')
    .digest('hex')
  await writeFile(path, text.replace(digest, sha256), 'latin1')
  await expect(resumeCheckpoint(path, owner)).rejects.toThrow(
    `The checkpoint ${path} was made by a newer version of Bottleneck Lab: found format bottleneck-lab-3, expected ` +
      'bottleneck-lab-1 or bottleneck-lab-2. Update Bottleneck Lab to continue this run.'
  )
  expect(await names()).toEqual([PREVIOUS, LAST])
})

test.each([NaN, Infinity, -Infinity])(
  'a checkpoint with %d in a tensor is refused, with the tensor’s name',
  async (value) => {
    for (const [kind, suffix] of ['', '.m', '.v'].entries()) {
      const wrong = after(1)
      const { weights, slots } = wrong.states[0] as ModelState
      ;([weights, ...slots][kind]?.[2] as Float32Array)[777] = value
      await writeCheckpoint(path, wrong, owner)
      const found = `NaN or infinite values in d=2.decoder.weight${suffix}`
      await expect(readCheckpoint(path, owner)).rejects.toMatchObject({ kind: 'bad-file', data: { found } })
    }
  }
)

test('the losses of the epochs that run.json has too must be the same', async () => {
  await write(3)
  const recorded = (...values: number[]) => ({ ...owner, recorded: values.map(losses) })
  for (const agreeing of [recorded(), recorded(0), recorded(0, 1, 2), recorded(0, 1, 2, 3)])
    expect((await readCheckpoint(path, agreeing)).history).toHaveLength(3)
  await expect(readCheckpoint(path, recorded(0, 1 + 1e-15, 2))).rejects.toMatchObject({
    data: { found: 'other losses of epoch 2 than run.json has', expected: 'those of this run' }
  })
})
