import { spawn } from 'node:child_process'
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createLibrary, type Library } from '../../../src/main/lab/library'
import { thisProcess } from '../../../src/main/lab/owner'
import { writeRunFile } from '../../../src/main/lab/run-folder'
import { keptLog } from '../../fixtures/lab'
import { fixtureRun } from '../../fixtures/run-file'

const TRASH = '.bottleneck-lab-trash'
let runs: string
let runsFolder: string
let library: Library

beforeEach(async () => {
  runs = await mkdtemp(join(tmpdir(), 'bottleneck-lab-library-'))
  runsFolder = runs
  library = createLibrary(() => runsFolder, keptLog())
})
afterEach(() => rm(runs, { recursive: true, force: true }))

async function storeRun(): Promise<string> {
  const { id, folder } = await library.create('article')
  await writeRunFile(folder, fixtureRun({ epochs: 1 }))
  return id
}

async function makeFile(...path: string[]): Promise<void> {
  await mkdir(join(runs, ...path.slice(0, -1)), { recursive: true })
  await writeFile(join(runs, ...path), '')
}

test('deleting a run leaves everything alone that is not the trash of a process that has ended', async () => {
  const child = spawn(process.execPath, ['-e', ''])
  await new Promise((resolve) => child.once('exit', resolve))
  const owner = JSON.stringify({ ...thisProcess(), pid: child.pid, state: 'stopped' })
  for (const folder of ['77', '78', 'holiday']) await makeFile(TRASH, folder, 'photo.jpg')
  for (const folder of ['78', 'holiday']) await writeFile(join(runs, TRASH, folder, 'owner.json'), owner)
  await makeFile('.trash', '77', 'photo.jpg')

  await library.putAside(await storeRun())
  await library.emptyTrash()

  expect((await readdir(runs)).sort()).toEqual([TRASH, '.trash'].sort())
  expect((await readdir(join(runs, TRASH))).sort()).toEqual(['77', 'holiday'])
  expect(await readdir(join(runs, TRASH, '77'))).toEqual(['photo.jpg'])
  expect(await readdir(join(runs, '.trash', '77'))).toEqual(['photo.jpg'])
})

test('nothing stays of a trash from which the run was brought back', async () => {
  const id = await storeRun()
  await library.putAside(id)
  await library.bringBack(id)
  await library.emptyTrash()
  expect(await readdir(runs)).toEqual([id])
})

test('a run that is brought back after the runs folder has changed is found', async () => {
  const id = await storeRun()
  await library.putAside(id)
  runsFolder = join(runs, 'elsewhere')
  await library.bringBack(id)
  expect((await library.find(id)).folder).toBe(join(runs, id))
})

test('new runs of one second get different ids, whatever another process makes meanwhile', async () => {
  const others = createLibrary(() => runsFolder, keptLog())
  const made = await Promise.all([library, others, library, others].map((one) => one.create('article')))
  const out = await Promise.all(['a', 'b'].map((name) => library.createAt(join(runs, name), 'article')))
  expect(new Set(made.map(({ folder }) => folder)).size).toBe(4)
  expect(new Set(out.map(({ id }) => id)).size).toBe(2)
  await expect(library.createAt(join(runs, 'a'), 'article')).rejects.toMatchObject({ kind: 'not-writable' })
})

test('a runs folder that does not exist holds no runs, one that can’t be read is told', async () => {
  runsFolder = join(runs, 'nothing')
  expect(await library.list()).toEqual([])
  await makeFile('file')
  runsFolder = join(runs, 'file')
  await expect(library.list()).rejects.toMatchObject({ kind: 'bad-file', message: expect.stringContaining('ENOTDIR') })
})
