import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { defaultSettings, readSettingsFile, writeSettingsFile } from '../../../src/main/lab/settings'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bottleneck-lab-settings-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

test('settings are kept, their folder is made', async () => {
  const path = join(folder, 'config', 'settings.json')
  expect(await readSettingsFile(path)).toEqual(defaultSettings)
  const settings = { theme: 'dark' as const, runsFolder: '/somewhere' }
  await writeSettingsFile(path, settings)
  expect(await readSettingsFile(path)).toEqual(settings)
})

test('what an older version did not write is the default', async () => {
  const path = join(folder, 'settings.json')
  await writeFile(path, '{"theme":"dark"}')
  expect(await readSettingsFile(path)).toEqual({ theme: 'dark', runsFolder: null })
})

test('what an older version wrote and no version knows any more is left out, the rest stays', async () => {
  const path = join(folder, 'settings.json')
  await writeFile(path, '{"theme":"dark","runsFolder":"/somewhere","memoryBudget":512}')
  const settings = await readSettingsFile(path)
  expect(settings).toEqual({ theme: 'dark', runsFolder: '/somewhere' })
  await writeSettingsFile(path, settings)
  expect(JSON.parse(await readFile(path, 'utf8'))).toEqual({ theme: 'dark', runsFolder: '/somewhere' })
})

test.each(['', '{', 'null', '{"theme":"pink","runsFolder":null}', '{"theme":"dark","runsFolder":7}'])(
  'settings that can’t be read are the defaults: %s',
  async (text) => {
    await writeFile(join(folder, 'settings.json'), text)
    expect(await readSettingsFile(join(folder, 'settings.json'))).toEqual(defaultSettings)
  }
)

test('a folder that can’t be written is a LabError', async () => {
  await writeFile(join(folder, 'file'), '')
  await expect(writeSettingsFile(join(folder, 'file', 'settings.json'), defaultSettings)).rejects.toMatchObject({
    kind: 'not-writable'
  })
})
