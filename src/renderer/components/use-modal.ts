// A modal dialog that is there while its component is. That it closes is told at once: the browser's own event comes a task later, when the
// next dialog may be open already.
import { onBeforeUnmount, onMounted, type Ref } from 'vue'

/** Listeners for the dialog element; `close` is told of Escape, a click outside, and what else the browser closes it for. */
export function useModal(dialog: Readonly<Ref<HTMLDialogElement | null | undefined>>, close: () => void) {
  let isGone = false
  const tell = () => {
    if (!isGone) close()
  }
  onMounted(() => dialog.value?.showModal())
  onBeforeUnmount(() => {
    isGone = true
    dialog.value?.close() // gives the focus back to what had it
  })
  return {
    cancel(event: Event): void {
      if (event.target !== dialog.value) return // a file chooser's bubbles
      event.preventDefault()
      tell()
    },
    close: tell,
    click(event: MouseEvent): void {
      if (event.target === dialog.value) tell()
    }
  }
}
