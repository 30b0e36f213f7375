// The calls for what a user keeps of a run beside its results: notes, folders, import, storage.
import { cp, mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { connectLab, serveLab, type Transport } from '@shared/rpc'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Lab } from '../../src/main/lab/lab'
import { runFolderFiles, writeRunFile } from '../../src/main/lab/run-folder'
import { makeHome, nextEvent, openLab, type TestHome } from '../fixtures/lab'
import { fixtureRun } from '../fixtures/run-file'

let home: TestHome
let lab: Lab
const id = 'fixture-0001'
const noTrainer = () => {
  throw new Error('nothing here trains')
}

beforeEach(async () => {
  home = await makeHome()
  const folder = join(home.paths.runs, id)
  await mkdir(folder, { recursive: true })
  await writeRunFile(folder, fixtureRun({ epochs: 2 }))
  lab = openLab(home, noTrainer)
})
afterEach(async () => {
  await lab.close()
  await home.remove()
})

test('tags and a note are told, listed, and leave run.json as it was', async () => {
  const { run } = runFolderFiles(await lab.calls.runFolder(id))
  const before = await readFile(run)
  const told = nextEvent(lab, 'runChanged')
  await lab.calls.noteRun(id, { tags: ['baseline'], note: 'the first' })
  expect(await told).toMatchObject({ id, tags: ['baseline'], note: 'the first' })
  expect((await readFile(run)).equals(before)).toBe(true)
  await lab.calls.renameRun(id, 'Renamed')
  expect((await lab.calls.listRuns())[0]).toMatchObject({
    name: 'Renamed',
    tags: ['baseline'],
    terms: expect.arrayContaining(['d=16'])
  })
})

test('a run is imported, told and removed like any other', async () => {
  const elsewhere = join(home.folder, 'elsewhere')
  await cp(await lab.calls.runFolder(id), elsewhere, { recursive: true })
  await expect(lab.calls.importRun(elsewhere)).rejects.toMatchObject({ kind: 'bad-value' })
  await lab.calls.deleteRun(id)
  const told = nextEvent(lab, 'runChanged')
  expect(await lab.calls.importRun(elsewhere)).toMatchObject({
    id,
    problems: [{ part: 'checkpoint.safetensors' }, { part: 'digits.bin' }]
  })
  expect(await told).toMatchObject({ id })
  expect(await lab.calls.measureStorage()).toMatchObject([{ id, checkpoints: 0, digits: 0 }])
})

test('over a connection, arguments that are none are refused before anything is done', async () => {
  const { calls } = connected()
  await expect(calls.noteRun(id, { tags: ['two words'], note: '' })).rejects.toMatchObject({ kind: 'bad-value' })
  await expect(calls.noteRun(id, { tags: Array(17).fill('x'), note: '' })).rejects.toMatchObject({ kind: 'bad-value' })
  await expect(calls.noteRun(id, { tags: [], note: 'x'.repeat(2001) })).rejects.toMatchObject({ kind: 'bad-value' })
  await expect(calls.runFolder('../elsewhere')).rejects.toMatchObject({ kind: 'bad-value' })
  await expect(calls.importRun('x'.repeat(1025))).rejects.toMatchObject({ kind: 'bad-value' })
  await expect(calls.runFolder('no-such-run')).rejects.toMatchObject({ kind: 'not-found' })
})

/** A page's end of a connection to the lab. */
function connected() {
  let toPage: (message: unknown) => void = () => undefined
  let toLab: (message: unknown) => void = () => undefined
  const end = (send: (message: unknown) => void, hear: (listener: (message: unknown) => void) => void): Transport => ({
    send,
    onMessage: hear,
    onClose: () => undefined
  })
  serveLab(
    lab,
    end(
      (message) => toPage(message),
      (listener) => (toLab = listener)
    )
  )
  return connectLab(
    end(
      (message) => queueMicrotask(() => toLab(message)),
      (listener) => (toPage = listener)
    )
  )
}
