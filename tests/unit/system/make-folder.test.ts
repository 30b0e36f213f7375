import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { makeFolder } from '../../../src/main/system/make-folder'

const root = mkdtempSync(join(tmpdir(), 'folder-'))
afterAll(() => rmSync(root, { recursive: true }))

it('makes a folder with its parents, and takes one that is there', async () => {
  const folder = join(root, 'a', 'b', 'c')
  await makeFolder(folder)
  await makeFolder(folder)
  expect(statSync(folder).isDirectory()).toBe(true)
  await Promise.all([makeFolder(join(root, 'x', 'y', '1')), makeFolder(join(root, 'x', 'y', '2'))])
  expect([existsSync(join(root, 'x', 'y', '1')), existsSync(join(root, 'x', 'y', '2'))]).toEqual([true, true])
})

it('refuses a file in the way, and says that it is one', async () => {
  const file = join(root, 'file')
  writeFileSync(file, '')
  await expect(makeFolder(file)).rejects.toThrow(`${file} is a file, not a folder. Choose another folder.`)
  await expect(makeFolder(join(root, 'file', 'a'))).rejects.toMatchObject({ code: 'ENOTDIR' })
})

it('ends where nothing can be made, as in /proc', async (context) => {
  context.skip(!existsSync('/proc/version'), 'needs /proc, which Linux has')
  await expect(makeFolder('/proc/no/such/folder')).rejects.toMatchObject({ code: 'ENOENT' })
})
