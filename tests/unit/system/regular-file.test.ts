import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { link, mkdtemp, open, readdir, readFile, readlink, rm, symlink, truncate, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { openToWriteInPlace, readRegularFile, withRegularFile } from '../../../src/main/system/regular-file'
import { readingReason } from '../../../src/main/system/system-error'

const kind = { what: 'The file', remedy: 'Mend it' }
let folder: string
let path: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bottleneck-lab-regular-'))
  path = join(folder, 'file')
})
afterEach(() => rm(folder, { recursive: true, force: true }))

test('a regular file is read whole, up to the bound', async () => {
  await writeFile(path, 'whole')
  expect(String(await readRegularFile(path, 5, kind))).toBe('whole')
  await expect(readRegularFile(path, 4, kind)).rejects.toMatchObject({
    kind: 'bad-file',
    message: `The file ${path} is not usable: found 5 bytes, expected at most 4 bytes. Mend it.`
  })
})

test('a file that is missing is told apart', async () => {
  await expect(readRegularFile(path, 9, kind)).rejects.toMatchObject({ kind: 'not-found' })
})

test('a sparse file of a terabyte takes no memory', async () => {
  await writeFile(path, '')
  await truncate(path, 2 ** 40)
  await expect(readRegularFile(path, 2 ** 20, kind)).rejects.toMatchObject({ kind: 'bad-file' })
})

test('a folder is no file', async () => {
  await expect(readRegularFile(folder, 9, kind)).rejects.toMatchObject({ kind: 'bad-file' })
  await expect(openToWriteInPlace(folder)).rejects.toThrow()
})

test('a file is made, or opened as it is', async () => {
  for (const text of ['ab', 'c']) {
    const file = await openToWriteInPlace(path)
    await file.write(Buffer.from(text), 0, text.length, 0)
    await file.close()
  }
  expect(await readFile(path, 'utf8')).toBe('cb')
})

test('a file with further names is not written to', async () => {
  await writeFile(join(folder, 'other'), 'mine')
  await link(join(folder, 'other'), path)
  await expect(openToWriteInPlace(path)).rejects.toMatchObject({ kind: 'not-writable' })
})

test('what failed while reading is not blamed on the file: the remedy is for the disk, the right, the limit', async () => {
  await writeFile(path, 'whole')
  for (const [code, found, remedy] of [
    ['EACCES', 'permissions that don’t let your account read it', 'Give your account the right to read it'],
    ['EIO', 'a fault of the disk', 'Check the disk, and try again'],
    ['ESTALE', 'a network disk that has lost the file', 'Connect the disk anew'],
    ['EMFILE', 'too many files open in this application', 'Start it again, or raise the limit (ulimit -n shows it)'],
    ['EODD', 'EODD', 'Try again']
  ]) {
    const failing = withRegularFile(path, kind, () => Promise.reject(Object.assign(new Error(), { code })))
    await expect(failing).rejects.toMatchObject({
      kind: 'bad-file',
      message: `The file ${path} can’t be read: found ${found}. ${remedy}.`
    })
  }
})

test('no system’s reason has a remedy for writing, or one that changes the file, where it was read', () => {
  const codes = [
    'EACCES',
    'EPERM',
    'EIO',
    'ESTALE',
    'ENXIO',
    'ENODEV',
    'ETIMEDOUT',
    'EHOSTDOWN',
    'ENOTCONN',
    'EREMOTEIO'
  ]
  for (const code of [...codes, 'EMFILE', 'ENFILE', 'ENOMEM', 'ELOOP', 'EBUSY', 'ETXTBSY', 'EODD'])
    expect(readingReason({ code }).remedy).not.toMatch(/folder|creat|delete|install|anew,/i)
})

describe('on a POSIX system', () => {
  beforeEach(({ skip }) => skip(process.platform === 'win32', 'needs named pipes and links, which Windows lacks'))

  test('a link is not followed for writing, whether something lies at its end or not', async () => {
    await symlink(join(folder, 'other'), path)
    const refused = { kind: 'not-writable', data: { found: 'a symbolic link' } }
    await expect(openToWriteInPlace(path)).rejects.toMatchObject(refused)
    await writeFile(join(folder, 'other'), 'mine')
    await expect(openToWriteInPlace(path)).rejects.toMatchObject(refused)
    expect(await readFile(join(folder, 'other'), 'utf8')).toBe('mine')
  })

  test('a link that leads to itself is said to be one', async () => {
    await symlink(path, path)
    await expect(readRegularFile(path, 9, kind)).rejects.toMatchObject({
      message: `The file ${path} can’t be read: found a symbolic link that can’t be followed. Put the file itself in the place of the link.`
    })
  })

  test('a socket is no disk that has gone', async () => {
    const server = createServer().listen(path)
    await once(server, 'listening')
    await expect(readRegularFile(path, 9, kind)).rejects.toMatchObject({
      data: { found: 'something that is no regular file' }
    })
    server.close()
  })

  test('what was opened to be written is closed where it is refused or can’t be looked at', async ({ skip }) => {
    skip(process.platform !== 'linux', 'needs /proc, which Linux has')
    await writeFile(path, '')
    const probe = await open(path)
    const handle = Object.getPrototypeOf(probe) as { stat: () => Promise<unknown> }
    await probe.close()
    const isOpen = async () => {
      const links = (await readdir('/proc/self/fd')).map((fd) => readlink(`/proc/self/fd/${fd}`).catch(() => ''))
      return (await Promise.all(links)).includes(path)
    }
    const stats = vi.spyOn(handle, 'stat').mockRejectedValue(Object.assign(new Error('gone'), { code: 'ESTALE' }))
    await expect(openToWriteInPlace(path)).rejects.toThrow('gone')
    stats.mockRestore()
    expect(await isOpen()).toBe(false)
  })

  test('a named pipe without a writer, and a device without an end, are refused at once', async () => {
    execFileSync('mkfifo', [path])
    for (const one of [path, '/dev/zero']) {
      await expect(readRegularFile(one, 9, kind)).rejects.toMatchObject({
        kind: 'bad-file',
        data: { found: 'something that is no regular file' }
      })
    }
    await expect(openToWriteInPlace(path)).rejects.toMatchObject({ kind: 'not-writable' })
  })
})
