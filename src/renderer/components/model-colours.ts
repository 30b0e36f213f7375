// The colours of a run's models, narrowest first, in the theme that is on.
import { computed, toValue, type ComputedRef, type MaybeRefOrGetter } from 'vue'
import { darkTheme, dimColours, lightTheme } from '@shared/charts/theme'
import { useSettingsStore } from '../stores/settings'

export function useModelColours(count: MaybeRefOrGetter<number>): ComputedRef<string[]> {
  const settings = useSettingsStore()
  return computed(() => dimColours(settings.theme === 'dark' ? darkTheme : lightTheme, toValue(count)))
}
