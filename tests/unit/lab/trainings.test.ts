import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { writeRunFile } from '../../../src/main/lab/run-folder'
import { createSupervisor } from '../../../src/main/lab/supervisor'
import { createTrainings } from '../../../src/main/lab/trainings'
import { keptLog } from '../../fixtures/lab'
import { fixtureRun } from '../../fixtures/run-file'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bottleneck-lab-trainings-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const device = { device: 'cpu', title: 'CPU', hardware: 'CPU', why: '' }
const neverSpawned = () => {
  throw new Error('no trainer is needed')
}
const makeTrainings = () =>
  createTrainings({
    supervisor: createSupervisor({ spawn: neverSpawned }),
    dataFolder: () => folder,
    cacheFolder: folder,
    threads: () => undefined,
    listeners: {
      emit: () => undefined,
      log: keptLog(),
      devices: { refusal: async () => null, next: async () => null }
    },
    afterEnd: async () => undefined
  })

test('a run that another process has finished since it was seen is left as it is', async () => {
  const seen = fixtureRun({ epochsDone: 0, status: 'stopped' })
  await writeRunFile(folder, fixtureRun())
  await expect(makeTrainings().continueRun(folder, seen, device)).rejects.toMatchObject({ kind: 'bad-value' })
  expect(await readdir(folder)).toEqual(['run.json'])
})

test('a run that comes after the close is refused, and its folder given up', async () => {
  const trainings = makeTrainings()
  await trainings.close()
  const file = fixtureRun({ epochsDone: 0, status: 'stopped' })
  await writeRunFile(folder, file)
  await expect(trainings.continueRun(folder, file, device)).rejects.toMatchObject({ kind: 'busy' })
  expect(await readdir(folder)).toEqual(['run.json'])
  await expect(trainings.start(folder, file)).rejects.toMatchObject({ kind: 'busy' })
  await expect(readdir(folder)).rejects.toThrow('ENOENT')
})
