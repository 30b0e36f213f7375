import { cp, mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { importRun } from '../../../src/main/lab/import-run'
import { createLibrary } from '../../../src/main/lab/library'
import { readNotes, writeNotes } from '../../../src/main/lab/notes-file'
import { claimRun } from '../../../src/main/lab/owner'
import { runFolderFiles, writeRunFile } from '../../../src/main/lab/run-folder'
import { measureStorage } from '../../../src/main/lab/storage'
import { keptLog } from '../../fixtures/lab'
import { fixtureRun } from '../../fixtures/run-file'

let home: string
let runs: string
let from: string
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'bottleneck-lab-import-'))
  runs = join(home, 'runs')
  from = join(home, 'elsewhere')
  await mkdir(from)
  await writeRunFile(from, fixtureRun({ epochs: 2 }))
})
afterEach(() => rm(home, { recursive: true, force: true }))

test('a run folder from elsewhere is copied under its id, and what of it is not whole is told', async () => {
  await writeNotes(from, { tags: ['theirs'], note: '' })
  await writeFile(join(from, 'something-else'), 'not copied')
  await symlink('/etc/hostname', runFolderFiles(from).report)
  const { id, problems } = await importRun(from, runs)
  expect(id).toBe('fixture-0001')
  expect(problems.map(({ part }) => part)).toEqual(['checkpoint.safetensors', 'digits.bin', 'report.pdf'])
  expect((await readdir(join(runs, id))).sort()).toEqual(['notes.json', 'run.json'])
  expect(await readdir(runs)).toEqual([id])
  const [listed] = await createLibrary(() => runs, keptLog()).list()
  expect(listed?.summary).toMatchObject({ id, tags: ['theirs'], state: 'finished' })
})

test('what is no run, is there already, or is being trained is refused, and leaves nothing', async () => {
  await expect(importRun('relative', runs)).rejects.toMatchObject({ kind: 'bad-value' })
  await expect(importRun(home, runs)).rejects.toMatchObject({ kind: 'not-found' })
  const claim = await claimRun(from, 'running')
  await expect(importRun(from, runs)).rejects.toMatchObject({ kind: 'busy' })
  await claim.release()
  await importRun(from, runs)
  await expect(importRun(from, runs)).rejects.toMatchObject({ kind: 'bad-value' })
  const damaged = join(home, 'damaged')
  await cp(from, damaged, { recursive: true })
  await writeFile(runFolderFiles(damaged).run, '{')
  await expect(importRun(damaged, runs)).rejects.toMatchObject({ kind: 'bad-file' })
  expect(await readdir(runs)).toEqual(['fixture-0001'])
})

test('the weights of epochs come along, links among them do not', async () => {
  const { weights } = runFolderFiles(from)
  await mkdir(weights)
  await writeFile(join(weights, '0002.safetensors'), 'weights')
  await symlink('/etc/hostname', join(weights, '0001.safetensors'))
  const { id } = await importRun(from, runs)
  expect(await readdir(join(runs, id, 'weights'))).toEqual(['0002.safetensors'])
})

test('how far it is counts up to the end; given up anywhere on the way, it leaves nothing', async () => {
  const { weights } = runFolderFiles(from)
  await mkdir(weights)
  await writeFile(join(weights, '0001.safetensors'), new Uint8Array(300_000))
  const steps = async (stopAt: number) => {
    const given = new AbortController()
    const seen: number[] = []
    const onProgress = (done: number, total: number) => {
      seen.push(done / total)
      if (seen.length === stopAt) given.abort()
    }
    const imported = await importRun(from, runs, { signal: given.signal, onProgress }).catch(() => null)
    return { seen, imported }
  }
  const { seen: whole, imported } = await steps(Infinity)
  expect(imported).not.toBeNull()
  expect(whole).toEqual([...whole].sort((a, b) => a - b))
  expect(whole[whole.length - 1]).toBe(1)
  await rm(join(runs, imported?.id ?? ''), { recursive: true })
  for (let stopAt = 1; stopAt < whole.length; stopAt++) {
    expect((await steps(stopAt)).imported, `given up at step ${stopAt}`).toBeNull()
    expect(await readdir(runs)).toEqual([])
  }
})

test('notes are kept beside the results, which stay proved; damaged ones keep no run from the list', async () => {
  expect(await readNotes(from)).toEqual({ tags: [], note: '' })
  await importRun(from, runs)
  const library = createLibrary(() => runs, keptLog())
  const only = async () => (await library.list()).map(({ summary: { tags, note } }) => ({ tags, note }))
  expect(await only()).toEqual([{ tags: [], note: '' }])
  await library.note('fixture-0001', { tags: ['a', 'b'], note: 'Ünicode' })
  expect(await only()).toEqual([{ tags: ['a', 'b'], note: 'Ünicode' }])
  const { notes } = runFolderFiles(library.folderOf('fixture-0001'))
  await writeFile(notes, '{"tags": ["has space"], "note": 3}')
  expect(await only()).toEqual([{ tags: [], note: '' }])
  await expect(readNotes(library.folderOf('fixture-0001'))).rejects.toMatchObject({ kind: 'bad-file' })
})

test('storage is told by what it is for', async () => {
  const files = runFolderFiles(from)
  await writeFile(files.checkpoint, new Uint8Array(1000))
  await writeFile(files.previousCheckpoint, new Uint8Array(500))
  await writeFile(files.digits, new Uint8Array(70))
  await writeFile(join(from, 'weights.bin'), new Uint8Array(9))
  await mkdir(files.weights)
  await writeFile(join(files.weights, '0001.safetensors'), new Uint8Array(300))
  const [used] = await measureStorage([{ id: 'one', folder: from }])
  expect(used).toMatchObject({ id: 'one', checkpoints: 1500, digits: 70, weights: 309 })
  expect(used?.other).toBeGreaterThan(100)
  expect(await measureStorage([{ id: 'gone', folder: join(home, 'gone') }])).toEqual([
    { id: 'gone', checkpoints: 0, digits: 0, weights: 0, other: 0 }
  ])
})
