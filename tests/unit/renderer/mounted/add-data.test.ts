// @vitest-environment happy-dom
// Data that is dropped or chosen and can't be read: the window says so where it was given.
import { beforeEach, expect, it, onTestFinished, vi } from 'vitest'
import { nextTick } from 'vue'
import { LabError } from '@shared/errors'
import AddDataDialog from '../../../../src/renderer/components/AddDataDialog.vue'
import { useDatasetsStore } from '../../../../src/renderer/stores/datasets-store'
import { useExperimentStore } from '../../../../src/renderer/stores/experiment-store'
import NewExperimentView from '../../../../src/renderer/views/NewExperimentView.vue'
import { host } from '../../../../src/renderer/window-host'
import { all, find, mount, openLab } from './mount'

const gone = new LabError('not-found', 'The file is gone')

beforeEach(async () => {
  await openLab({ estimate: () => new Promise(() => undefined) })
})

/** Drops a file that goes before it is read. */
function dropGone(on: HTMLElement): void {
  const entry = {
    isFile: true,
    name: 'a.png',
    fullPath: '/a.png',
    file: (_: unknown, fail: (error: Error) => void) => fail(gone)
  }
  const event = Object.assign(new Event('drop', { bubbles: true, cancelable: true }), {
    dataTransfer: { files: [], items: [{ webkitGetAsEntry: () => entry }] }
  })
  on.dispatchEvent(event)
}

it('says in the dialog that a dropped file can’t be read', async () => {
  useDatasetsStore().open()
  await mount(AddDataDialog)
  dropGone(find('dialog'))
  await vi.waitFor(() => expect(find('[role="alert"]').textContent).toBe('The file is gone.'))
})

it('says in the dialog why no folder could be chosen', async () => {
  Object.assign(host, { chooseFolder: () => Promise.reject(new LabError('busy', 'A chooser is open')) })
  onTestFinished(() => void delete host.chooseFolder)
  useDatasetsStore().open()
  await mount(AddDataDialog)
  all('button')
    .find(({ textContent }) => textContent?.trim() === 'Choose folder …')
    ?.click()
  await vi.waitFor(() => expect(find('[role="alert"]').textContent).toBe('A chooser is open.'))
})

it('says why reading could not be cancelled', async () => {
  const refused = new LabError('busy', 'The lab is closing')
  await openLab({
    inspectData: () => new Promise(() => undefined),
    cancelReading: () => Promise.reject(refused)
  })
  useDatasetsStore().open('/data')
  await mount(AddDataDialog)
  all('button')
    .find(({ textContent }) => textContent?.trim() === 'Cancel')
    ?.click()
  await vi.waitFor(() => expect(find('[role="alert"]').textContent).toBe('The lab is closing.'))
})

it('says in the form that a file dropped on it can’t be read', async () => {
  useExperimentStore().openDraft()
  await mount(NewExperimentView)
  dropGone(find('#setup'))
  await vi.waitFor(() =>
    expect(all('.fields .error').map(({ textContent }) => textContent?.trim())).toEqual(['The file is gone.'])
  )
  await nextTick()
  expect(all('dialog')).toEqual([])
})
