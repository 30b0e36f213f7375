import { resolve } from 'node:path'
import { expect, test } from 'vitest'
import { drawInThread } from '../../../src/main/report/draw-in-thread'
import { drawReport } from '../../../src/main/report/report'
import { fixtureDigits, fixtureProbes, fixtureRun } from '../../fixtures/run-file'

const worker = resolve(__dirname, '../../../out/main/report-worker.js')
const file = fixtureRun()
const input = { file, probes: fixtureProbes(), digits: fixtureDigits(file.models.length) }

test('a thread draws the same report, while this one goes on', async () => {
  let ticks = 0
  const counting = setInterval(() => ticks++, 1)
  const pdf = await drawInThread(worker)(input)
  clearInterval(counting)
  expect(ticks).toBeGreaterThan(10)
  expect(Buffer.from(pdf).equals(await drawReport(input))).toBe(true)
})

test('several are drawn at once, and one after another', async () => {
  const draw = drawInThread(worker)
  const [first, second] = await Promise.all([draw(input), draw(input)])
  expect(Buffer.from(first ?? []).equals(second ?? Buffer.alloc(0))).toBe(true)
  expect(Buffer.from(await draw(input)).equals(first ?? Buffer.alloc(0))).toBe(true)
})

test('what goes wrong in the thread becomes an error for people', async () => {
  const broken = { ...input, probes: { ...input.probes, pixels: new Uint8Array(), labels: undefined as never } }
  await expect(drawInThread(worker)(broken)).rejects.toMatchObject({ name: 'LabError', kind: 'internal' })
  await expect(drawInThread(`${worker}.missing`)(input)).rejects.toMatchObject({
    kind: 'internal',
    data: { problem: expect.stringContaining('Cannot find module') }
  })
})
