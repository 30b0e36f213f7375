// How long an experiment will take on this computer, measured anew a moment after it changes.
import { onScopeDispose, shallowRef, watch, type Ref } from 'vue'
import type { Estimate } from '@shared/contract'
import type { EngineName, Experiment } from '@shared/experiment'
import { sentence, toLabErrorData } from '@shared/errors'
import { useLabStore } from './stores/lab'

const QUIET_MILLISECONDS = 400

export interface EstimateQuestion {
  experiment: Experiment
  /** Null: the lab chooses. */
  engine: EngineName | null
  device: string | null
  /** Where that is now, and what a training may take: another answer is due once they change. */
  place: string
  memoryBudget: number | null
}

/** `estimate` is null while it is measured, and while there is no question; `problem` says why there is none. */
export function useEstimate(question: Ref<EstimateQuestion | null>) {
  const lab = useLabStore()
  const estimate = shallowRef<Estimate | null>(null)
  const problem = shallowRef('')
  let timer: ReturnType<typeof setTimeout> | undefined
  let latest = 0

  async function measure({ experiment, engine, device }: EstimateQuestion): Promise<void> {
    const mine = ++latest
    try {
      const answer = await lab.calls.estimate(experiment, engine, device)
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
