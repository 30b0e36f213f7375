import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, expect, it, vi } from 'vitest'
import { defaultSettings, type Settings } from '@shared/settings'
import { LabError } from '@shared/errors'
import { useDevicesStore } from '../../../../src/renderer/stores/devices-store'
import { useLabStore } from '../../../../src/renderer/stores/lab-store'
import { useNoticesStore } from '../../../../src/renderer/stores/notices-store'
import { useRunsStore } from '../../../../src/renderer/stores/runs-store'
import { useSettingsStore } from '../../../../src/renderer/stores/settings-store'
import { fixtureDevice } from '../../../fixtures/device'
import { testLink } from '../lab-link'

beforeEach(() => setActivePinia(createPinia()))

const stored: Settings = { ...defaultSettings, theme: 'light' }

it('takes a theme back that can’t be stored, and offers to try again', async () => {
  const writeSettings = vi.fn((_: Settings) => Promise.resolve())
  writeSettings.mockRejectedValueOnce(new LabError('not-writable', 'The settings can’t be written'))
  const store = useSettingsStore()
  await useLabStore().attach(testLink({ readSettings: () => Promise.resolve(stored), writeSettings }))
  await vi.waitFor(() => expect(store.theme).toBe('light'))
  const setting = store.setTheme('dark')
  expect(store.theme).toBe('dark')
  await setting
  expect(store.theme).toBe('light')
  const notices = useNoticesStore()
  expect(notices.notices.map(({ text }) => text)).toEqual(['The settings can’t be written.'])
  await notices.notices[0]?.actions?.[0]?.run()
  expect([store.theme, notices.notices.length]).toEqual(['dark', 0])
})

it('hands on what is wrong with a runs folder, and reads where runs are after a change', async () => {
  let runsFolder = '/usual'
  const link = testLink({
    readSettings: () => Promise.resolve(stored),
    describe: () => Promise.resolve({ devices: [], runsFolder } as never),
    writeSettings: (wanted) => {
      if (wanted.runsFolder === 'x') return Promise.reject(new LabError('bad-value', 'The runs folder is not usable'))
      runsFolder = wanted.runsFolder ?? '/usual'
      return Promise.resolve()
    }
  })
  const store = useSettingsStore()
  await useLabStore().attach(link)
  await expect(store.setRunsFolder('x')).rejects.toMatchObject({ kind: 'bad-value' })
  expect([store.settings.runsFolder, useLabStore().info?.runsFolder]).toEqual([null, '/usual'])
  await store.setRunsFolder('/other')
  expect([store.settings.runsFolder, useLabStore().info?.runsFolder]).toEqual(['/other', '/other'])
})

it('reports settings and runs that can’t be read, and reads them when asked again', async () => {
  let fails = true
  const orFail = <Value>(value: Value, why: string) => (fails ? Promise.reject(new Error(why)) : Promise.resolve(value))
  const [settings, runs, notices] = [useSettingsStore(), useRunsStore(), useNoticesStore()]
  await useLabStore().attach(
    testLink({ readSettings: () => orFail(stored, 'no settings'), listRuns: () => orFail([], 'no runs') })
  )
  await vi.waitFor(() => expect(notices.notices.map(({ subject }) => subject).sort()).toEqual(['runs', 'settings']))
  expect(runs.known).toBe(false)
  fails = false
  for (const { actions } of notices.notices) await actions?.[0]?.run()
  expect([settings.settings.theme, runs.known, notices.notices.length]).toEqual(['light', true, 0])
})

it('has the devices looked for anew, and keeps the rest of what it knows', async () => {
  const [lab, devices] = [useLabStore(), useDevicesStore()]
  const found = fixtureDevice('cpu', { title: 'CPU', isDefault: true })
  await lab.attach(
    testLink({
      describe: () => Promise.resolve({ version: '1', devices: [] } as never),
      lookForDevices: () => Promise.resolve([found])
    })
  )
  expect(lab.device).toBeNull()
  await devices.lookAgain()
  expect(lab.device).toEqual(found)
  expect(lab.info?.version).toBe('1')
})
