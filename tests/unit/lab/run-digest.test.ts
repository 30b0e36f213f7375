// run.json and digits.bin: what was changed or damaged after it was written is never taken for what the run wrote.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { LabError } from '@shared/errors'
import { randomStream } from '@shared/random'
import type { RunFile } from '@shared/run'
import { seriesOf } from '@shared/series'
import { readDigits, writeDigits } from '../../../src/main/lab/digits-file'
import { digitsDigest } from '../../../src/main/trainer/kept-digits'
import { withDigits, withEpoch, withStart, withWeights } from '../../../src/main/lab/run-file'
import { resultsDigest } from '../../../src/main/lab/run-digest'
import { readProvedRunFile, readRunFile, writeRunFile } from '../../../src/main/lab/run-folder'
import { mnistInfo } from '../../../src/main/data/mnist'
import { fixtureDigits, fixtureRun } from '../../fixtures/run-file'

const made = fixtureRun({ latentDims: [2, 8], epochs: 3 })
/** With what JSON has no number for. */
const file: RunFile = { ...made, dataset: mnistInfo, bounds: { perfectCopy: NaN, meanDigit: 1 / 3, pcaMse: null } }
let folder: string
let path: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bottleneck-lab-digest-'))
  path = join(folder, 'run.json')
  await writeRunFile(folder, file)
})
afterEach(() => rm(folder, { recursive: true, force: true }))

async function readAs(text: string | Buffer): Promise<RunFile | LabError> {
  await writeFile(path, text)
  return readRunFile(folder).catch((error: unknown) => {
    if (error instanceof LabError) return error
    throw error
  })
}

const parsed = async () => JSON.parse(await readFile(path, 'utf8')) as Record<string, unknown> & RunFile

test('one flipped bit, anywhere in run.json, is found, or changes nothing but the name', async () => {
  const bytes = await readFile(path)
  const random = randomStream('run.json flips')
  const places = Array.from({ length: 500 }, () => Math.floor(random() * bytes.length))
  let refused = 0
  for (const place of places) {
    const damaged = Buffer.from(bytes)
    damaged[place] = (damaged[place] ?? 0) ^ (1 << Math.floor(random() * 8))
    const read = await readAs(damaged)
    if (read instanceof LabError) {
      expect(read.kind).toBe('bad-file')
      refused += 1
    } else expect({ ...read, experiment: { ...read.experiment, name: file.experiment.name } }).toEqual(file)
  }
  expect(refused).toBeGreaterThan(350)
})

test.each<[string, (content: RunFile) => object]>([
  ['a loss', (content) => (content.models[1]!.history.valLoss.splice(0, 1, 0.0123), content)],
  ['a metric', (content) => ((content.models[0]!.metrics!.ssim = 0.99), content)],
  ['its status', (content) => ({ ...content, status: 'stopped' })],
  ['its training time', (content) => ({ ...content, seconds: content.seconds + 1 })],
  ['a bound', (content) => ({ ...content, bounds: { ...content.bounds, meanDigit: 0.3333 } })],
  ['its device', (content) => ({ ...content, segments: [{ ...content.segments[0]!, title: 'H200' }] })],
  ['its recipe', (content) => ({ ...content, experiment: { ...content.experiment, seeds: [2] } })],
  ['the data', (content) => ({ ...content, dataset: { ...content.dataset, sha256: 'b'.repeat(64) } })]
])('a run.json with another value of %s is refused, with what helps', async (_, change) => {
  const read = await readAs(JSON.stringify(change(await parsed())))
  expect(read).toMatchObject({ kind: 'bad-file' })
  expect((read as LabError).message).toBe(
    `The run file ${path} is not usable: found results that were changed or damaged after they were written, expected those ` +
      'that fit their SHA-256. Put a whole copy of it in its place, or delete the run folder.'
  )
})

test('another name, another layout and another order of keys are no damage', async () => {
  const { experiment, ...rest } = await parsed()
  const reversed = Object.fromEntries(
    Object.entries({ ...rest, experiment: { ...experiment, name: 'Mine' } }).reverse()
  )
  expect(await readAs(JSON.stringify(reversed))).toEqual({ ...file, experiment: { ...file.experiment, name: 'Mine' } })
  expect((await readProvedRunFile(folder)).isProved).toBe(true)
})

test('what a newer version adds is proved too, and no damage', async () => {
  const added = { ...file, cells: [{ at: 1.5 }] }
  await writeRunFile(folder, added)
  expect(await readRunFile(folder)).toEqual(file)
  expect(await readAs((await readFile(path, 'utf8')).replace('1.5', '1.6'))).toMatchObject({ kind: 'bad-file' })
})

test('what JSON has no number for does not change the digest', async () => {
  const [model, ...others] = file.models
  const history = { trainLoss: [-0, NaN, Infinity], valLoss: [1e-310, 0.1 + 0.2, 1e21], valMse: [-0, 5e-324, -1 / 3] }
  await writeRunFile(folder, { ...file, models: [{ ...model!, history }, ...others], seconds: -0 })
  const { models } = await readRunFile(folder)
  expect(models[0]?.history.trainLoss).toEqual([0, null, null])
  expect(models[0]?.history.valLoss).toEqual(history.valLoss)
})

