// The run list: every run the lab knows, newest first, and the deleted one that can still be brought back.
import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'
import { isActive, type RunSummary } from '@shared/run'
import { useLabStore } from './lab-store'
import { useNoticesStore } from './notices-store'
import { useUiClock } from './ui-clock'
import { isProgressOnly } from './run-changes'

/** A filter field appears beyond so many runs. */
const FILTER_FROM = 13

export const useRunsStore = defineStore('runs', () => {
  const lab = useLabStore()
  const notices = useNoticesStore()
  const clock = useUiClock()
  const all = shallowRef<RunSummary[]>([])
  /** False until the list has been read once: an empty list means a first start only then. */
  const known = ref(false)
  const filter = ref('')

  const hasFilter = computed(() => all.value.length >= FILTER_FROM)
  const shown = computed(() => (hasFilter.value ? matching(all.value, filter.value) : all.value))
  /** The run that trains now; queued ones wait for it. */
  const training = computed(() => all.value.find((run) => isActive(run.state) && run.state !== 'queued') ?? null)
  /** Queued runs, the next first. */
  const queue = computed(() => all.value.filter((run) => run.state === 'queued').reverse())

  /** Runs with more epochs and nothing else that is new, shown at the next tick. */
  const progressed = new Map<string, RunSummary>()

  function showProgress(): void {
    if (progressed.size > 0) all.value = all.value.map((run) => progressed.get(run.id) ?? run)
    progressed.clear()
  }

  async function read(): Promise<void> {
    const found = await notices.attempt('runs', () => lab.calls.listRuns(), read)
    if (!found) return
    progressed.clear()
    all.value = newestFirst(found)
    known.value = true
  }

  function find(id: string): RunSummary | undefined {
    return all.value.find((run) => run.id === id)
  }

  lab.on('runChanged', (run) => {
    if (isProgressOnly(find(run.id), run)) {
      progressed.set(run.id, run)
      clock.onTick(showProgress)
      return
    }
    progressed.delete(run.id)
    all.value = newestFirst([run, ...all.value.filter((other) => other.id !== run.id)])
  })
  lab.on('runRemoved', (id) => {
    all.value = all.value.filter((run) => run.id !== id)
  })
  lab.onOpen(() => void read())

  return { all, known, filter, hasFilter, shown, training, queue, read, find }
})

function newestFirst(runs: RunSummary[]): RunSummary[] {
  return [...runs].sort((a, b) => b.createdAt.localeCompare(a.createdAt) || b.id.localeCompare(a.id))
}

/** Runs whose name, device or state holds every word of the filter. */
export function matching(runs: RunSummary[], filter: string): RunSummary[] {
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean)
  return runs.filter((run) => {
    const text = `${run.name} ${run.device} ${run.state}`.toLowerCase()
    return words.every((word) => text.includes(word))
  })
}
