// The run list: every run the lab knows, newest first, and those deleted here, which can be brought back until the application ends.
import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'
import type { Unreadable } from '@shared/contract'
import { capital, formatDay } from '@shared/format'
import { matchesSearch, sortRuns, type SortOrder } from '@shared/run-search'
import { isActive, type RunSummary } from '@shared/run'
import { useLabStore } from './lab-store'
import { useNoticesStore } from './notices-store'
import { useUiClock } from './ui-clock'
import { isProgressOnly } from './run-changes'

export const useRunsStore = defineStore('runs', () => {
  const lab = useLabStore()
  const notices = useNoticesStore()
  const clock = useUiClock()
  const all = shallowRef<RunSummary[]>([])
  /** Runs that this window deleted, the last one last: they can be brought back. */
  const deleted = shallowRef<RunSummary[]>([])
  /** What can't be shown as a run, with the reason. */
  const unreadable = shallowRef<Unreadable[]>([])
  /** False until the list has been read once: an empty list means a first start only then. */
  const known = ref(false)
  /** What is searched for (run-search.ts). */
  const filter = ref('')
  const order = ref<SortOrder>('newest')
  /** Whether the list could not be read when it was last. */
  let hasFailed = false

  const shown = computed(() => {
    const found = filter.value.trim() === '' ? all.value : all.value.filter((run) => matchesSearch(run, filter.value))
    return order.value === 'newest' ? found : sortRuns(found, order.value)
  })
  /** Rows of the list: runs below a heading where their order has groups. */
  const rows = computed(() => rowsOf(shown.value, order.value))
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
    hasFailed = found === undefined
    if (!found) return
    progressed.clear()
    all.value = newestFirst(found)
    known.value = true
    await readUnreadable()
  }

  async function readUnreadable(): Promise<void> {
    unreadable.value = await lab.calls.listUnreadable().catch(() => unreadable.value)
  }

  function find(id: string): RunSummary | undefined {
    return all.value.find((run) => run.id === id)
  }

  lab.on('runChanged', (run) => {
    if (hasFailed) void read() // its folder is there again
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
    void readUnreadable() // it may have been damaged
  })
  lab.on('settingsChanged', () => void (hasFailed ? read() : readUnreadable()))
  lab.onOpen(() => void read())

  return { all, deleted, unreadable, known, filter, order, shown, rows, training, queue, read, find }
})

/** A line of the list: a heading, or a run. */
export type ListRow = { heading: string } | { run: RunSummary }

function rowsOf(runs: readonly RunSummary[], order: SortOrder): ListRow[] {
  const now = new Date()
  const headingOf: Partial<Record<SortOrder, (run: RunSummary) => string>> = {
    newest: ({ createdAt }) => formatDay(new Date(createdAt), now),
    state: ({ state }) => capital(state)
  }
  const heading = headingOf[order]
  let last = ''
  return runs.flatMap((run): ListRow[] => {
    const next = heading?.(run) ?? ''
    const isNew = next !== last
    last = next
    return isNew ? [{ heading: next }, { run }] : [{ run }]
  })
}

const newestFirst = (runs: readonly RunSummary[]) => sortRuns(runs, 'newest')
