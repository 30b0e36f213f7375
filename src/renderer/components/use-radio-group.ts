// A radio group with one tab stop: arrows move the choice and the focus, round the ends.
import type { Ref } from 'vue'

const steps: Record<string, number> = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1 }

/** Answers the keydown listener of the element around the buttons, one a value in the order of `values`. */
export function useRadioGroup<Value>(values: () => readonly Value[], chosen: Ref<Value>) {
  return (event: KeyboardEvent): void => {
    const step = steps[event.key]
    if (!step || !(event.currentTarget instanceof HTMLElement)) return
    event.preventDefault()
    const all = values()
    const next = (all.indexOf(chosen.value) + step + all.length) % all.length
    const value = all[next]
    if (value !== undefined) chosen.value = value
    event.currentTarget.querySelectorAll('button')[next]?.focus()
  }
}
