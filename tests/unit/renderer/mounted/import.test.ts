// @vitest-environment happy-dom
import { beforeEach, expect, it, vi } from 'vitest'
import { nextTick } from 'vue'
import { LabError } from '@shared/errors'
import type { ImportedRun } from '@shared/contract'
import ImportDialog from '../../../../src/renderer/components/ImportDialog.vue'
import { useImportStore } from '../../../../src/renderer/stores/import-store'
import { useNoticesStore } from '../../../../src/renderer/stores/notices-store'
import { useScreenStore } from '../../../../src/renderer/stores/screen-store'
import type { TestLink } from '../lab-link'
import { runView } from '../run-view'
import { all, find, mount, openLab, type } from './mount'

/** An import that ends when the test says so. */
let ends: { resolve(imported: ImportedRun): void; reject(error: unknown): void }
const importRun = vi.fn<(path: string) => Promise<ImportedRun>>()
const cancelImport = vi.fn<() => Promise<void>>()
let link: TestLink

beforeEach(async () => {
  importRun.mockReset().mockImplementation(() => new Promise((resolve, reject) => (ends = { resolve, reject })))
  cancelImport.mockReset().mockImplementation(() => {
    ends.reject(new LabError('busy', 'The import was cancelled'))
    return Promise.resolve()
  })
  link = await openLab({ importRun, cancelImport, openRun: (id) => Promise.resolve(runView(2, {}, id)) })
  useScreenStore().dialog = 'import'
})

const button = (name: string) => all('button').find((one) => one.textContent === name)
const note = () => find('#import-note').textContent?.trim()
const texts = () => useNoticesStore().notices.map(({ text }) => text)

async function begin(): Promise<void> {
  await mount(ImportDialog)
  await type(find<HTMLInputElement>('#import-path'), '/elsewhere/run')
  button('Import')?.click()
  await vi.waitFor(() => expect(importRun).toHaveBeenCalledWith('/elsewhere/run'))
}

it('says how far an import is, and closes when it is there', async () => {
  await begin()
  expect(note()).toBe('Checking and copying …')
  link.emit('importProgress', { done: 430, total: 1000 })
  await nextTick()
  expect(note()).toBe('Checking and copying … 40 %')
  ends.resolve({ id: 'one', problems: [] })
  await vi.waitFor(() => expect(useScreenStore().dialog).toBeNull())
  expect(texts()).toEqual(['“one” is imported: its folder was copied.'])
})

it('is cancelled by its button, and stays open for another path without a complaint', async () => {
  await begin()
  button('Cancel')?.click()
  await vi.waitFor(() => expect(button('Import')).toBeDefined())
  expect([cancelImport.mock.calls.length, useScreenStore().dialog, texts()]).toEqual([1, 'import', []])
  expect(find('#import-path').getAttribute('aria-invalid')).toBe('false')
})

it('goes on behind a dialog that was closed, as a notice that can cancel it', async () => {
  await begin()
  useScreenStore().dialog = null
  link.emit('importProgress', { done: 500, total: 1000 })
  const [notice] = useNoticesStore().notices
  expect([notice?.text, notice?.actions?.map(({ label }) => label)]).toEqual([
    'Checking and copying … 50 %',
    ['Cancel']
  ])
  await notice?.actions?.[0]?.run()
  await vi.waitFor(() => expect(texts()).toEqual(['The import was cancelled. Nothing of the run was copied.']))
})

it('takes its turn behind another one, and leaves no notice of progress where the lab refuses', async () => {
  const store = useImportStore()
  const first = store.take('/one')
  const second = store.take('/two')
  await vi.waitFor(() => expect(importRun).toHaveBeenCalledTimes(1))
  ends.resolve({ id: 'one', problems: [] })
  await first
  await vi.waitFor(() => expect(importRun).toHaveBeenCalledTimes(2))
  ends.reject(new LabError('not-found', 'There is no run.json'))
  expect(await second).toBeUndefined()
  expect(texts()).toEqual(['There is no run.json.'])
})

/** Chooses a file as the system's dialog would. */
function chooseFile(file: File): void {
  const input = find<HTMLInputElement>('input[type=file]')
  Object.defineProperty(input, 'files', { value: [file], configurable: true })
  input.dispatchEvent(new Event('change'))
}

it('sends a chosen file where its path can’t be known, and imports it', async () => {
  const calls: string[] = []
  const pieces: number[] = []
  link.calls.beginUpload = async ({ bytes }) => (calls.push(`begin ${bytes}`), 'upload')
  link.calls.sendPieces = async (_, parts) => void pieces.push(...parts.map(({ bytes }) => bytes.length))
  link.calls.endUpload = async () => '/uploads/upload/my-data/run.bottleneck'
  link.calls.dropUpload = async (id) => void calls.push(`drop ${id}`)
  await mount(ImportDialog)
  chooseFile(new File([new Uint8Array(3000)], 'run.bottleneck'))
  await vi.waitFor(() => expect(importRun).toHaveBeenCalledWith('/uploads/upload/my-data/run.bottleneck'))
  ends.resolve({ id: 'one', problems: [] })
  await vi.waitFor(() => expect(texts()).toEqual(['“one” is imported: its file was unpacked.']))
  await vi.waitFor(() => expect(calls).toEqual(['begin 3000', 'drop upload']))
  expect(pieces.reduce((sum, bytes) => sum + bytes, 0)).toBe(3000)
})

it('gives up the sending of a file by its button; nothing is imported', async () => {
  let arrived: () => void = () => undefined
  link.calls.beginUpload = async () => 'upload'
  link.calls.sendPieces = () => new Promise<void>((resolve) => (arrived = resolve))
  link.calls.dropUpload = vi.fn(async () => undefined)
  await mount(ImportDialog)
  chooseFile(new File([new Uint8Array(3000)], 'run.bottleneck'))
  await vi.waitFor(() => expect(note()).toBe('Sending …'))
  button('Cancel')?.click()
  arrived()
  await vi.waitFor(() => expect(button('Import')).toBeDefined())
  expect(link.calls.dropUpload).toHaveBeenCalledWith('upload')
  expect([importRun.mock.calls.length, useScreenStore().dialog]).toEqual([0, 'import'])
})

it('says that the very run is there already', async () => {
  await begin()
  ends.resolve({ id: 'one', problems: [], isThere: true })
  await vi.waitFor(() => expect(texts()).toEqual(['“one” is in the list already: nothing was copied.']))
})
