// The one explanation that is open: what it says, and the button it belongs to.
import { defineStore } from 'pinia'
import { shallowRef } from 'vue'

/** A paragraph: what it is about, what it says, and where that comes from. */
export interface Explanation {
  about: string
  says: string
  from?: string
}

interface OpenHelp {
  opener: HTMLElement
  paragraphs: readonly Explanation[]
}

export const useHelpStore = defineStore('help', () => {
  const open = shallowRef<OpenHelp | null>(null)

  /** Opens the explanation at its button; a second time, closes it. */
  function toggle(opener: HTMLElement, paragraphs: readonly Explanation[]): void {
    open.value = open.value?.opener === opener ? null : { opener, paragraphs }
  }

  function close(): void {
    open.value = null
  }

  return { open, toggle, close }
})
