// Which problems of a form are on the screen: a new one waits until the user has stopped typing, a fixed one goes at once.
import { onScopeDispose, ref, watch, type Ref } from 'vue'
import type { FieldName, FormProblems } from '../stores/experiment-form'

const QUIET_MILLISECONDS = 500

export function useShownProblems(problems: Ref<FormProblems>) {
  const shown = ref<FormProblems>({})
  let timer: ReturnType<typeof setTimeout> | undefined

  function showAll(): void {
    clearTimeout(timer)
    shown.value = { ...problems.value }
  }

  watch(problems, (now) => {
    const fields = Object.keys(shown.value) as FieldName[]
    shown.value = Object.fromEntries(fields.filter((field) => now[field]).map((field) => [field, now[field]]))
    clearTimeout(timer)
    timer = setTimeout(showAll, QUIET_MILLISECONDS)
  })
  onScopeDispose(() => clearTimeout(timer))

  return { shown, showAll }
}
