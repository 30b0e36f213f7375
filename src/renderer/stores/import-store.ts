// The import of a run that is under way: how far it is, and its end before its time.
import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'
import { ARCHIVE_EXTENSION } from '@shared/archive'
import type { DataProgress, ImportedRun } from '@shared/contract'
import { isSendablePath } from '@shared/dataset'
import { sendFiles } from '../send-files'
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
  /** While a file is on its way to the lab: ends the sending. */
  const sending = shallowRef<AbortController | null>(null)
  /** Whether the user has given up what is under way. */
  const isGivenUp = ref(false)
  /** Those that were asked for later wait for their turn. */
  let last: Promise<unknown> = Promise.resolve()

  const text = computed(() => {
    const { done, total } = progress.value ?? { done: 0, total: 0 }
    const percent = total > 0 ? STEP * Math.floor((100 * done) / total / STEP) : 0
    const doing = sending.value ? 'Sending …' : 'Checking and copying …'
    return percent > 0 ? `${doing} ${percent} %` : doing
  })

  /** Imports the run in a folder or a file, by its path or the file itself, which is sent. Undefined where it was refused, which a notice says, or given up. */
  function take(from: string | File): Promise<ImportedRun | undefined> {
    const turn = last.then(() => takeNow(from))
    last = turn
    return turn
  }

  async function takeNow(from: string | File): Promise<ImportedRun | undefined> {
    isUnderWay.value = true
    isGivenUp.value = false
    progress.value = null
    show()
    const imported = await notices.attempt(SUBJECT, () =>
      typeof from === 'string' ? lab.calls.importRun(from) : importSent(from)
    )
    isUnderWay.value = false
    if (notices.notices.some((notice) => notice.subject === SUBJECT && notice.text === text.value))
      notices.dismiss(SUBJECT) // the lab has gone, which the window says elsewhere
    if (!imported && isGivenUp.value)
      notices.show({ subject: SUBJECT, tone: 'info', text: 'The import was cancelled. Nothing of the run was copied.' })
    return imported
  }

  /** Where a page can't know the path, the lab gets the file. Undefined once given up. */
  async function importSent(file: File): Promise<ImportedRun | undefined> {
    const control = (sending.value = new AbortController())
    const path = isSendablePath(file.name) ? file.name : `run.${ARCHIVE_EXTENSION}`
    const onProgress = (done: number, total: number) => tell({ done, total })
    const sent = await sendFiles(lab.calls, [{ path, file }], { signal: control.signal, onProgress }).finally(() => {
      sending.value = null
      progress.value = null
    })
    if (sent === null) return undefined
    try {
      return await lab.calls.importRun(sent.path)
    } finally {
      void lab.calls.dropUpload(sent.id).catch(() => undefined)
    }
  }

  async function cancel(): Promise<void> {
    isGivenUp.value = true
    if (sending.value) return sending.value.abort()
    await notices.attempt('cancel import', () => lab.calls.cancelImport())
  }

  function show(): void {
    const actions = [{ label: 'Cancel', run: cancel }]
    notices.show({ subject: SUBJECT, tone: 'info', text: text.value, actions, stays: true })
  }

  function tell(now: DataProgress): void {
    const before = text.value
    progress.value = now
    if (text.value !== before) show()
  }

  lab.on('importProgress', (now) => {
    if (isUnderWay.value && !sending.value) tell(now) // else another window's
  })

  return { isUnderWay, isGivenUp, text, take, cancel }
})
