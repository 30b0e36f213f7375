// An application that is killed while runs train and wait, and the one that opens next: what was interrupted goes on, nothing else.
import { fork } from 'node:child_process'
import { mkdir, readFile, rm, truncate, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import type { RunFile } from '@shared/run'
import type { Lab } from '../../src/main/lab/lab'
import { claimRun } from '../../src/main/lab/owner'
import { readRunFile, writeRunFile } from '../../src/main/lab/run-folder'
import { mnistFolder } from '../../src/main/data/mnist'
import { buildEntry, removeEntry } from '../fixtures/engines/build-entry'
import { makeHome, nextEvent, openLab, smallExperiment, type TestHome } from '../fixtures/lab'

let trainer: string
let application: string
let home: TestHome
let lab: Lab

beforeAll(async () => {
  trainer = await buildEntry('engines/plain-trainer')
  application = await buildEntry('queueing-application')
})
afterAll(() => Promise.all([trainer, application].map(removeEntry)))
beforeEach(async () => {
  home = await makeHome()
})
afterEach(async () => {
  await lab.close()
  await home.remove()
})

/** Starts so many runs in an application of their own and kills it after the first epoch of the first; answers with their ids. */
async function interrupt(count: number): Promise<string[]> {
  const child = fork(application, [home.folder, trainer, mnistFolder(), String(count)])
  const exit = new Promise((resolve) => child.once('exit', resolve))
  let ids: string[] | null = null
  let hasTrained = false
  await new Promise<void>((resolve, reject) => {
    child.on('message', (message) => {
      if (Array.isArray(message)) ids = message as string[]
      else hasTrained = true
      if (ids && hasTrained) resolve()
    })
    child.once('exit', (code) => reject(new Error(`the application ended with ${code}`)))
  })
  child.kill('SIGKILL')
  await exit
  return ids ?? []
}

const folderOf = (id: string) => join(home.paths.runs, id)
const path = (id: string, name: string) => join(folderOf(id), name)
const resultsOf = ({ models }: RunFile) => models.map(({ history, metrics }) => ({ history, metrics }))
const states = async () => Object.fromEntries((await lab.calls.listRuns()).map(({ id, state }) => [id, state]))

test('all that trained or waited goes on, in the order in which it was started, to what it would have come to', async () => {
  const ids = await interrupt(3)
  lab = openLab(home, trainer)
  expect(Object.values(await states())).toEqual(['interrupted', 'interrupted', 'interrupted'])
  expect((await lab.calls.openRun(ids[2] as string)).file.models[0]?.history.valLoss).toEqual([]) // it had never begun

  expect(await lab.calls.continueInterrupted(null)).toEqual({ continued: ids, failed: [] })
  const ends: string[] = []
  const ended = await Promise.all(
    ids.map(async (id) => {
      const file = await lab.whenEnded(id)
      ends.push(id)
      return file
    })
  )
  expect(ended.map(({ status }) => status)).toEqual(['finished', 'finished', 'finished'])
  expect(ends).toEqual(ids)

  for (const [index, file] of [ended[0], ended[2]].entries()) {
    const seed = 1 + 2 * index
    const whole = await lab.calls.startRun(smallExperiment({ seeds: [seed] }), 'slow')
    expect(resultsOf(file as RunFile)).toEqual(resultsOf(await lab.whenEnded(whole)))
  }
  expect(await lab.calls.continueInterrupted(null)).toEqual({ continued: [], failed: [] })
}, 120_000)

test('only what is asked for goes on, and of it only what is interrupted', async () => {
  const [first, second, third] = (await interrupt(3)) as [string, string, string]
  lab = openLab(home, trainer)
  await writeRunFile(folderOf(second), { ...(await readRunFile(folderOf(second))), status: 'stopped' })
  const claim = await claimRun(folderOf(third), 'running') // by this process, which lives and is not asked
  expect(await lab.calls.continueInterrupted([second, third])).toEqual({ continued: [], failed: [] })
  expect(await states()).toEqual({ [first]: 'interrupted', [second]: 'stopped', [third]: 'running' })
  expect(await lab.calls.continueInterrupted(null)).toEqual({ continued: [first], failed: [] })
  await lab.whenEnded(first)
  expect(await states()).toEqual({ [first]: 'finished', [second]: 'stopped', [third]: 'running' })
  await claim.release()
}, 60_000)

test('where the settings say so they go on before a window asks, and the first that does is told', async () => {
  const ids = await interrupt(2)
  await mkdir(dirname(home.paths.settings), { recursive: true })
  await writeFile(home.paths.settings, JSON.stringify({ continueInterrupted: true }))
  lab = openLab(home, trainer)
  const begun = nextEvent(lab, 'runChanged', ({ id }) => id === ids[1])
  lab.workUnasked()
  await begun
  expect(await lab.calls.continueInterrupted(null)).toEqual({ continued: ids, failed: [] })
  expect(await lab.calls.continueInterrupted(null)).toEqual({ continued: [], failed: [] })
  const ended = await Promise.all(ids.map((id) => lab.whenEnded(id)))
  expect(ended.map(({ status }) => status)).toEqual(['finished', 'finished'])
}, 60_000)

test('two windows that ask at once get each run once', async () => {
  const ids = await interrupt(2)
  lab = openLab(home, trainer)
  const answers = await Promise.all([lab.calls.continueInterrupted(null), lab.calls.continueInterrupted(ids)])
  expect(answers).toEqual([
    { continued: ids, failed: [] },
    { continued: [], failed: [] }
  ])
  await Promise.all(ids.map((id) => lab.whenEnded(id)))
}, 60_000)

test('what can’t go on says why, and the others do', async () => {
  const [first, second] = (await interrupt(2)) as [string, string]
  lab = openLab(home, trainer)
  await rm(path(first, 'checkpoint.safetensors'))
  const { continued, failed } = await lab.calls.continueInterrupted(null)
  expect(continued).toEqual([second])
  expect(failed).toMatchObject([{ id: first, name: 'Run 1', error: { kind: 'not-found' } }])
  expect(failed[0]?.error.problem).toMatch(/^The checkpoint of the run is missing in /)
  expect((await lab.whenEnded(second)).status).toBe('finished')
}, 60_000)

test('a run whose checkpoint can’t be used fails with its reason once it has its turn, and the next goes on', async () => {
  const [first, second] = (await interrupt(2)) as [string, string]
  await truncate(path(first, 'checkpoint.safetensors'), 100)
  lab = openLab(home, trainer)
  await lab.calls.continueInterrupted(null)
  expect(await lab.whenEnded(first)).toMatchObject({ status: 'failed', error: { kind: 'bad-file' } })
  expect(await lab.whenEnded(second)).toMatchObject({ status: 'finished' })
}, 60_000)

test('a claim of an earlier boot, whose number now belongs to another process, is that of a dead one', async (context) => {
  context.skip(process.platform !== 'linux', 'elsewhere the system tells no start')
  const [id] = (await interrupt(1)) as [string]
  const left = JSON.parse(await readFile(path(id, 'owner.json'), 'utf8')) as object
  const before = { ...left, pid: process.ppid, processStart: 'a-boot-that-is-over 1', claimedAt: 0 }
  await writeFile(path(id, 'owner.json'), JSON.stringify(before))
  lab = openLab(home, trainer)
  expect(await states()).toEqual({ [id]: 'interrupted' })
  expect(await lab.calls.continueInterrupted(null)).toEqual({ continued: [id], failed: [] })
  expect((await lab.whenEnded(id)).status).toBe('finished')
}, 60_000)
