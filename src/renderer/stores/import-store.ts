// The import of a run that is under way: how far it is, and its end before its time.
import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'
import type { DataProgress, ImportedRun } from '@shared/contract'
import { useLabStore } from './lab-store'
import { useNoticesStore } from './notices-store'

const SUBJECT = 'import'
/** Percent from one text to the next: each is read out. */
const STEP = 5

export const useImportStore = defineStore('import', () => {
  const lab = useLabStore()
  const notices = useNoticesStore()
  const isUnderWay = ref(false)
  const progress = shallowRef<DataProgress | null>(null)
  /** Whether the user has given up what is under way. */
  const isGivenUp = ref(false)
  /** Those that were asked for later wait for their turn. */
  let last: Promise<unknown> = Promise.resolve()

  const text = computed(() => {
    const { done, total } = progress.value ?? { done: 0, total: 0 }
    const percent = total > 0 ? STEP * Math.floor((100 * done) / total / STEP) : 0
    return percent > 0 ? `Checking and copying … ${percent} %` : 'Checking and copying …'
  })

  /** Imports the run in a folder. Undefined where it was refused, which a notice says, or given up. */
  function take(path: string): Promise<ImportedRun | undefined> {
    const turn = last.then(() => takeNow(path))
    last = turn
    return turn
  }

  async function takeNow(path: string): Promise<ImportedRun | undefined> {
    isUnderWay.value = true
    isGivenUp.value = false
    progress.value = null
    show()
    const imported = await notices.attempt(SUBJECT, () => lab.calls.importRun(path))
    isUnderWay.value = false
    if (notices.notices.some((notice) => notice.subject === SUBJECT && notice.text === text.value))
      notices.dismiss(SUBJECT) // the lab has gone, which the window says elsewhere
    if (!imported && isGivenUp.value)
      notices.show({ subject: SUBJECT, tone: 'info', text: 'The import was cancelled. Nothing of the run was copied.' })
    return imported
  }

  async function cancel(): Promise<void> {
    isGivenUp.value = true
    await notices.attempt('cancel import', () => lab.calls.cancelImport())
  }

  function show(): void {
    const actions = [{ label: 'Cancel', run: cancel }]
    notices.show({ subject: SUBJECT, tone: 'info', text: text.value, actions, stays: true })
  }

  lab.on('importProgress', (now) => {
    if (!isUnderWay.value) return // another window's
    const before = text.value
    progress.value = now
    if (text.value !== before) show()
  })

  return { isUnderWay, isGivenUp, text, take, cancel }
})
