// A runs folder that was chosen and is missing, as on a disk that is away: told, and neither taken for empty nor made anew.
import { existsSync } from 'node:fs'
import { mkdir, readdir, rename, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import type { Lab } from '../../src/main/lab/lab'
import { buildEntry, removeEntry } from '../fixtures/engines/build-entry'
import { makeHome, nextEvent, openLab, smallExperiment, type TestHome } from '../fixtures/lab'
import { copyOlderRun } from '../fixtures/older-runs'

const missing = {
  kind: 'not-found',
  message: expect.stringMatching(/elsewhere is not there\. Connect the disk/) as string
}
let entry: string
let home: TestHome
let folder: string
let away: string
let id: string
const labs: Lab[] = []

beforeAll(async () => {
  entry = await buildEntry('engines/plain-trainer')
})
afterAll(() => removeEntry(entry))
beforeEach(async () => {
  home = await makeHome()
  folder = join(home.folder, 'elsewhere')
  away = join(home.folder, 'away')
  await mkdir(folder)
  id = copyOlderRun('article-finished', folder)
  await mkdir(dirname(home.paths.settings), { recursive: true })
  await writeFile(home.paths.settings, JSON.stringify({ theme: 'light', runsFolder: folder }))
})
afterEach(async () => {
  await Promise.all(labs.splice(0).map((lab) => lab.close()))
  await home.remove()
})

function open(paths = home.paths): Lab {
  const lab = openLab({ ...home, paths }, entry)
  labs.push(lab)
  return lab
}

const idsIn = async (lab: Lab) => (await lab.calls.listRuns()).map((run) => run.id)

test('neither the list nor a start takes it for empty, and it is not made anew', async () => {
  const lab = open()
  expect(await idsIn(lab)).toEqual([id])
  await rename(folder, away)
  await expect(lab.calls.listRuns()).rejects.toMatchObject(missing)
  await expect(lab.calls.openRun(id)).rejects.toMatchObject(missing)
  await expect(lab.calls.startRun(smallExperiment(), 'cpu')).rejects.toMatchObject(missing)
  await lab.calls.writeSettings({ ...(await lab.calls.readSettings()), theme: 'dark' })
  expect(existsSync(folder)).toBe(false)
  await lab.calls.writeSettings({ ...(await lab.calls.readSettings()), runsFolder: null })
  expect(await idsIn(lab)).toEqual([])
})

test('one that BOTTLENECK_LAB_RUNS names is made by the first run, as a script expects', async () => {
  await rename(folder, away)
  const lab = open({ ...home.paths, runs: folder, runsFromEnvironment: true })
  expect(await idsIn(lab)).toEqual([])
  const first = await lab.calls.startRun(smallExperiment(), 'cpu')
  expect(await readdir(folder)).toEqual([first])
  await lab.whenEnded(first)
})

test('no run is said to be removed, and those of a disk that comes later are announced', async () => {
  const lab = open()
  const removed: unknown[] = []
  lab.subscribe((event, payload) => event === 'runRemoved' && removed.push(payload))
  await lab.calls.listRuns()
  await lab.calls.writeSettings(await lab.calls.readSettings()) // it has looked when this is answered
  await rename(folder, away)
  await lab.calls.writeSettings(await lab.calls.readSettings())
  expect(removed).toEqual([])

  const late = open()
  const announced = nextEvent(late, 'runChanged', (run) => run.id === id)
  await late.calls.writeSettings(await late.calls.readSettings())
  await rename(away, folder)
  expect((await announced).state).toBe('finished')
  expect(removed).toEqual([])
})

test('the usual folder is made by the first run', async () => {
  await writeFile(home.paths.settings, '{}')
  const lab = open()
  expect(await idsIn(lab)).toEqual([])
  const first = await lab.calls.startRun(smallExperiment(), 'cpu')
  expect(await readdir(home.paths.runs)).toEqual([first])
  await lab.whenEnded(first)
})
