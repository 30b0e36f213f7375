import { execFileSync } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createSettingsStore, readSettingsFile, writeSettingsFile } from '../../../src/main/lab/settings'
import { defaultFigureOptions } from '../../../src/shared/figure-options'
import { defaultSettings, type Settings } from '../../../src/shared/settings'
import { defaultReportOptions } from '../../../src/shared/report-options'
import { keptLog } from '../../fixtures/lab'
import { onSmallDisk } from '../../fixtures/small-disk'

const whole: Settings = {
  theme: 'dark',
  runsFolder: '/somewhere',
  continueInterrupted: true,
  weightsMegabytes: 50,
  report: { ...defaultReportOptions, paper: 'letter', parts: ['models'], author: 'A. Student' },
  figure: { ...defaultFigureOptions, format: 'svg', width: 85 }
}
let folder: string
let path: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bottleneck-lab-settings-'))
  path = join(folder, 'settings.json')
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const written = async () => JSON.parse(await readFile(path, 'utf8')) as unknown
const settingsIn = async (text: string) => {
  await writeFile(path, text)
  return readSettingsFile(path)
}

test('settings are kept, their folder is made', async () => {
  const deep = join(folder, 'config', 'settings.json')
  expect(await readSettingsFile(deep)).toEqual({ settings: defaultSettings, unknown: {}, problem: null })
  await writeSettingsFile(deep, whole)
  expect(await readSettingsFile(deep)).toEqual({ settings: whole, unknown: {}, problem: null })
})

test('what an older version did not write is the default', async () => {
  const { settings, problem } = await settingsIn('{"theme":"dark"}')
  expect([settings, problem]).toEqual([{ ...defaultSettings, theme: 'dark' }, null])
})

test('a key that this version does not know is no fault, and stays when settings are saved', async () => {
  const { settings, problem } = await settingsIn(JSON.stringify({ ...whole, memoryBudget: 512 }))
  expect([settings, problem]).toEqual([whole, null])
  await writeSettingsFile(path, { ...whole, theme: 'light' })
  expect(await written()).toEqual({ ...whole, theme: 'light', memoryBudget: 512 })
  expect(await readdir(folder)).toEqual(['settings.json'])
})

test('a byte order mark, as some editors write it, is no fault', async () => {
  expect(await settingsIn(`\uFEFF${JSON.stringify(whole)}`)).toEqual({ settings: whole, unknown: {}, problem: null })
})

test.each([
  ['{"theme":"pink","runsFolder":"/somewhere"}', { ...defaultSettings, runsFolder: '/somewhere' }, 'theme'],
  ['{"theme":"dark","runsFolder":7}', { ...defaultSettings, theme: 'dark' }, 'runsFolder'],
  ['{"theme":"dark","continueInterrupted":"yes"}', { ...defaultSettings, theme: 'dark' }, 'continueInterrupted'],
  ['{"theme":"dark","weightsMegabytes":-1}', { ...defaultSettings, theme: 'dark' }, 'weightsMegabytes'],
  ['{"theme":"dark","weightsMegabytes":1.5}', { ...defaultSettings, theme: 'dark' }, 'weightsMegabytes']
])('a value that can’t be taken leaves the others alone: %s', async (text, settings, key) => {
  const read = await settingsIn(text)
  expect(read.settings).toEqual(settings)
  expect(read.problem).toMatchObject({ kind: 'bad-file', found: expect.stringContaining(key) as string })
})

test.each(['', '{', 'null', '[]', '{"theme":"dark",}'])(
  'settings that can’t be read are told and the defaults, and are kept beside the next: %s',
  async (text) => {
    await writeFile(path, text)
    const log = keptLog()
    const store = createSettingsStore(path, log)
    await store.read()
    expect(store.current()).toEqual(defaultSettings)
    expect(store.problem()).toMatchObject({ kind: 'bad-file', found: 'no JSON object' })
    expect(log.lines.join()).toContain(`The settings file ${path} is not usable`)

    await store.write(whole)
    expect(store.problem()).toBe(null)
    expect(await written()).toEqual(whole)
    const [, kept = ''] = (await readdir(folder)).sort()
    expect(kept).toMatch(/^settings\.json\.unreadable-\d{4}-\d\d-\d\dT\d+Z$/)
    expect(await readFile(join(folder, kept), 'utf8')).toBe(text)
  }
)

test('a file of any size, and a named pipe, keep nobody waiting', async () => {
  await writeFile(path, '')
  await truncate(path, 2 ** 40)
  expect((await readSettingsFile(path)).problem).toMatchObject({ expected: 'at most 65,536 bytes' })
  if (process.platform === 'win32') return
  await rm(path)
  execFileSync('mkfifo', [path])
  expect((await readSettingsFile(path)).problem).toMatchObject({ expected: 'a regular file' })
  await writeSettingsFile(path, whole)
  expect(await written()).toEqual(whole)
})

test('a folder that can’t be written is a LabError', async () => {
  await writeFile(join(folder, 'file'), '')
  await expect(writeSettingsFile(join(folder, 'file', 'settings.json'), defaultSettings)).rejects.toMatchObject({
    kind: 'not-writable'
  })
})

test('settings of which not all can be read stay as they are on a full disk', async (context) => {
  await onSmallDisk(context, folder, async () => {
    const text = '{"theme":"drak","runsFolder":"/somewhere"}'
    await writeFile(path, text)
    const store = createSettingsStore(path, keptLog())
    await store.read()
    await writeFile(join(folder, 'fills'), new Uint8Array(2 ** 16)).catch(() => undefined)
    await expect(store.write({ ...store.current(), theme: 'dark' })).rejects.toMatchObject({ kind: 'disk-full' })
    expect(await readFile(path, 'utf8')).toBe(text)
    expect((await readdir(folder)).sort()).toEqual(['fills', 'settings.json'])
    expect([store.current().theme, store.problem()]).toMatchObject(['system', { kind: 'bad-file' }])
  })
})

test('only what is changed here is written: another process or an editor may have set the rest', async () => {
  await writeFile(path, '{"theme":"light","runsFolder":null}')
  const store = createSettingsStore(path, keptLog())
  await store.read()
  await writeFile(path, '{"theme":"light","runsFolder":"/chosen/elsewhere"}')
  await store.write({ ...store.current(), theme: 'dark' })
  expect(await written()).toMatchObject({ theme: 'dark', runsFolder: '/chosen/elsewhere' })
  await store.write({ ...store.current(), runsFolder: '/chosen/here' })
  expect(await written()).toMatchObject({ theme: 'dark', runsFolder: '/chosen/here' })
})

test('where the file is broken meanwhile, what stands here is written', async () => {
  await writeFile(path, JSON.stringify(whole))
  const store = createSettingsStore(path, keptLog())
  await store.read()
  await writeFile(path, '{"theme":')
  await store.write({ ...store.current(), theme: 'light' })
  expect(await written()).toEqual({ ...whole, theme: 'light' })
})

test('of writes at once the last holds, in the file as here', async () => {
  await writeFile(path, JSON.stringify(whole))
  const store = createSettingsStore(path, keptLog())
  await store.read()
  const themes = ['light', 'dark', 'system', 'dark', 'light', 'dark'] as const
  await Promise.all(themes.map((theme) => store.write({ ...whole, theme })))
  expect([await written(), store.current()]).toEqual([whole, whole])
})
