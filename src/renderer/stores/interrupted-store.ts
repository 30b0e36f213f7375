// Runs that a crash has interrupted: offered to go on when the window opens; where the settings say so, they go on by themselves, which is told.
import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'
import { isActive, type RunSummary } from '@shared/run'
import { LONGEST_LIST } from '@shared/session'
import { failedTexts, wentOnText } from '../components/interrupted-text'
import { useLabStore } from './lab-store'
import { useNoticesStore } from './notices-store'
import { useRunsStore } from './runs-store'

const SUBJECT = 'interrupted'
/** Of the page's session: a reload does not ask again. */
const DECLINED_KEY = 'bottleneck-lab-not-now'

export const useInterruptedStore = defineStore('interrupted', () => {
  const lab = useLabStore()
  const runs = useRunsStore()
  const notices = useNoticesStore()
  /** Runs that the user has said "not now" to, or that could not go on. */
  const declined = shallowRef<readonly string[]>(readDeclined())
  /** False until it is known that they don't go on by themselves, and while some are asked to. */
  const mayOffer = ref(false)
  /** Continued runs that have not trained an epoch since, with the epochs they had. */
  const begun = new Map<string, number>()

  /** What the window asks about, the oldest first. */
  const offered = computed(() => (mayOffer.value ? interrupted(runs.all).reverse() : []))

  function interrupted(all: readonly RunSummary[]): RunSummary[] {
    return all.filter(({ id, state }) => state === 'interrupted' && !declined.value.includes(id))
  }

  function decline(ids = offered.value.map(({ id }) => id)): void {
    declined.value = [...declined.value, ...ids]
    sessionStorage.setItem(DECLINED_KEY, JSON.stringify(declined.value))
  }

  /** Lets what is offered go on. */
  async function goOn(): Promise<void> {
    const ids = offered.value.map(({ id }) => id).slice(0, LONGEST_LIST) // a longer list ends the connection; the rest is offered again
    mayOffer.value = false
    await ask(ids)
    mayOffer.value = true
  }

  /** Answers with the ids of those that go on; what can't is told. */
  async function ask(ids: string[] | null): Promise<string[]> {
    const asked = runs.all.filter(({ id, state }) => state === 'interrupted' && (ids?.includes(id) ?? true))
    for (const { id, epochsDone } of asked) begun.set(id, epochsDone) // the first may fail before the last is asked for
    const answer = await notices.attempt(SUBJECT, () => lab.calls.continueInterrupted(ids))
    for (const { id } of asked) if (!answer?.continued.includes(id)) begun.delete(id)
    if (!answer) return []
    decline(answer.failed.map(({ id }) => id))
    failedTexts(answer.failed).forEach((text, index) =>
      notices.show({ subject: `${SUBJECT} ${index}`, tone: 'danger', text })
    )
    return answer.continued
  }

  async function lookAtSetting(): Promise<void> {
    mayOffer.value = false
    const settings = await lab.calls.readSettings().catch(() => null) // whoever shows settings says so
    if (settings?.continueInterrupted) await runs.read() // what fails is told by the epochs it had
    const ids = settings?.continueInterrupted ? await ask(null) : []
    if (ids.length > 0) await runs.read() // what was read at the start may still call them interrupted
    mayOffer.value = true
    tellOf(ids.filter(isStillActive)) // an application without a window may have finished some long ago
  }

  const isStillActive = (id: string) => isActive(runs.find(id)?.state ?? 'finished')

  function tellOf(ids: readonly string[]): void {
    if (ids.length === 0) return
    notices.show({
      subject: SUBJECT,
      tone: 'info',
      text: wentOnText(ids.map((id) => runs.find(id)?.name ?? id)),
      actions: [{ label: ids.length === 1 ? 'Stop it' : 'Stop them', run: () => stop(ids) }]
    })
  }

  /** The last first, so that none begins meanwhile. */
  async function stop(ids: readonly string[]): Promise<void> {
    await notices.attempt(SUBJECT, async () => {
      for (const id of [...ids].reverse().filter(isStillActive)) await lab.calls.stopRun(id)
    })
  }

  lab.on('runChanged', (run) => {
    const before = begun.get(run.id)
    if (before === undefined || isActive(run.state)) return
    begun.delete(run.id)
    const { id, error } = run
    if (run.state !== 'failed' || !error || run.epochsDone > before) return
    for (const text of failedTexts([{ name: run.name, error }]))
      notices.show({ subject: `${SUBJECT} ${id}`, tone: 'danger', text })
  })
  lab.onOpen(() => void lookAtSetting())

  return { offered, goOn, decline }
})

function readDeclined(): string[] {
  return JSON.parse(sessionStorage.getItem(DECLINED_KEY) ?? '[]') as string[]
}
