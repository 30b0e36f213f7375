import { existsSync } from 'node:fs'
import { mkdir, mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { expect, it } from 'vitest'
import { resourcesFolder } from '../../../src/main/system/resources'

it('finds the repository’s own folder from the source', async () => {
  expect(await resourcesFolder()).toBe(resolve('resources'))
  expect(existsSync(join(await resourcesFolder(), 'fonts', 'Inter-Regular.ttf'))).toBe(true)
})

it('finds a package’s folder from the built code, and says so where there is none', async () => {
  const root = await mkdtemp(join(tmpdir(), 'package-'))
  const built = join(root, 'out', 'main', 'chunks')
  await mkdir(built, { recursive: true })
  await expect(resourcesFolder(built)).rejects.toThrow('no folder resources')
  await mkdir(join(root, 'resources', 'fonts'), { recursive: true })
  expect(await resourcesFolder(built)).toBe(join(root, 'resources'))
})
