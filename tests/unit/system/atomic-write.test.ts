import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { atomicWrite, fileError, syncFolder } from '../../../src/main/system/atomic-write'
import { onSmallDisk } from '../../fixtures/small-disk'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'atomic-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

describe('atomicWrite', () => {
  it('writes text and bytes, replaces what was there and leaves nothing beside it', async () => {
    const path = join(folder, 'run.json')
    await atomicWrite(path, 'first and longer')
    await atomicWrite(path, Uint8Array.of(104, 105))
    expect(readFileSync(path, 'utf8')).toBe('hi')
    await atomicWrite(path, '')
    expect(readFileSync(path, 'utf8')).toBe('')
    expect(readdirSync(folder)).toEqual(['run.json'])
  })

  it('shows a reader the old file or the new one, never a part', async () => {
    const path = join(folder, 'run.json')
    const version = (i: number) => new Uint8Array(300_000 + i).fill(i)
    await atomicWrite(path, version(0))
    const writing = { done: false }
    const reads = (async () => {
      let seen = 0
      for (; !writing.done; seen++) {
        const bytes = await readFile(path)
        expect(bytes.length).toBe(300_000 + (bytes[0] ?? 0))
        expect(bytes.every((byte) => byte === bytes[0])).toBe(true)
      }
      return seen
    })()
    for (let i = 1; i <= 30; i++) await atomicWrite(path, version(i))
    writing.done = true
    expect(await reads).toBeGreaterThan(0)
  })

  it('lets several writers of one file end with one of their versions, whole', async () => {
    const path = join(folder, 'run.json')
    const versions = Array.from({ length: 20 }, (_, i) => String.fromCharCode(97 + i).repeat(100_000 - 1000 * i))
    await Promise.all(versions.map((content) => atomicWrite(path, content)))
    expect(versions).toContain(readFileSync(path, 'utf8'))
    expect(readdirSync(folder)).toEqual(['run.json'])
  })

  it('says not-writable where the folder is a file or is missing', async () => {
    const file = join(folder, 'file')
    writeFileSync(file, 'kept')
    await expect(atomicWrite(join(file, 'run.json'), 'x')).rejects.toMatchObject({ kind: 'not-writable' })
    await expect(atomicWrite(join(folder, 'none', 'run.json'), 'x')).rejects.toMatchObject({ kind: 'not-writable' })
    expect(readFileSync(file, 'utf8')).toBe('kept')
  })

  it('keeps the old file on a full disk and says disk-full', async (context) => {
    await onSmallDisk(context, folder, async () => {
      const path = join(folder, 'run.json')
      await atomicWrite(path, 'old')
      await expect(atomicWrite(path, new Uint8Array(1_000_000))).rejects.toMatchObject({ kind: 'disk-full' })
      expect(readFileSync(path, 'utf8')).toBe('old')
      expect(readdirSync(folder)).toEqual(['run.json'])
    })
  })

  it('keeps the old file on a read-only disk and says not-writable', async (context) => {
    await onSmallDisk(context, folder, async () => {
      const path = join(folder, 'run.json')
      await atomicWrite(path, 'old')
      execFileSync('mount', ['-o', 'remount,ro', folder])
      await expect(atomicWrite(path, 'new')).rejects.toMatchObject({
        kind: 'not-writable',
        data: { found: 'a read-only disk' }
      })
      expect(readFileSync(path, 'utf8')).toBe('old')
    })
  })
})

describe('syncFolder', () => {
  it('leaves a folder be that its file system can’t sync', async (context) => {
    context.skip(process.platform !== 'linux', 'needs /proc, which Linux has')
    await syncFolder('/proc') // where fsync answers EINVAL
    await syncFolder(folder)
  })

  it('tells any other failure', async (context) => {
    context.skip(process.platform === 'win32', 'Windows syncs no folder')
    await expect(syncFolder(join(folder, 'none'))).rejects.toMatchObject({ code: 'ENOENT' })
  })
})

describe('fileError', () => {
  it('tells a full disk from other failures and passes a LabError on', () => {
    const full = fileError(Object.assign(new Error(), { code: 'EDQUOT' }), '/runs/a')
    expect(full.kind).toBe('disk-full')
    expect(full.message).toContain('/runs/a')
    expect(fileError(full, '/runs/b')).toBe(full)
  })

  it('has a sentence and a remedy of its own for each of the system’s reasons', () => {
    const groups = [
      ['ENOENT'],
      ['ENOTDIR'],
      ['EISDIR'],
      ['EEXIST'],
      ['EACCES', 'EPERM'],
      ['EROFS'],
      ['ENOSPC'],
      ['EDQUOT'],
      ['EFBIG'],
      ['EIO'],
      ['ESTALE'],
      ['ENXIO', 'ENODEV'],
      ['ETIMEDOUT', 'EHOSTDOWN', 'ENOTCONN', 'EREMOTEIO'],
      ['EMFILE'],
      ['ENFILE'],
      ['ENOMEM'],
      ['ENAMETOOLONG'],
      ['ELOOP'],
      ['EBUSY', 'ETXTBSY'],
      ['EINVAL', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS']
    ]
    const sentenceFor = (code: string) => fileError(Object.assign(new Error(), { code }), '/runs/a').message
    const sentences = groups.map((codes) => {
      const [first = '', ...same] = codes.map(sentenceFor)
      expect(same.every((other) => other === first)).toBe(true)
      expect(first).not.toMatch(/\bE[A-Z]{3,}/)
      expect(first).toMatch(/\/runs\/a could not be written.*\. [A-Z][^.]+\.$/)
      return first
    })
    expect(new Set(sentences).size).toBe(groups.length)
    expect(
      sentences.filter((text) => text.includes('Give your account the right to write there, or choose another folder'))
    ).toHaveLength(1)
  })

  it('promises nothing of the log file, which does not hear of it', () => {
    expect(fileError(Object.assign(new Error(), { code: 'EODD' }), '/runs/a').message).toBe(
      '/runs/a could not be written: found EODD. Choose another folder.'
    )
  })

  it('names a limit on the size of files, by a real one', (context) => {
    context.skip(process.platform === 'win32', 'needs limits of a shell')
    const script = `
      process.on('SIGXFSZ', () => undefined)
      const { code } = (() => { try { require('node:fs').writeFileSync(process.argv[1], Buffer.alloc(1e6)); return {} } catch (error) { return error } })()
      console.log(code)`
    const command = ['-c', 'ulimit -f 8; exec "$0" -e "$1" "$2"', process.execPath, script, join(folder, 'large')]
    const code = execFileSync('bash', command, { encoding: 'utf8' }).trim()
    expect(code).toBe('EFBIG')
    expect(fileError(Object.assign(new Error(), { code }), '/a').data.found).toMatch(/^a file larger than the disk/)
  })

  it('names a name that is too long, by a real one', async () => {
    await expect(atomicWrite(join(folder, 'x'.repeat(300)), '')).rejects.toMatchObject({
      data: {
        found: 'a name longer than the disk allows',
        remedy: 'Choose a shorter file name, or a folder with a shorter path'
      }
    })
  })
})
