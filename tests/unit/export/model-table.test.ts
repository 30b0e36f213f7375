import { expect, test } from 'vitest'
import { lossesCsv } from '../../../src/main/export/losses-csv'
import { modelRecords, modelsCsv } from '../../../src/main/export/model-table'
import { presets } from '../../../src/shared/experiment'
import { fixtureRun } from '../../fixtures/run-file'

const { epochs: _, ...base } = presets['keras-blog'].base
const variedEpochs = fixtureRun({
  experiment: { base: { ...base, latentDim: 8 }, varied: { key: 'epochs', values: [3, 1] }, seeds: [0, 1] }
})
const notes = { tags: ['a', 'b'], note: '' }
const lines = (csv: string) => csv.split('\r\n').slice(0, -1)

test('a row a model, with its own hyperparameters, epochs and last losses', () => {
  const records = modelRecords({ file: variedEpochs, state: 'finished', ...notes })
  expect(records.map(({ model, value, seed, epochs, epochsDone }) => [model, value, seed, epochs, epochsDone])).toEqual(
    [
      ['epochs=1.seed=0', 1, 0, 1, 1],
      ['epochs=1.seed=1', 1, 1, 1, 1],
      ['epochs=3.seed=0', 3, 0, 3, 3],
      ['epochs=3.seed=1', 3, 1, 3, 3]
    ]
  )
  const [first, , third] = variedEpochs.models
  expect(records[0]).toMatchObject({
    run: 'fixture-0001',
    varied: 'epochs',
    latentDim: 8,
    hidden: 'none',
    valLoss: first?.history.valLoss[0],
    tags: 'a b'
  })
  expect(records[2]).toMatchObject({ trainLoss: third?.history.trainLoss[2], psnr: third?.metrics?.psnr })
})

test('a run without an epoch has rows without losses; hidden layers are text', () => {
  const { hidden: _, ...rest } = presets['keras-blog'].base
  const varied = { key: 'hidden' as const, values: [[], [128, 64]] }
  const file = fixtureRun({ epochsDone: 0, status: 'stopped', experiment: { base: { ...rest, latentDim: 2 }, varied } })
  const records = modelRecords({ file, state: 'stopped', ...notes })
  expect(
    records.map(({ value, hidden, epochsDone, valLoss, mse }) => [value, hidden, epochsDone, valLoss, mse])
  ).toEqual([
    ['none', 'none', 0, null, null],
    ['128-64', '128-64', 0, null, null]
  ])
})

test('the table begins with a byte order mark, and names of runs can’t act in it', () => {
  const file = fixtureRun({ latentDims: [2], epochs: 1, name: '=cmd|"x", מודל 🙂' })
  const [head, row, ...more] = lines(modelsCsv([{ file, state: 'finished', tags: [], note: '-1' }]))
  expect(head).toMatch(/^\ufeffrun,name,createdAt,/)
  expect(row).toMatch(/^fixture-0001,"'=cmd\|""x"", מודל 🙂",2023-11-14T12:30:00.000Z,/)
  expect(row).toMatch(/,'-1$/)
  expect(more).toEqual([])
  expect(lines(modelsCsv([]))).toEqual([head])
})

test('losses.csv has the epochs of each model with all digits, and the run’s time at their ends', () => {
  const [head, ...rows] = lines(lossesCsv({ ...variedEpochs, epochSeconds: [1.5, null, 4] }))
  expect(head).toBe('epoch,model,seed,trainLoss,valLoss,seconds')
  expect(rows.map((row) => row.split(',').filter((_, column) => [0, 1, 2, 5].includes(column)))).toEqual([
    ['1', 'epochs=1.seed=0', '0', '1.5'],
    ['1', 'epochs=1.seed=1', '1', '1.5'],
    ...['0', '1'].flatMap((seed) => [
      ['1', `epochs=3.seed=${seed}`, seed, '1.5'],
      ['2', `epochs=3.seed=${seed}`, seed, ''],
      ['3', `epochs=3.seed=${seed}`, seed, '4']
    ])
  ])
  const [, , , train, val] = (rows[4] ?? '').split(',').map(Number)
  const { trainLoss, valLoss } = variedEpochs.models[2]?.history ?? {}
  expect([train, val]).toEqual([trainLoss?.[2], valLoss?.[2]])
})
