// @vitest-environment happy-dom
import { beforeEach, expect, it, vi } from 'vitest'
import { nextTick } from 'vue'
import type { ExportChoices, ExportedFile, ExportRequest } from '@shared/exports'
import { LabError } from '@shared/errors'
import ExportDialog from '../../../../src/renderer/components/ExportDialog.vue'
import { useNoticesStore } from '../../../../src/renderer/stores/notices-store'
import { useScreenStore } from '../../../../src/renderer/stores/screen-store'
import { host } from '../../../../src/renderer/window-host'
import type { TestLink } from '../lab-link'
import { all, find, mount, openLab } from './mount'

const choices: ExportChoices = {
  models: ['d=2', 'd=8'],
  formats: [
    {
      key: 'keras',
      label: 'Keras',
      writes: 'each model',
      of: 'model',
      made: [
        { files: ['2-a.keras', '2-b.keras'], loads: 'load 2' },
        { files: ['8-a.keras', '8-b.keras'], loads: 'load 8' }
      ]
    },
    {
      key: 'notebook',
      label: 'Notebook',
      writes: 'code',
      of: 'run',
      isText: true,
      made: [{ files: ['n.ipynb'], loads: 'open n' }]
    }
  ]
}
const exportChoices = vi.fn<() => Promise<ExportChoices>>()
const cancelExport = vi.fn<(id: string) => Promise<void>>()
let link: TestLink
const exportRun = vi.fn<(id: string, request: ExportRequest) => Promise<ExportedFile>>()

beforeEach(async () => {
  exportChoices.mockReset().mockResolvedValue(choices)
  exportRun.mockReset().mockResolvedValue({ name: 'e.zip', content: Uint8Array.of(1, 2) })
  cancelExport.mockReset()
  link = await openLab({ exportChoices, exportRun, cancelExport })
  const screen = useScreenStore()
  screen.dialog = 'export'
  screen.dialogRun = 'one'
})

async function open(): Promise<void> {
  await mount(ExportDialog)
  await vi.waitFor(() => expect(all('label').length).toBe(4))
}

async function tick(name: string): Promise<void> {
  const label = all('label').find((one) => one.textContent?.trim().startsWith(name))
  label?.querySelector('input')?.click()
  await nextTick()
}

const summary = () => find('[role="status"]').textContent
const save = () => all('button').find((one) => one.textContent === 'Save') as HTMLButtonElement
const notice = () => useNoticesStore().notices[0]
const texts = () => useNoticesStore().notices.map(({ text }) => text)
const lines = () => all('code').map((one) => one.textContent)

it('shows how a ticked format is opened, of the first model that is chosen, and copies it', async () => {
  const copyText = vi.spyOn(host, 'copyText').mockResolvedValue()
  await open()
  expect([lines(), save().disabled, summary()]).toEqual([[], true, 'Choose at least one format.'])
  await tick('Keras')
  expect([lines(), save().disabled, summary()]).toEqual([['load 2'], false, '4 files in one ZIP'])
  await tick('d=2')
  expect([lines(), summary()]).toEqual([['load 8'], '2 files in one ZIP'])
  find('[aria-label="Copy how Keras is opened"]').click()
  expect(copyText).toHaveBeenCalledWith('load 8')
})

it('asks for a model where a format needs one, and for none where it does not', async () => {
  await open()
  for (const name of ['Keras', 'd=2', 'd=8']) await tick(name)
  expect([save().disabled, summary()]).toEqual([true, 'Choose at least one model.'])
  await tick('Keras')
  await tick('Notebook')
  expect([save().disabled, summary(), lines()]).toEqual([false, 'One file: n.ipynb', ['open n']])
})

it('saves what was chosen through the host, and says where it is', async () => {
  const saveFile = vi.spyOn(host, 'saveFile').mockResolvedValue('/there/e.zip')
  await open()
  for (const name of ['Notebook', 'Keras', 'd=2']) await tick(name)
  save().click()
  await vi.waitFor(() => expect(saveFile).toHaveBeenCalledWith('e.zip', Uint8Array.of(1, 2)))
  expect(exportRun).toHaveBeenCalledWith('one', { formats: ['notebook', 'keras'], models: ['d=8'] })
  expect(useScreenStore().dialog).toBeNull()
  await vi.waitFor(() => expect(texts()).toEqual(['The export is saved: /there/e.zip']))
})

it('says why nothing can be chosen', async () => {
  exportChoices.mockRejectedValue(new LabError('not-found', 'There is no such run'))
  await mount(ExportDialog)
  await vi.waitFor(() => expect(find('[role="alert"]').textContent).toBe('There is no such run.'))
})

it('says how far it is, in steps, and asks before the page is left', async () => {
  const asked = vi.spyOn(host, 'askBeforeLeaving').mockClear()
  exportRun.mockReturnValue(new Promise(() => undefined))
  await open()
  await tick('Notebook')
  save().click()
  await vi.waitFor(() => expect(texts()).toEqual(['Making the files …']))
  expect(asked).toHaveBeenCalledTimes(1)
  link.emit('exportProgress', { id: 'another', done: 3, total: 4, name: 'd' })
  link.emit('exportProgress', { id: 'one', done: 1, total: 100, name: 'b' })
  expect(texts()).toEqual(['Making the files …'])
  link.emit('exportProgress', { id: 'one', done: 50, total: 100, name: 'c' })
  expect(texts()).toEqual(['Making the files … 50 of 100 done, c is next'])
})

it('is cancelled by the notice’s button, and nothing is saved then', async () => {
  const saveFile = vi.spyOn(host, 'saveFile').mockClear()
  let refuse = (_: LabError) => {}
  exportRun.mockReturnValue(new Promise((_, reject) => (refuse = reject)))
  cancelExport.mockImplementation(async () => refuse(new LabError('busy', 'The export was cancelled')))
  await open()
  await tick('Notebook')
  save().click()
  await vi.waitFor(() => expect(notice()?.actions?.map(({ label }) => label)).toEqual(['Cancel']))
  await notice()?.actions?.[0]?.run()
  await vi.waitFor(() => expect(texts()).toEqual(['The export was cancelled. Nothing was saved.']))
  expect([cancelExport.mock.calls, saveFile.mock.calls]).toEqual([[['one']], []])
})

it('copies the whole text of a script', async () => {
  const copyText = vi.spyOn(host, 'copyText').mockResolvedValue()
  exportRun.mockResolvedValue({ name: 'n.ipynb', content: new TextEncoder().encode('{"é": 1}') })
  await open()
  await tick('Keras')
  expect(all('[aria-label^="Copy all"]')).toEqual([])
  await tick('Notebook')
  find('[aria-label="Copy all of Notebook"]').click()
  await vi.waitFor(() => expect(copyText).toHaveBeenCalledWith('{"é": 1}'))
  expect(exportRun).toHaveBeenCalledWith('one', { formats: ['notebook'], models: null })
})
