import { execFileSync } from 'node:child_process'
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { beginFiles } from '../../../src/main/lab/new-files'
import { onSmallDisk } from '../../fixtures/small-disk'

let home: string
let run: string

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'bottleneck-lab-new-files-'))
  run = join(home, 'run')
  await mkdir(run)
  await writeFile(join(run, 'run.json'), 'its own')
})
afterEach(() => rm(home, { recursive: true, force: true }))

const file = (name: string, bytes = 3) => ({ name, content: new Uint8Array(bytes).fill(65) })

test('files appear together, in a folder that is made for them, where others may read them', async () => {
  const folder = join(home, 'out')
  const files = await beginFiles(folder, ['a', 'b'], false, run)
  await files.write(file('a'))
  await files.write(file('b'))
  expect((await readdir(folder)).filter((name) => !name.startsWith('.'))).toEqual([])
  expect(await files.place()).toEqual([join(folder, 'a'), join(folder, 'b')])
  expect(await readdir(folder)).toEqual(['a', 'b'])
  expect(await readFile(join(folder, 'b'), 'utf8')).toBe('AAA')
  if (process.platform !== 'win32') expect((await stat(join(folder, 'a'))).mode & 0o777).toBe(0o666 & ~process.umask())
})

test('what is given up leaves nothing, and not the folder that was made for it', async () => {
  const files = await beginFiles(join(home, 'out'), ['a'], false, run)
  await files.write(file('a'))
  await files.discard()
  expect(await readdir(home)).toEqual(['run'])
})

test('a file that is there is named and stays, unless it is to be replaced', async () => {
  await writeFile(join(home, 'b'), 'mine')
  await expect(beginFiles(home, ['a', 'b'], false, run)).rejects.toMatchObject({
    data: {
      kind: 'not-writable',
      problem: `${join(home, 'b')} is there already`,
      remedy: expect.stringContaining('--force')
    }
  })
  expect((await readdir(home)).sort()).toEqual(['b', 'run'])
  const files = await beginFiles(home, ['b'], true, run)
  await files.write(file('b'))
  expect(await readFile(join(home, 'b'), 'utf8')).toBe('mine')
  await files.place()
  expect(await readFile(join(home, 'b'), 'utf8')).toBe('AAA')
})

test('no part of a run is written over, and no folder is taken for a file', async () => {
  await expect(beginFiles(run, ['run.json'], true, run)).rejects.toMatchObject({ data: { kind: 'not-writable' } })
  await mkdir(join(home, 'a'))
  await expect(beginFiles(home, ['a'], true, run)).rejects.toMatchObject({ data: { found: 'a folder of that name' } })
})

test('a file that was not begun is refused, and what is in its place stays', async () => {
  await writeFile(join(home, 'late.svg'), 'mine')
  const files = await beginFiles(home, ['a'], false, run)
  await files.write({ name: 'a', content: Buffer.from('new') })
  const late = files.write({ name: 'late.svg', content: Buffer.from('new') })
  await expect(late).rejects.toMatchObject({ data: { kind: 'busy', found: expect.stringContaining('late.svg') } })
  await files.discard()
  expect(await readFile(join(home, 'late.svg'), 'utf8')).toBe('mine')
})

test('a folder that can’t be made is refused', async () => {
  await expect(beginFiles(join(home, 'none', 'out'), ['a'], false, run)).rejects.toMatchObject({
    data: { kind: 'not-writable' }
  })
  await expect(beginFiles(join(run, 'run.json'), ['a'], false, run)).rejects.toMatchObject({
    data: { kind: 'not-writable' }
  })
})

test('a full disk keeps nothing of them and says how much all need', async (context) => {
  const disk = join(home, 'disk')
  await mkdir(disk)
  await onSmallDisk(context, disk, async () => {
    const files = await beginFiles(disk, ['a', 'b', 'c'], false, run)
    await files.write(file('a', 20_000))
    await files.write(file('b', 100_000))
    await files.write(file('c', 30_000))
    await expect(files.place()).rejects.toMatchObject({
      data: { kind: 'disk-full', expected: '150 kB for all files', found: expect.stringMatching(/^6\d.* kB free$/) }
    })
    await files.discard()
    expect(execFileSync('ls', ['-A', disk], { encoding: 'utf8' })).toBe('')
  })
})
