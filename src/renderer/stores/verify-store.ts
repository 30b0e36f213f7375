// The report that is looked at in the dialog: what was found of it, or why it is none.
import { defineStore } from 'pinia'
import { ref, shallowRef } from 'vue'
import { isSendablePath } from '@shared/dataset'
import { LabError, sentence, toLabErrorData } from '@shared/errors'
import { formatCount } from '@shared/format'
import { MOST_REPORT_BYTES, type ReportCheck } from '@shared/report-check'
import { sendFiles } from '../send-files'
import { useLabStore } from './lab-store'
import { useScreenStore } from './screen-store'

export const useVerifyStore = defineStore('verify', () => {
  const lab = useLabStore()
  const screen = useScreenStore()
  /** The name of the file; empty before one was chosen. */
  const name = ref('')
  const isUnderWay = ref(false)
  const check = shallowRef<ReportCheck | null>(null)
  const problem = ref('')
  /** Of several that were asked for, the last one counts. */
  let asked = 0

  /** Opens the dialog without a file. */
  function open(): void {
    asked += 1
    name.value = problem.value = ''
    isUnderWay.value = false
    check.value = null
    screen.dialog = 'verify'
  }

  /** Opens the dialog and looks at a report by its path, or at the file itself, which is sent. */
  async function take(from: string | File): Promise<void> {
    open()
    const own = asked
    name.value = typeof from === 'string' ? (from.split(/[\\/]/).pop() ?? from) : from.name
    isUnderWay.value = true
    const found = await (typeof from === 'string' ? lab.calls.verifyReport(from) : verifySent(from)).catch(
      (thrown: unknown) => sentence(toLabErrorData(thrown))
    )
    if (own !== asked) return
    isUnderWay.value = false
    if (typeof found === 'string') problem.value = found
    else check.value = found
  }

  /** Where a page can't know the path, the lab gets the file. */
  async function verifySent(file: File): Promise<ReportCheck> {
    if (file.size > MOST_REPORT_BYTES) {
      throw new LabError('bad-file', `${file.name} is too large for a report`, {
        found: `${formatCount(file.size)} bytes`,
        expected: `at most ${formatCount(MOST_REPORT_BYTES)} bytes`
      })
    }
    const path = isSendablePath(file.name) ? file.name : 'report.pdf'
    const sent = await sendFiles(lab.calls, [{ path, file }])
    try {
      return await lab.calls.verifyReport(sent.path)
    } finally {
      void lab.calls.dropUpload(sent.id).catch(() => undefined)
    }
  }

  return { name, isUnderWay, check, problem, open, take }
})
