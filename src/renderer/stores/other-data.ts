// Tells when a run on other images than those of the run before is open: what was chosen among those means nothing then.
import { watch } from 'vue'
import type { useRunStore } from './run-store'

export function onOtherData(run: ReturnType<typeof useRunStore>, forget: () => void): void {
  let known: string | undefined
  watch(
    () => run.file?.dataset.sha256,
    (sha256) => {
      if (sha256 === undefined || sha256 === known) return
      if (known !== undefined) forget()
      known = sha256
    },
    { immediate: true }
  )
}
