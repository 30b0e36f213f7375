// How long an experiment will take on this computer, measured anew a moment after it changes.
import { onScopeDispose, shallowRef, watch, type Ref } from 'vue'
import type { Estimate } from '@shared/contract'
import type { Experiment } from '@shared/experiment'
import { sentence, toLabErrorData } from '@shared/errors'
import { useLabStore } from './stores/lab-store'

const QUIET_MILLISECONDS = 400

export interface EstimateQuestion {
  experiment: Experiment
  /** Null: the lab chooses. */
  device: string | null
  /** The device that this means now: another answer is due once it changes. */
  currentDevice: string | undefined
}

/** `estimate` is null while it is measured, and while there is no question; `problem` says why there is none. */
export function useEstimate(question: Ref<EstimateQuestion | null>) {
  const lab = useLabStore()
  const estimate = shallowRef<Estimate | null>(null)
  const problem = shallowRef('')
  let timer: ReturnType<typeof setTimeout> | undefined
  let latest = 0

  async function measure({ experiment, device }: EstimateQuestion): Promise<void> {
    const mine = ++latest
    try {
      const answer = await lab.calls.estimate(experiment, device)
      if (mine !== latest) return
      estimate.value = answer
    } catch (thrown) {
      if (mine === latest) problem.value = sentence(toLabErrorData(thrown))
    }
  }

  watch(
    // The name changes nothing about the time.
    () =>
      question.value && JSON.stringify({ ...question.value, experiment: { ...question.value.experiment, name: '' } }),
    (asked, before) => {
      clearTimeout(timer)
      latest++
      estimate.value = null
      problem.value = ''
      if (!question.value || !asked) return
      const wanted = question.value
      timer = setTimeout(() => void measure(wanted), before ? QUIET_MILLISECONDS : 0)
    },
    { immediate: true }
  )
  onScopeDispose(() => clearTimeout(timer))

  return { estimate, problem }
}
