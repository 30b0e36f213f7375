// Lines of notice above the content: what happened, and what can be done about it. They stay until dismissed or replaced.
import { defineStore } from 'pinia'
import { shallowRef } from 'vue'
import { sentence, toLabErrorData } from '@shared/errors'

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
}

export const useNoticesStore = defineStore('notices', () => {
  const notices = shallowRef<Notice[]>([])

  function show(notice: Notice): void {
    notices.value = [...notices.value.filter((other) => other.subject !== notice.subject), notice]
  }

  function dismiss(subject: string): void {
    notices.value = notices.value.filter((other) => other.subject !== subject)
  }

  /** Runs what may fail; a failure becomes a notice. Answers with the result, or undefined after a failure. */
  async function attempt<Result>(subject: string, action: () => Promise<Result>): Promise<Result | undefined> {
    try {
      const result = await action()
      dismiss(subject)
      return result
    } catch (thrown) {
      show({ subject, tone: 'danger', text: sentence(toLabErrorData(thrown)) })
      return undefined
    }
  }

  return { notices, show, dismiss, attempt }
})
