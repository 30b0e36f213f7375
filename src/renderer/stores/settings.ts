// Theme and runs folder: remembered by the lab, the same in every window. Puts the theme on the page.
import { defineStore } from 'pinia'
import { computed, shallowRef, watchEffect, ref } from 'vue'
import type { Settings } from '@shared/contract'
import { useLabStore } from './lab'

export const useSettingsStore = defineStore('settings', () => {
  const lab = useLabStore()
  const settings = shallowRef<Settings>({ theme: 'system', runsFolder: null })
  const systemIsDark = ref(false)

  /** What is on the screen: `system` resolved. */
  const theme = computed<'light' | 'dark'>(() => {
    if (settings.value.theme !== 'system') return settings.value.theme
    return systemIsDark.value ? 'dark' : 'light'
  })

  async function read(): Promise<void> {
    settings.value = await lab.calls.readSettings()
  }

  async function setTheme(wanted: Settings['theme']): Promise<void> {
    settings.value = { ...settings.value, theme: wanted }
    await lab.calls.writeSettings(settings.value)
  }

  /** Keeps `data-theme` of the page in step with the setting and with the system. */
  function applyTo(root: HTMLElement): void {
    const query = matchMedia('(prefers-color-scheme: dark)')
    systemIsDark.value = query.matches
    query.addEventListener('change', ({ matches }) => {
      systemIsDark.value = matches
    })
    watchEffect(() => {
      root.dataset.theme = theme.value
    })
  }

  lab.on('settingsChanged', (changed) => {
    settings.value = changed
  })
  lab.onOpen(() => void read())

  return { settings, theme, read, setTheme, applyTo }
})