test('the digest of a content is for ever the same', () => {
  const lists = [600, 1, 0, 1500].map((length) => Array.from({ length }, (_, n) => (n % 7 === 3 ? null : n / 3 - 200)))
  const text = `{"z":${JSON.stringify(lists)},"__proto__":{"b":[1],"a":"x"},"experiment":{"name":"N","k":[[1,"1"],[]]},"s":1.5}`
  expect(resultsDigest(JSON.parse(text) as object)).toBe(
    '01f30693485d32aa6eca58921999a64b179dbf0f8dc6aedbb0d2bef722e8a13c'
  )
  expect(resultsDigest(JSON.parse(text.replace('"x"', '"y"')) as object)).not.toBe(
    '01f30693485d32aa6eca58921999a64b179dbf0f8dc6aedbb0d2bef722e8a13c'
  )
})

test('a run.json of an older version has no digest and is read as ever', async () => {
  const { resultsSha256: _, ...older } = await parsed()
  expect(await readAs(JSON.stringify(older))).toEqual(file)
  expect((await readProvedRunFile(folder)).isProved).toBe(false)
})

const epochs = [1, 2, 3].map((epoch) => fixtureDigits(2).map((pixel) => pixel ^ epoch))

async function digitsWritten(): Promise<RunFile> {
  let written = file
  for (const [index, digits] of epochs.entries()) {
    await writeDigits(folder, index + 1, digits)
    written = withDigits(written, index + 1, digitsDigest(digits))
  }
  return written
}

test('one flipped bit in an epoch’s digits is found whenever that epoch is read, and only then', async () => {
  const written = await digitsWritten()
  const stored = join(folder, 'digits.bin')
  const bytes = await readFile(stored)
  const size = bytes.length / 3
  for (const place of [0, size - 1, size, 2 * size - 1, 2 * size, 3 * size - 1]) {
    const damaged = Buffer.from(bytes)
    damaged[place] = (damaged[place] ?? 0) ^ 1
    await writeFile(stored, damaged)
    const epoch = 1 + Math.floor(place / size)
    for (const [first, last] of [
      [1, 3],
      [epoch, epoch]
    ] as const) {
      await expect(readDigits(folder, written, first, last)).rejects.toMatchObject({
        kind: 'bad-file',
        data: { found: `other digits of epoch ${epoch} than the run wrote` }
      })
    }
    for (const other of [1, 2, 3].filter((one) => one !== epoch))
      expect((await readDigits(folder, written, other, other)).pixels).toEqual(epochs[other - 1])
  }
  await writeFile(stored, bytes)
  expect((await readDigits(folder, written, 1, 3)).epochs).toBe(3)
})

test('a run that goes on keeps the digests of all epochs but the last of its checkpoint, whose digits come again', async () => {
  const written = await digitsWritten()
  const losses = { trainLoss: [1, 1], valLoss: [1, 1], valMse: [1, 1] }
  const device = { name: 'cpu', title: 'CPU', usable: true, detail: '', runtimeVersion: '', remedy: '', driver: '' }
  const begun = (history: (typeof losses)[]) =>
    withStart(written, { type: 'started', dataset: mnistInfo, bounds: file.bounds, history, seconds: 1, device })
  expect(begun([losses, losses]).digitsSha256).toEqual(written.digitsSha256?.slice(0, 1))
  expect(begun([losses, losses, losses, losses]).digitsSha256).toEqual(written.digitsSha256)
  expect(begun([]).digitsSha256).toEqual([])
})

test('the training time at each epoch’s end is kept; of epochs by an older version it is not known', () => {
  const losses = { trainLoss: [1, 1], valLoss: [1, 1], valMse: [1, 1] }
  const none = fixtureRun({ latentDims: [2, 8], epochs: 4, epochsDone: 0, status: 'running' })
  const one = withEpoch({ ...none, epochSeconds: [] }, 1, losses, 2.5)
  const two = withEpoch(one, 2, losses, 4)
  expect([two.seconds, two.epochSeconds]).toEqual([4, [2.5, 4]])
  expect(seriesOf(two).map(({ seconds }) => seconds)).toEqual([
    [2.5, 4],
    [2.5, 4]
  ])
  const goesOn = { type: 'started', dataset: mnistInfo, bounds: none.bounds, seconds: 2.5, lost: null } as const
  const device = { name: 'cpu', title: 'CPU', usable: true, detail: '', runtimeVersion: '', remedy: '', driver: '' }
  expect(withStart(two, { ...goesOn, history: [losses], device }).epochSeconds).toEqual([2.5])
  const { epochSeconds: _, ...older } = two
  const after = withEpoch(withStart(older, { ...goesOn, history: [losses, losses], device }), 3, losses, 9)
  expect(after.epochSeconds).toEqual([null, null, 9])
  expect(seriesOf(after).map(({ seconds }) => seconds)).toEqual([null, null])
})

test('digits of an older version have no digest; those that come after have', async () => {
  expect(withDigits(file, 3, 'x').digitsSha256).toEqual([null, null, 'x'])
})

test('the SHA-256 of weights goes where its epoch is; what was not written is told, and a run that goes on writes its last epoch’s anew', () => {
  const none = fixtureRun({ latentDims: [2], epochs: 4, epochsDone: 0, status: 'running' })
  expect(withWeights(none, 1, { sha256: 'a', problem: null })).toBe(none) // it keeps none
  const keeps = { ...none, weights: { every: 1, sha256: [], problem: null } }
  const first = withWeights(keeps, 1, { sha256: 'a', problem: null })
  expect(withWeights(first, 2, null)).toBe(first)
  const later = withWeights(withWeights(first, 3, { sha256: null, problem: 'Full.' }), 4, {
    sha256: 'd',
    problem: null
  })
  expect(later.weights).toEqual({ every: 1, sha256: ['a', null, null, 'd'], problem: 'Full.' })
})
