// Runs of the previous version in the hands of this one: listed, opened, reported, and continued to their end.
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { devicesLabel, moveSentence } from '@shared/devices'
import { epochsOf, modelsOf } from '@shared/experiment'
import { epochsDone, type RunFile } from '@shared/run'
import type { Lab } from '../../src/main/lab/lab'
import { drawReport } from '../../src/main/report/report'
import { readCheckpoint } from '../../src/main/trainer/checkpoint'
import { buildEntry, removeEntry } from '../fixtures/engines/build-entry'
import { keptLog, makeHome, offering, openLab, type TestHome } from '../fixtures/lab'
import { copyOlderRun, olderRunPath, olderRuns, type OlderRun } from '../fixtures/older-runs'

let entry: string
let home: TestHome
let lab: Lab

beforeAll(async () => {
  entry = await buildEntry('engines/plain-trainer')
})
afterAll(() => removeEntry(entry))
beforeEach(async () => {
  home = await makeHome()
  lab = openLab(home, offering(entry, 'cpu'), { drawReport })
})
afterEach(async () => {
  await lab.close()
  await home.remove()
})

test('all are listed in their states, with their devices as they were', async () => {
  await lab.close()
  const log = keptLog()
  lab = openLab(home, offering(entry, 'cpu'), { log })
  const ids = olderRuns.map((name) => copyOlderRun(name, home.paths.runs))
  const runs = await lab.calls.listRuns()
  expect(runs.map(({ id }) => id).sort()).toEqual([...ids].sort())
  const seen = Object.fromEntries(
    olderRuns.map((name, index) => {
      const { state, epochsDone, epochs, device, series, gapClosed } =
        runs.find(({ id }) => id === ids[index]) ?? runs[0]!
      expect(gapClosed).toHaveLength(series.length)
      return [name, [state, epochsDone, epochs, device, series.join()]]
    })
  )
  expect(seen).toEqual({
    'article-finished': ['finished', 3, 3, 'onnxruntime cpu', '1,2'],
    'keras-blog-finished': ['finished', 2, 2, 'onnxruntime cpu', '1'],
    'article-stopped': ['stopped', 1, 70, 'onnxruntime cpu', '2,8,16,32,64,128'],
    stopped: ['stopped', 2, 6, 'onnxruntime cpu', '1,2'],
    'stopped-on-tensorflow': ['stopped', 1, 6, 'tensorflow cpu', '1'],
    failed: ['failed', 2, 6, 'tensorflow cpu', '1'],
    continued: ['finished', 4, 4, 'onnxruntime cpu', '2'],
    moved: ['finished', 4, 4, 'tensorflow cpu', '1']
  })
  expect(log.lines).toEqual([])
})

test.each(olderRuns)('%s is opened, renamed and reported', async (name) => {
  const id = copyOlderRun(name, home.paths.runs)
  const { file, state } = await lab.calls.openRun(id)
  expect(state).toBe(file.status)
  const digits = await readFile(olderRunPath(name, 'digits.bin')).catch(() => null)
  const { pixels, epochs } = await lab.calls.readDigits(id, 1, 99)
  expect(epochs).toBe(digits ? epochsDone(file) : 0)
  if (digits) expect(Buffer.compare(digits, pixels)).toBe(0)

  expect(Buffer.from(await lab.calls.exportReport([id])).toString('latin1', 0, 5)).toBe('%PDF-')
  await lab.calls.renameRun(id, 'Renamed')
  const written = JSON.parse(await readFile(join(lab.folderOf(id), 'run.json'), 'utf8')) as RunFile
  expect(written).toMatchObject({ format: 2, experiment: { name: 'Renamed' }, segments: file.segments })
})

describe('continued', () => {
  const agree = 'From there the figures agree with those of the other device to rounding, not bit for bit.'

  test.each<[name: OlderRun, label: string, sentence: string]>([
    ['stopped', 'CPU', `Training went on after epoch 2 on Test cpu (cpu): in place of onnxruntime cpu. ${agree}`],
    [
      'stopped-on-tensorflow',
      'TensorFlow CPU, then CPU',
      `Training went on after epoch 1 on Test cpu (cpu): the only usable device; tensorflow cpu can’t be used now. ${agree}`
    ],
    [
      'failed',
      'CPU, then TensorFlow CPU, then CPU',
      `Training went on after epoch 2 on Test cpu (cpu): the only usable device; tensorflow cpu can’t be used now. ${agree}`
    ]
  ])(
    '%s goes on from its checkpoint to its end',
    async (name, label, sentence) => {
      const id = copyOlderRun(name, home.paths.runs)
      const before = (await lab.calls.openRun(id)).file
      await lab.calls.continueRun(id)
      const file = await lab.whenEnded(id)

      expect(file).toMatchObject({
        status: 'finished',
        error: null,
        device: 'cpu',
        seconds: expect.any(Number) as number
      })
      expect(file.seconds).toBeGreaterThan(before.seconds)
      expect(epochsDone(file)).toBe(epochsOf(file.experiment))
      expect(file.segments.slice(0, -1)).toEqual(before.segments)
      expect(devicesLabel(file)).toBe(label)
      expect(moveSentence(file)).toBe(sentence)
      const first = epochsDone(before)
      file.models.forEach(({ history }, index) => {
        expect(history.valLoss.slice(0, first)).toEqual(before.models[index]?.history.valLoss)
      })
      const digits = await readFile(olderRunPath(name, 'digits.bin'))
      const earlier = digits.length - digits.length / first // the digits of the last epoch are made again
      const now = await readFile(join(lab.folderOf(id), 'digits.bin'))
      expect(Buffer.compare(now.subarray(0, earlier), digits.subarray(0, earlier))).toBe(0)

      const { experiment, dataset } = file
      const owner = { experiment, models: modelsOf(experiment, 784), datasetSha256: dataset.sha256 }
      const { states, history } = await readCheckpoint(join(lab.folderOf(id), 'checkpoint.safetensors'), owner)
      const steps = Math.ceil((experiment.base.trainLimit ?? 0) / (experiment.base.batchSize ?? 0))
      expect(states.map(({ step }) => step)).toEqual(states.map(() => steps * epochsOf(experiment)))
      expect(history).toHaveLength(epochsOf(experiment))
    },
    180_000
  )

  test('a run whose checkpoint is missing is refused', async () => {
    const id = copyOlderRun('article-stopped', home.paths.runs)
    await expect(lab.calls.continueRun(id)).rejects.toMatchObject({ kind: 'not-found' })
  })
})

test('a run of a newer version is left alone, with a sentence', async () => {
  const id = copyOlderRun('stopped', home.paths.runs)
  const path = join(home.paths.runs, id, 'run.json')
  await writeFile(path, (await readFile(path, 'utf8')).replace('"format": 1', '"format": 3'))
  await expect(lab.calls.openRun(id)).rejects.toThrow(
    /was made by a newer version of Bottleneck Lab: found format 3, expected format 1 to 2\. Update Bottleneck Lab/
  )
  expect(await lab.calls.listRuns()).toEqual([])
})
