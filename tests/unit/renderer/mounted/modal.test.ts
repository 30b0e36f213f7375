// @vitest-environment happy-dom
import { expect, it, vi } from 'vitest'
import { defineComponent, h, nextTick, ref } from 'vue'
import AppDialog from '../../../../src/renderer/components/AppDialog.vue'
import { find, mount } from './mount'

/** A window that has one dialog open, or none. */
async function open(heading: string) {
  const shown = ref<string | null>(heading)
  const told = vi.fn(() => (shown.value = null))
  const Root = defineComponent(
    () => () => shown.value && h(AppDialog, { key: shown.value, heading: shown.value, onClose: told })
  )
  await mount(Root)
  return { shown, told, dialog: find<HTMLDialogElement>('dialog') }
}

it('tells of Escape at once, so that the next key finds no dialog open', async () => {
  const { told, dialog } = await open('Settings')
  dialog.dispatchEvent(new Event('cancel', { cancelable: true }))
  expect(told).toHaveBeenCalledOnce()
  await nextTick()
  expect(document.querySelector('dialog')).toBeNull()
})

it('tells once where the browser’s own event comes late, and leaves the next dialog open', async () => {
  const { shown, told, dialog } = await open('Settings')
  dialog.dispatchEvent(new Event('cancel', { cancelable: true }))
  await nextTick()
  shown.value = 'Storage'
  await nextTick()
  dialog.dispatchEvent(new Event('close'))
  expect(told).toHaveBeenCalledOnce()
  expect(find('h2').textContent).toBe('Storage')
})

it('stays when the file chooser inside it is cancelled or the dialog itself is clicked inside', async () => {
  const { told, dialog } = await open('Import a run')
  find('.dialog-body').dispatchEvent(new Event('cancel', { bubbles: true }))
  find('h2').click()
  expect(told).not.toHaveBeenCalled()
  dialog.click()
  expect(told).toHaveBeenCalledOnce()
})

it('closes for the browser’s own reasons, which send no cancel first', async () => {
  const { told, dialog } = await open('Settings')
  dialog.dispatchEvent(new Event('close'))
  expect(told).toHaveBeenCalledOnce()
})
