import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { claimNewFolder } from '../../../src/main/lab/new-folder'
import { claimRun } from '../../../src/main/lab/owner'
import { writeRunFile } from '../../../src/main/lab/run-folder'
import { createSupervisor, type Supervisor } from '../../../src/main/lab/supervisor'
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
const makeTrainings = (supervisor = createSupervisor({ spawn: neverSpawned })) =>
  createTrainings({
    supervisor,
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
})

test('a start that fails tells why and takes its folder back, but none that the user had made', async () => {
  const trainings = makeTrainings()
  await trainings.close()
  const file = fixtureRun({ epochsDone: 0, status: 'stopped' })
  await mkdir(join(folder, 'mine'))
  for (const name of ['mine', 'made', 'held']) {
    const claim = await claimNewFolder(join(folder, name))
    if (!claim) throw new Error(`${name} is taken`)
    const held = name === 'held' ? { ...claim, release: () => Promise.reject(new Error('EBUSY')) } : claim
    await expect(trainings.start(held, file)).rejects.toMatchObject({ kind: 'busy' })
    if (name === 'held') await claim.release()
  }
  expect((await readdir(folder)).sort()).toEqual(['held', 'mine'])
  expect(await readdir(join(folder, 'mine'))).toEqual([])
})

test('a hundred runs wait or train, and no more; the folder of a further one is given up', async () => {
  const ended = new Promise(() => undefined)
  const endless = { train: () => ({ pause() {}, stop() {}, ended }) } as unknown as Supervisor
  const trainings = makeTrainings(endless)
  const start = async (index: number) => {
    const own = join(folder, String(index))
    await mkdir(own)
    const claim = await claimRun(own, 'queued', true)
    await trainings.start(claim, { ...fixtureRun({ epochsDone: 0, status: 'stopped' }), id: `r${index}` })
  }
  for (let index = 0; index < 100; index++) await start(index)
  await expect(start(100)).rejects.toMatchObject({
    kind: 'busy',
    message: expect.stringContaining('100 runs that wait or train. Stop one that waits')
  })
  expect((await readdir(folder)).length).toBe(100)
  await trainings.stop('r50')
  await trainings.whenEnded('r50')
  await start(101)
})
