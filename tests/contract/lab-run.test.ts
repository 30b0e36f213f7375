// The lab trains a run from its start to its end, over a real trainer process with a plain engine.
import { readFile, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import type { Metrics, RunState } from '@shared/run'
import type { Lab } from '../../src/main/lab/lab'
import { digitsDigest } from '../../src/main/trainer/kept-digits'
import { resultsDigest } from '../../src/main/lab/run-digest'
import { perfectCopyBce } from '../../src/main/data/bounds'
import { datasetNamed } from '../../src/main/data/dataset'
import { buildEntry, removeEntry } from '../fixtures/engines/build-entry'
import { TEST_IMAGES } from '../fixtures/engines/test-images'
import { makeHome, openLab, smallExperiment, type TestHome } from '../fixtures/lab'

const PIXELS = 784
let entry: string
let home: TestHome
let lab: Lab

beforeAll(async () => {
  entry = await buildEntry('engines/plain-trainer')
})
afterAll(() => removeEntry(entry))
beforeEach(async () => {
  home = await makeHome()
  lab = openLab(home, entry)
})
afterEach(async () => {
  await lab.close()
  await home.remove()
})

/** Those that the plain trainer knows. */
async function testImages() {
  const dataset = datasetNamed('mnist')
  const { test: all } = await dataset.loadTestSet(dataset.folder())
  return { pixels: all.pixels, size: all.size, count: TEST_IMAGES }
}

test('a run ends finished, with history, quality, bounds, digits, checkpoint and report in its folder', async () => {
  const states: RunState[] = []
  const epochs: number[] = []
  lab.subscribe((event, payload) => {
    if (event === 'runChanged') states.push((payload as { state: RunState }).state)
    if (event === 'epochEnded') epochs.push((payload as { epoch: number }).epoch)
  })
  const id = await lab.calls.startRun(smallExperiment(), 'cpu')
  const file = await lab.whenEnded(id)

  expect(file.error).toBe(null)
  expect(file.status).toBe('finished')
  expect(states.filter((state, i) => state !== states[i - 1])).toEqual([
    'queued',
    'preparing',
    'running',
    'finishing',
    'finished'
  ])
  expect(epochs).toEqual([1, 2, 3, 4])
  expect(file.models.map(({ name, parameters }) => [name, parameters])).toEqual([
    ['d=1', 2353],
    ['d=3', 5491]
  ])
  for (const { history, metrics } of file.models) {
    for (const losses of Object.values(history)) expect(losses).toHaveLength(4)
    // The plain engine answers the same of each image: a squared error of a tenth of its loss, a picture of one grey.
    const { bce, mse, psnr, ssim } = metrics as Metrics
    expect(bce).toBe(history.valLoss[3])
    expect(mse).toBeCloseTo((bce ?? NaN) / 10, 9)
    expect(psnr).toBeCloseTo(-10 * Math.log10(mse), 4)
    expect(ssim).toBeGreaterThan(0)
    expect(ssim).toBeLessThan(0.1)
  }
  expect(file.bounds).toMatchObject({
    perfectCopy: perfectCopyBce(await testImages()),
    meanDigit: expect.any(Number),
    pcaMse: [1, 1 / 3]
  })
  expect((await readdir(lab.folderOf(id))).sort()).toEqual([
    'checkpoint.safetensors',
    'digits.bin',
    'report.pdf',
    'run.json',
    'weights'
  ])
  expect(JSON.parse(await readFile(join(lab.folderOf(id), 'run.json'), 'utf8'))).toEqual({
    ...file,
    resultsSha256: resultsDigest(file)
  })

  const digits = await lab.calls.readDigits(id, 2, 9)
  expect(digits).toMatchObject({ firstEpoch: 2, epochs: 3, models: 2 })
  expect(digits.pixels[0]).toBe(12) // the plain engine paints the step: 2 epochs of 6 batches
  expect(digits.pixels[20 * PIXELS]).toBe(13)
  expect(digits.pixels).toHaveLength(3 * 2 * 20 * PIXELS)
  const anEpoch = 2 * 20 * PIXELS
  expect(file.digitsSha256?.slice(1)).toEqual(
    [0, 1, 2].map((index) => digitsDigest(digits.pixels.subarray(index * anEpoch, (index + 1) * anEpoch)))
  )
})
