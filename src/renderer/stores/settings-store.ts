// What the user has set: remembered by the lab, the same in every window. Puts the theme on the page.
import { defineStore } from 'pinia'
import { computed, shallowRef, watchEffect, ref } from 'vue'
import { defaultSettings, type Settings } from '@shared/settings'
import { useLabStore } from './lab-store'
import { useNoticesStore } from './notices-store'

export const useSettingsStore = defineStore('settings', () => {
  const lab = useLabStore()
  const notices = useNoticesStore()
  const settings = shallowRef<Settings>(defaultSettings)
  const systemIsDark = ref(false)

  /** What is on the screen: `system` resolved. */
  const theme = computed<'light' | 'dark'>(() => {
    if (settings.value.theme !== 'system') return settings.value.theme
    return systemIsDark.value ? 'dark' : 'light'
  })

  async function read(): Promise<void> {
    const found = await notices.attempt('settings', () => lab.calls.readSettings(), read)
    if (found) settings.value = found
  }

  const setTheme = (theme: Settings['theme']) => change({ theme })
  const setContinueInterrupted = (continueInterrupted: boolean) => change({ continueInterrupted })
  const setReport = (report: Settings['report']) => change({ report })
  const setFigure = (figure: Settings['figure']) => change({ figure })
  const setWeightsMegabytes = (weightsMegabytes: number) => change({ weightsMegabytes })

  /** Holds at once, and is taken back where it can't be stored. */
  async function change(wanted: Partial<Settings>): Promise<void> {
    const before = settings.value
    const asked = { ...before, ...wanted }
    settings.value = asked
    const stored = await notices.attempt(
      'settings',
      () => lab.calls.writeSettings(asked).then(() => true),
      () => change(wanted)
    )
    if (!stored && settings.value === asked) settings.value = before
  }

  /** Has runs stored in another folder, null: in the usual one. Rejects with the LabError that says why it can't be used. */
  async function setRunsFolder(wanted: string | null): Promise<void> {
    await lab.calls.writeSettings({ ...settings.value, runsFolder: wanted })
    settings.value = { ...settings.value, runsFolder: wanted } // beside a theme that was chosen meanwhile
    await lab.readInfo()
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

  return {
    settings,
    theme,
    read,
    setTheme,
    setContinueInterrupted,
    setWeightsMegabytes,
    setReport,
    setFigure,
    setRunsFolder,
    applyTo
  }
})
