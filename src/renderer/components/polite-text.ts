// A text for a live region: a screen reader hears of a change at once, of the next ones at most every 10 s.
import { onScopeDispose, readonly, ref, toValue, watch, type MaybeRefOrGetter, type Ref } from 'vue'

const PAUSE_MILLISECONDS = 10_000

export function usePoliteText(text: MaybeRefOrGetter<string>): Readonly<Ref<string>> {
  const spoken = ref(toValue(text))
  let timer: ReturnType<typeof setTimeout> | undefined

  function speak(): void {
    timer = undefined
    if (spoken.value === toValue(text)) return
    spoken.value = toValue(text)
    timer = setTimeout(speak, PAUSE_MILLISECONDS)
  }

  watch(
    () => toValue(text),
    () => {
      if (timer === undefined) speak()
    }
  )
  onScopeDispose(() => clearTimeout(timer))
  return readonly(spoken)
}
