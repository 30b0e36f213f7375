// Components in a document, with stores and a lab that a test answers for: pressed and clicked as a user would.
import { createPinia, setActivePinia } from 'pinia'
import { onTestFinished, vi } from 'vitest'
import { createApp, nextTick, type Component } from 'vue'
import { defaultSettings } from '@shared/settings'
import { useLabStore } from '../../../../src/renderer/stores/lab-store'
import { fixtureDevice } from '../../../fixtures/device'
import { testLink, type TestLink } from '../lab-link'
import { runView } from '../run-view'

/** New stores on a connected lab, which has the data set of `runView` and one device. */
export async function openLab(calls: Parameters<typeof testLink>[0] = {}): Promise<TestLink> {
  setActivePinia(createPinia())
  const { dataset } = runView(0).file
  const devices = [fixtureDevice('cpu', { title: 'CPU', isDefault: true })]
  const link = testLink({
    describe: () =>
      Promise.resolve({
        version: '1',
        runsFolder: '/runs',
        dataset,
        devices,
        leftovers: null,
        versions: {},
        program: 'lab'
      }),
    readSettings: () => Promise.resolve({ ...defaultSettings, theme: 'light' }),
    ...calls
  })
  await useLabStore().attach(link)
  return link
}

/** Mounts a component until the test has ended, listeners of its events among the props as `onClose`; answers with its root. */
export async function mount(component: Component, props: Record<string, unknown> = {}): Promise<HTMLElement> {
  const root = document.body.appendChild(document.createElement('div'))
  const app = createApp(component, props)
  app.mount(root)
  onTestFinished(() => {
    app.unmount()
    root.remove()
  })
  await nextTick()
  return root
}

/** Presses a key where the focus is; answers whether the page took it for itself. */
export async function press(key: string, held: KeyboardEventInit = {}): Promise<boolean> {
  const event = new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...held })
  ;(document.activeElement ?? document.body).dispatchEvent(event)
  await vi.waitFor(() => nextTick())
  return event.defaultPrevented
}

export function focused(): string {
  const element = document.activeElement
  return element?.getAttribute('aria-label') ?? element?.textContent?.trim() ?? ''
}

/** Types into a field as a user does, all at once. */
export async function type(field: HTMLInputElement, text: string): Promise<void> {
  field.focus()
  field.value = text
  field.dispatchEvent(new Event('input', { bubbles: true }))
  await nextTick()
}

export function find<Found extends HTMLElement = HTMLElement>(selector: string): Found {
  const found = document.querySelector<Found>(selector)
  if (!found) throw new Error(`nothing matches ${selector}`)
  return found
}

export const all = (selector: string) => [...document.querySelectorAll<HTMLElement>(selector)]
