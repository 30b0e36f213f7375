// The open run: its file, what it is doing, and the digits of its epochs. Follows the trainer, one commit a frame.
import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'
import type { EpochEnded, Probes } from '@shared/contract'
import { toLabErrorData, type LabErrorData } from '@shared/errors'
import { epochsDone, type RunSummary, type RunView, type StepProgress } from '@shared/run'
import { createDigitCache } from './digit-cache'
import { batchByFrame } from './frame-batch'
import { useLabStore } from './lab'
import { withEpoch, withProgress, withSummary } from './run-changes'

/** Epochs fetched together when one that is not here is wanted. */
const RANGE = 16

type Change =
  | { type: 'progress'; progress: StepProgress }
  | { type: 'epoch'; epoch: EpochEnded }
  | { type: 'summary'; run: RunSummary }

export const useRunStore = defineStore('run', () => {
  const lab = useLabStore()
  const id = ref<string | null>(null)
  /** Replaced as a whole at each commit, never changed in place: charts may keep its arrays. */
  const view = shallowRef<RunView | null>(null)
  const probes = shallowRef<Probes | null>(null)
  /** Why the run could not be opened. */
  const problem = shallowRef<LabErrorData | null>(null)
  const digitsArrived = ref(0)
  const cache = createDigitCache()
  const asked = new Set<number>()
  let held: Change[] = []
  let reading = false
  let readAgain = false

  const models = computed(() => view.value?.file.models ?? [])
  const bounds = computed(() => view.value?.file.bounds ?? null)
  /** Complete epochs so far. */
  const lastEpoch = computed(() => (view.value ? epochsDone(view.value.file) : 0))

  async function open(wanted: string): Promise<void> {
    if (id.value === wanted && view.value) return
    close()
    id.value = wanted
    await read()
  }

  function close(): void {
    id.value = null
    view.value = null
    problem.value = null
    held = []
    asked.clear()
    cache.clear()
    digitsArrived.value++
  }

  /** Reads the run as it stands. Changes that arrive meanwhile wait and are laid on top. */
  async function read(): Promise<void> {
    if (reading) {
      readAgain = true
      return
    }
    reading = true
    do {
      readAgain = false
      await readOnce()
    } while (readAgain)
    reading = false
    const waiting = held
    held = []
    commit(waiting)
  }

  async function readOnce(): Promise<void> {
    const wanted = id.value
    if (!wanted) return
    try {
      probes.value ??= await lab.calls.readProbes()
      const read = await lab.calls.openRun(wanted)
      if (id.value !== wanted) readAgain = true
      else {
        view.value = read
        problem.value = null
      }
    } catch (thrown) {
      if (id.value === wanted) problem.value = toLabErrorData(thrown)
      else readAgain = true
    }
  }

  function commit(changes: Change[]): void {
    if (reading) {
      held.push(...changes)
      return
    }
    let next = view.value
    let stale = false
    for (const change of changes) {
      if (!next || idOf(change) !== next.file.id) continue
      if (change.type === 'progress') next = withProgress(next, change.progress)
      else if (change.type === 'summary') {
        stale ||= change.run.state !== next.state
        next = withSummary(next, change.run)
      } else {
        keep(change.epoch)
        stale ||= change.epoch.epoch > epochsDone(next.file) + 1
        next = withEpoch(next, change.epoch)
      }
    }
    if (next !== view.value) view.value = next
    if (stale) void read()
  }

  function idOf(change: Change): string {
    if (change.type === 'progress') return change.progress.id
    return change.type === 'epoch' ? change.epoch.id : change.run.id
  }

  function keep({ epoch, digits: pixels }: EpochEnded): void {
    cache.put(epoch, pixels)
    digitsArrived.value++
  }

  /** Reconstructions after an epoch, [models × 20 × 784] uint8; null until they are here, and then asks for them. */
  function digits(epoch: number): Uint8Array | null {
    void digitsArrived.value // makes a computed that asked in vain run again
    if (epoch < 1 || epoch > lastEpoch.value) return null
    const pixels = cache.get(epoch)
    if (!pixels) void fetchRange(epoch)
    return pixels
  }

  async function fetchRange(epoch: number): Promise<void> {
    const first = epoch - ((epoch - 1) % RANGE)
    const wanted = id.value
    if (!wanted || asked.has(first)) return
    asked.add(first)
    try {
      const history = await lab.calls.readDigits(wanted, first, Math.min(first + RANGE - 1, lastEpoch.value))
      if (id.value !== wanted) return
      cache.putHistory(history)
      digitsArrived.value++
    } catch (thrown) {
      if (id.value === wanted) problem.value = toLabErrorData(thrown)
    } finally {
      asked.delete(first)
    }
  }

  const enqueue = batchByFrame<Change>(commit)
  const ifOpen = (of: string, change: Change) => {
    if (of === id.value) enqueue(change)
  }
  lab.on('stepProgress', (progress) => ifOpen(progress.id, { type: 'progress', progress }))
  lab.on('epochEnded', (epoch) => ifOpen(epoch.id, { type: 'epoch', epoch }))
  lab.on('runChanged', (run) => ifOpen(run.id, { type: 'summary', run }))
  lab.onOpen(() => void read())

  return { id, view, models, bounds, lastEpoch, probes, problem, open, close, read, digits }
})
