// What is to be known of the open run itself: that it failed, was interrupted, moved to another device, lacks its data, can't be read.
import { computed, ref } from 'vue'
import { moveSentence } from '@shared/devices'
import { sentence } from '@shared/errors'
import { formatPlural } from '@shared/format'
import { epochsDone } from '@shared/run'
import { useActions } from '../actions'
import { useInterruptedStore } from '../stores/interrupted-store'
import type { Notice } from '../stores/notices-store'
import { useRunStore } from '../stores/run-store'

export function useRunNotices() {
  const run = useRunStore()
  const actions = useActions()
  const interrupted = useInterruptedStore()

  /** What went wrong with the run itself. */
  const trouble = computed<Notice | null>(() => {
    if (!run.view) return null
    const { state, file } = run.view
    if (state === 'failed' && file.error) {
      const details = { label: 'Copy diagnostics', run: actions.copyDiagnostics }
      return { subject: 'trouble', tone: 'danger', text: sentence(file.error), actions: [details] }
    }
    if (state !== 'interrupted' || interrupted.offered.some(({ id }) => id === file.id)) return null
    const done = epochsDone(file)
    const saved =
      done > 0 ? `${formatPlural(done, 'complete epoch')} ${done === 1 ? 'is' : 'are'} saved` : 'No epoch was complete'
    return {
      subject: 'trouble',
      tone: 'warn',
      text: `The application ended while this run trained. ${saved}${run.isWithoutCheckpoint ? '' : '; Continue goes on from there'}.`
    }
  })

  /** How the run came to another device than it began on. */
  const moved = computed<Notice | null>(() => {
    const file = run.view?.file
    const text = file && moveSentence(file)
    if (!text) return null
    return { subject: 'moved', tone: 'warn', text }
  })

  /** Why the run can't go on, nor its originals be shown: its data set is gone or another. */
  const withoutData = computed<Notice | null>(() => {
    const problem = run.view?.dataProblem
    return problem ? { subject: 'data', tone: 'warn', text: sentence(problem) } : null
  })

  /** Why the run could not be read as it stands. */
  const unread = computed<Notice | null>(() => {
    if (!run.problem) return null
    const again = { label: 'Try again', run: run.read }
    return { subject: 'open', tone: 'danger', text: sentence(run.problem), actions: [again] }
  })

  /** Each until it is dismissed. */
  const dismissed = ref(new Set<string>())
  const dismissal = ({ text }: Notice) => `${run.id} ${text}`
  const shown = computed(() =>
    [trouble.value, moved.value, withoutData.value, unread.value].filter(
      (notice): notice is Notice => notice !== null && !dismissed.value.has(dismissal(notice))
    )
  )
  const dismiss = (notice: Notice) => dismissed.value.add(dismissal(notice))

  return { shown, dismiss }
}
