import { mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { findLeftovers, removeLeftovers } from '../../../src/main/system/leftovers'
import { appPaths } from '../../../src/main/system/paths'

let home: string
let folder: string
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'bottleneck-lab-leftovers-'))
  folder = appPaths({ BOTTLENECK_LAB_HOME: home }).leftovers
})
afterEach(() => rm(home, { recursive: true, force: true }))

test('what setup:cuda brought is found with the bytes of all its files, and removed', async () => {
  const libraries = join(folder, 'onnxruntime-cuda-1.30.0', 'lib')
  await mkdir(libraries, { recursive: true })
  await writeFile(join(libraries, 'libonnxruntime_providers_cuda.so'), new Uint8Array(1500))
  await writeFile(join(folder, 'onnxruntime-cuda-1.30.0', 'LICENSE'), new Uint8Array(34))
  await mkdir(join(home, 'data', 'runs'))
  expect(await findLeftovers(folder)).toEqual({ folder, bytes: 1534 })
  await removeLeftovers(folder)
  expect(await findLeftovers(folder)).toBeNull()
  expect(await readdir(join(home, 'data'))).toEqual(['runs'])
})

test('where an older version left nothing there is nothing, and nothing to remove', async () => {
  expect(await findLeftovers(folder)).toBeNull()
  await removeLeftovers(folder)
  await mkdir(join(folder, 'empty'), { recursive: true })
  expect(await findLeftovers(folder)).toBeNull()
})

test('what a link leads to is neither counted nor removed', async (context) => {
  context.skip(process.platform === 'win32', 'Windows lets few users make links')
  const elsewhere = join(home, 'elsewhere')
  await mkdir(elsewhere)
  await writeFile(join(elsewhere, 'mine'), new Uint8Array(5000))
  await mkdir(folder, { recursive: true })
  await writeFile(join(folder, 'file'), new Uint8Array(10))
  await symlink(elsewhere, join(folder, 'link'))
  expect(await findLeftovers(folder)).toEqual({ folder, bytes: 10 })
  await removeLeftovers(folder)
  expect(await readdir(elsewhere)).toEqual(['mine'])
})
