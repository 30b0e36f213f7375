import { spawn } from 'node:child_process'
import { cp, mkdir, mkdtemp, readdir, rm, truncate, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { sentence } from '../../../src/shared/errors'
import { createLibrary, type Library } from '../../../src/main/lab/library'
import { writeRunFile } from '../../../src/main/lab/run-folder'
import { thisProcess } from '../../../src/main/system/process-identity'
import { keptLog } from '../../fixtures/lab'
import { fixtureRun } from '../../fixtures/run-file'

const TRASH = '.bottleneck-lab-trash'
let runs: string
let runsFolder: string
let library: Library
let log: ReturnType<typeof keptLog>

beforeEach(async () => {
  runs = await mkdtemp(join(tmpdir(), 'bottleneck-lab-library-'))
  runsFolder = runs
  log = keptLog()
  library = createLibrary(() => runsFolder, log)
})
afterEach(() => rm(runs, { recursive: true, force: true }))

async function storeRun(): Promise<string> {
  const { id, claim } = await library.create('article')
  await writeRunFile(claim.folder, fixtureRun({ epochs: 1 }))
  await claim.release()
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

test('of two runs that are deleted at once, both are', async () => {
  const ids = [await storeRun(), await storeRun()]
  await Promise.all(ids.map((id) => library.putAside(id)))
  expect(await library.list()).toEqual([])
  await library.emptyTrash()
  expect(await readdir(runs)).toEqual([])
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
  expect(new Set(made.map(({ claim }) => claim.folder)).size).toBe(4)
  expect(new Set(out.map(({ id }) => id)).size).toBe(2)
  await expect(library.createAt(join(runs, 'a'), 'article')).rejects.toMatchObject({ kind: 'not-writable' })
})

test('a run that can’t be read is told with the reason, and logged once', async () => {
  const cut = await storeRun()
  const newer = await storeRun()
  const empty = await storeRun()
  const lost = await storeRun()
  const whole = await storeRun()
  await truncate(join(runs, cut, 'run.json'), 100)
  await writeFile(join(runs, newer, 'run.json'), '{"format":3}')
  await truncate(join(runs, empty, 'run.json'), 0)
  await rm(join(runs, lost, 'run.json'))
  await makeFile(lost, 'digits.bin')
  await makeFile('holiday', 'photo.jpg')
  expect((await library.list()).map(({ summary }) => summary.id)).toEqual([whole])
  const told = new Map((await library.unreadable()).map(({ path, error }) => [basename(path), sentence(error)]))
  expect([...told.keys()].sort()).toEqual([cut, newer, empty, lost].sort())
  expect(told.get(cut)).toMatch(/run\.json is not usable: found text that is no JSON, .*\. Put a whole copy/)
  expect(told.get(newer)).toMatch(/was made by a newer version of Bottleneck Lab: .* Update Bottleneck Lab/)
  expect(told.get(empty)).toMatch(/found an empty file/)
  expect(told.get(lost)).toMatch(/holds no run\.json\. Put a copy of it back/)
  expect(log.lines).toHaveLength(4)
})

test('a run is taken whatever its folder is called', async () => {
  const id = await storeRun()
  for (const name of ['My run', 'my run', 'Über 1.0']) await cp(join(runs, id), join(runs, name), { recursive: true })
  const ids = (await library.list()).map(({ summary }) => summary.id).sort()
  expect(ids).toEqual([id, 'my-run', 'my-run-2', 'u-ber-1-0'].sort())
  expect(ids.map((one) => basename(library.folderOf(one))).sort()).toEqual([id, 'My run', 'my run', 'Über 1.0'].sort())
  const fresh = createLibrary(() => runsFolder, keptLog())
  expect((await fresh.find('my-run-2')).folder).toBe(join(runs, 'my run'))
})

test('what a start that was killed has left is told, and removed by the next', async () => {
  const old = new Date(Date.now() - 3_600_000)
  const child = spawn(process.execPath, ['-e', ''])
  await new Promise((resolve) => child.once('exit', resolve))
  const names = ['2026-01-01-000000-article', '2026-01-01-000001-article', '2026-01-01-000002-mine', 'empty']
  for (const name of names) await mkdir(join(runs, name))
  const owner = JSON.stringify({ ...thisProcess(), pid: child.pid, state: 'queued' })
  await writeFile(join(runs, names[1]!, 'owner.json'), owner)
  await writeFile(join(runs, names[1]!, '.run.json.7.8.tmp'), '{')
  await writeFile(join(runs, names[2]!, 'notes.txt'), 'mine')
  for (const name of names) await utimes(join(runs, name), old, old)
  expect((await library.unreadable()).map(({ path }) => basename(path)).sort()).toEqual(names.slice(0, 2))
  const { id } = await library.create('article')
  expect((await readdir(runs)).sort()).toEqual([id, names[2], 'empty'].sort())
})

test('the usual runs folder holds no runs while it does not exist, one that can’t be read is told', async () => {
  runsFolder = join(runs, 'nothing')
  expect(await library.list()).toEqual([])
  await makeFile('file')
  runsFolder = join(runs, 'file')
  await expect(library.list()).rejects.toMatchObject({
    kind: 'bad-file',
    message: `The runs folder ${runsFolder} is a file, not a folder. Choose another in the settings or by BOTTLENECK_LAB_RUNS.`
  })
})
