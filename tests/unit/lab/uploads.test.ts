// Files that a page sends: what becomes of them, and what bounds them.
import { mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { MOST_UPLOAD_BYTES, MOST_UPLOAD_FILES, isSendablePath } from '@shared/dataset'
import { LabError } from '@shared/errors'
import { createUploads, type Uploads } from '../../../src/main/lab/uploads'

let cache: string
let uploads: Uploads

beforeEach(async () => {
  cache = await mkdtemp(join(tmpdir(), 'uploads-'))
  uploads = createUploads(cache)
})
afterEach(async () => {
  await uploads.close()
  await rm(cache, { recursive: true, force: true })
})

const bytes = (text: string) => new TextEncoder().encode(text)

/** Paths of all files that lie below the cache but for the claim of this process. */
async function kept(): Promise<string[]> {
  const entries = await readdir(cache, { recursive: true, withFileTypes: true })
  return entries.filter((one) => one.isFile() && one.name !== 'owner.json').map(({ name }) => name)
}

describe('what was sent', () => {
  it('lies under its names, a file’s pieces one after another, whole folders as folders', async () => {
    const id = await uploads.begin({ bytes: 11, files: 3 })
    await uploads.send(id, [
      { path: 'pics/a/1.png', bytes: bytes('one') },
      { path: 'pics/b/2.png', bytes: bytes('tw') }
    ])
    await Promise.all([
      uploads.send(id, [{ path: 'pics/b/2.png', bytes: bytes('o th') }]),
      uploads.send(id, [
        { path: 'pics/b/2.png', bytes: bytes('en') },
        { path: 'pics/empty', bytes: bytes('') }
      ])
    ])
    const path = await uploads.end(id)
    expect(relative(cache, path)).toMatch(/^uploads[\\/]\d+-\d+[\\/][0-9a-f]{32}[\\/]my-data[\\/]pics$/)
    expect(await readFile(join(path, 'b', '2.png'), 'utf8')).toBe('two then')
    expect(await readFile(join(path, 'empty'), 'utf8')).toBe('')
    expect(uploads.idOf(path)).toBe(id)
    await uploads.drop(id)
    expect(await kept()).toEqual([])
    expect(uploads.idOf(path)).toBeUndefined()
  })

  it('is its one file, or a folder of several', async () => {
    const one = await uploads.begin({ bytes: 1, files: 1 })
    await uploads.send(one, [{ path: 'data.csv', bytes: bytes('1') }])
    expect(await uploads.end(one)).toMatch(/my-data[\\/]data\.csv$/)
    const two = await uploads.begin({ bytes: 2, files: 2 })
    await uploads.send(two, [
      { path: 'images', bytes: bytes('1') },
      { path: 'labels', bytes: bytes('2') }
    ])
    expect(await uploads.end(two)).toMatch(/my-data$/)
  })

  it('is spoken of by its own name', async () => {
    const id = await uploads.begin({ bytes: 1, files: 1 })
    await uploads.send(id, [{ path: 'data.csv', bytes: bytes('1') }])
    const path = await uploads.end(id)
    const error = uploads.inSendersWords(new LabError('bad-file', `${path} can’t be used`)) as LabError
    expect(error.data).toMatchObject({ kind: 'bad-file', problem: 'data.csv can’t be used' })
  })
})

describe('bounds', () => {
  it('refuses too many bytes and files before the first, with what may come', async () => {
    await expect(uploads.begin({ bytes: MOST_UPLOAD_BYTES + 1, files: 1 })).rejects.toThrow(
      'The files are too large to be sent from a browser: found 537 MB, expected at most 537 MB'
    )
    await expect(uploads.begin({ bytes: 1, files: MOST_UPLOAD_FILES + 1 })).rejects.toThrow('found 100,001 files')
  })

  it('counts what all pages have sent together', async () => {
    const first = await uploads.begin({ bytes: MOST_UPLOAD_BYTES, files: 1 })
    await expect(uploads.begin({ bytes: 1, files: 1 })).rejects.toThrow('Other files that were sent are not added yet')
    await uploads.drop(first)
    await uploads.begin({ bytes: 1, files: 1 })
  })

  it.each([
    ['more bytes', [{ path: 'a', bytes: bytes('abc') }]],
    ['more files', ['a', 'b'].map((path) => ({ path, bytes: bytes('') }))]
  ])('takes no %s than were said, and keeps nothing then', async (_what, parts) => {
    const id = await uploads.begin({ bytes: 2, files: 1 })
    await expect(uploads.send(id, parts)).rejects.toThrow('More was sent than the page had said')
    expect(await kept()).toEqual([])
    await expect(uploads.send(id, parts)).rejects.toThrow('The files that were sent are gone')
  })

  it('writes no file twice and none into a file', async () => {
    const id = await uploads.begin({ bytes: 9, files: 3 })
    await uploads.send(id, ['a', 'b'].map((path) => ({ path, bytes: bytes('x') }))) // prettier-ignore
    await expect(uploads.send(id, [{ path: 'a', bytes: bytes('y') }])).rejects.toMatchObject({ kind: 'not-writable' })
    expect(await kept()).toEqual([])
  })

  it.each(['../a', 'a/../b', '/a', 'a//b', 'a\\b', 'C:a', '.hidden', 'a/.', 'end.', 'a\0b', '', 'x'.repeat(201), 'a/'.repeat(8) + 'b'])(
    'has no path %j',
    (path) => expect(isSendablePath(path)).toBe(false)
  ) // prettier-ignore
})

it('goes on after an upload that could not begin, beside one that has', async () => {
  const first = await uploads.begin({ bytes: 1, files: 1 })
  const home = join(cache, 'uploads')
  const away = join(cache, 'away')
  await rename(home, away)
  await writeFile(home, 'a file where the folder would be')
  await expect(uploads.begin({ bytes: 1, files: 1 })).rejects.toMatchObject({ kind: 'not-writable' })
  await rm(home)
  await rename(away, home)
  const third = await uploads.begin({ bytes: 1, files: 1 })
  for (const id of [first, third]) await uploads.send(id, [{ path: 'data.csv', bytes: bytes('1') }])
  expect(await kept()).toEqual(['data.csv', 'data.csv'])
})

it('sweeps what a process that is gone has left, and nothing else', async () => {
  const id = await uploads.begin({ bytes: 1, files: 1 })
  await uploads.send(id, [{ path: 'data.csv', bytes: bytes('1') }])
  const left = join(cache, 'uploads', '4194304-1')
  await mkdir(join(left, 'x'), { recursive: true })
  await writeFile(join(left, 'x', 'left.csv'), '')
  const [own] = (await readdir(join(cache, 'uploads'))).filter((name) => name !== '4194304-1')
  const claim = JSON.parse(await readFile(join(cache, 'uploads', own ?? '', 'owner.json'), 'utf8')) as object
  await writeFile(join(left, 'owner.json'), JSON.stringify({ ...claim, pid: 4194304, token: 'other' }))
  const others = createUploads(cache)
  await others.sweep()
  expect(await kept()).toEqual(['data.csv'])
  await uploads.close()
  expect(await kept()).toEqual([])
})
