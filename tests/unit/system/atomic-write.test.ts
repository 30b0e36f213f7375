import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, type TestContext } from 'vitest'
import { atomicWrite, fileError } from '../../../src/main/system/atomic-write'

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
    await onSmallDisk(context, async () => {
      const path = join(folder, 'run.json')
      await atomicWrite(path, 'old')
      await expect(atomicWrite(path, new Uint8Array(1_000_000))).rejects.toMatchObject({ kind: 'disk-full' })
      expect(readFileSync(path, 'utf8')).toBe('old')
      expect(readdirSync(folder)).toEqual(['run.json'])
    })
  })

  it('keeps the old file on a read-only disk and says not-writable', async (context) => {
    await onSmallDisk(context, async () => {
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

describe('fileError', () => {
  it('tells a full disk from other failures and passes a LabError on', () => {
    const full = fileError(Object.assign(new Error(), { code: 'EDQUOT' }), '/runs/a')
    expect(full.kind).toBe('disk-full')
    expect(full.message).toContain('/runs/a')
    const foundFor = (code: string) => fileError(Object.assign(new Error(), { code }), '/runs/a').data.found
    expect(['ENOENT', 'ENOTDIR', 'EACCES', 'EPERM', 'EROFS', 'EMFILE'].map(foundFor)).toEqual([
      'no such folder',
      'a file where a folder should be',
      'no permission to write there',
      'no permission to write there',
      'a read-only disk',
      'EMFILE'
    ])
    expect(fileError(full, '/runs/b')).toBe(full)
  })
})

/** Runs `use` with `folder` on a disk of 64 KB of its own; skips where this user can't mount one. */
async function onSmallDisk(context: TestContext, use: () => Promise<void>): Promise<void> {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', folder], { stdio: 'ignore' })
  } catch {
    context.skip('needs a user who may mount a small disk (root on Linux)')
  }
  try {
    await use()
  } finally {
    execFileSync('umount', [folder])
  }
}
