// Lines of notice over the content: what happened, and what can be done about it.
// News go by themselves after a while (NoticeBar.vue), with the next action or when another screen opens; troubles of what was asked for
// on a screen go with that screen; other troubles and what stays until it is dismissed or replaced.
import { defineStore } from 'pinia'
import { computed, shallowRef } from 'vue'
import { sentence, toLabErrorData, Unreachable } from '@shared/errors'

export interface NoticeAction {
  label: string
  run(): unknown
}

export interface Notice {
  /** A later notice with the same subject takes the place of the earlier one. */
  subject: string
  tone: 'info' | 'warn' | 'danger'
  text: string
  actions?: NoticeAction[]
  /** News that wait for an answer, or for what is under way: they don't go by themselves. */
  stays?: true
  /** Trouble of what is on the screen: it goes when another screen or run opens. */
  isOfScreen?: true
}

/** Whether it goes by itself after a while. */
export const isFleeting = ({ tone, stays }: Notice) => tone === 'info' && !stays

export const useNoticesStore = defineStore('notices', () => {
  const all = shallowRef<Notice[]>([])
  /** Each text once: the first to tell it stands for all. */
  const notices = computed(() => all.value.filter(({ text }, at) => at === firstWith(text, all.value)))
  const underWay = new Set<string>()

  function show(notice: Notice): void {
    all.value = [...all.value.filter((other) => other.subject !== notice.subject), notice]
  }

  /** What is settled for one subject is so for all that tell the same. */
  function dismiss(subject: string): void {
    const text = all.value.find((notice) => notice.subject === subject)?.text
    all.value = all.value.filter((other) => other.subject !== subject && other.text !== text)
  }

  /** Drops the news that ask for nothing; what is still under way keeps its line. */
  function dropNews(): void {
    all.value = all.value.filter(
      ({ subject, tone, actions }) => tone !== 'info' || actions !== undefined || underWay.has(subject)
    )
  }

  /** Drops what does not belong to the screen or run that opens. */
  function leave(): void {
    dropNews()
    all.value = all.value.filter(({ isOfScreen }) => !isOfScreen)
  }

  /**
   * Runs what may fail; a failure becomes a notice, with a button where `retry` says what to try again.
   * A trouble `isOfScreen` goes with it. Answers with the result, or undefined after a failure; that the lab can't be reached is told elsewhere.
   */
  async function attempt<Result>(
    subject: string,
    action: () => Promise<Result>,
    retry?: () => unknown,
    isOfScreen?: true
  ): Promise<Result | undefined> {
    try {
      const result = await action()
      dismiss(subject)
      return result
    } catch (thrown) {
      if (thrown instanceof Unreachable) return undefined // the window's banner says so
      const actions = retry ? { actions: [{ label: 'Try again', run: retry }] } : {}
      show({
        subject,
        tone: 'danger',
        text: sentence(toLabErrorData(thrown)),
        ...actions,
        ...(isOfScreen && { isOfScreen })
      })
      return undefined
    }
  }

  /** Like `attempt`, for what a user asks: does nothing while the same subject is under way. */
  async function attemptOnce<Result>(subject: string, action: () => Promise<Result>): Promise<Result | undefined> {
    if (underWay.has(subject)) return undefined
    underWay.add(subject)
    dropNews()
    try {
      return await attempt(subject, action, undefined, true)
    } finally {
      underWay.delete(subject)
    }
  }

  return { notices, show, dismiss, dropNews, leave, attempt, attemptOnce }
})

function firstWith(text: string, notices: readonly Notice[]): number {
  return notices.findIndex((notice) => notice.text === text)
}
