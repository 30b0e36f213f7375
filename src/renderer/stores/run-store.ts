// The open run: its file, what it is doing, and the digits of its epochs. Follows the trainer, one commit a tick.
import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'
import type { DigitsArrived, EpochEnded, Probes } from '@shared/contract'
import { toLabErrorData, Unreachable, type LabErrorData } from '@shared/errors'
import { epochsOf } from '@shared/experiment'
import { epochsDone, type RunSummary, type RunView, type StepProgress } from '@shared/run'
import { seriesOf } from '@shared/series'
import { batchByFrame } from './frame-batch'
import { useLabStore } from './lab-store'
import { isBehind, isProgressOnly, withEpoch, withProgress, withSummary } from './run-changes'
import { createRunDigits } from './run-digits'
import { createRunProbes } from './run-probes'
import { useUiClock } from './ui-clock'

type Change =
  | { type: 'progress'; progress: StepProgress }
  | { type: 'epoch'; epoch: EpochEnded }
  | { type: 'summary'; run: RunSummary }

export const useRunStore = defineStore('run', () => {
  const lab = useLabStore()
  const clock = useUiClock()
  const id = ref<string | null>(null)
  /** Replaced as a whole at each commit, never changed in place: charts may keep its arrays. */
  const view = shallowRef<RunView | null>(null)
  /** The fixed test images of the open run's data set; null where they can't be had. */
  const probes = shallowRef<Probes | null>(null)
  const probesOf = createRunProbes(lab.calls)
  /** Why the run could not be opened, or read again. */
  const problem = shallowRef<LabErrorData | null>(null)
  /** Whether going on has shown that there is nothing whole to go on from; forgotten when the run is opened again. */
  const isWithoutCheckpoint = ref(false)
  /** Shown together at the next tick: the epochs that ended since the last, and where the next one stands. */
  let endedEpochs: Change[] = []
  let latestProgress: Change | null = null
  let latestDigits: DigitsArrived | null = null
  /** The last summary that came; null where the view may know something newer. */
  let latestSummary: RunSummary | null = null
  let held: Change[] = []
  let reading = false
  let readAgain = false

  // a computed of its own, so that progress inside an epoch makes nothing anew that is made of the file
  const file = computed(() => view.value?.file ?? null)
  const series = computed(() => (file.value ? seriesOf(file.value) : []))
  /** Complete epochs, and those that the experiment asks for. */
  const lastEpoch = computed(() => (file.value ? epochsDone(file.value) : 0))
  const plannedEpochs = computed(() => (file.value ? epochsOf(file.value.experiment) : 0))
  const digits = createRunDigits(
    id,
    lastEpoch,
    computed(() => !view.value?.dataProblem)
  )
  const circumstances = computed(() => ({
    isReachable: lab.connection !== 'lost',
    isContinuable: !isWithoutCheckpoint.value
  }))

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
    endedEpochs = []
    latestProgress = null
    latestSummary = null
    isWithoutCheckpoint.value = false
    digits.clear()
    latestDigits = null
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
      const read = await lab.calls.openRun(wanted)
      const ownProbes = await probesOf(read)
      if (id.value !== wanted) readAgain = true
      else {
        probes.value = ownProbes
        view.value = read
        latestSummary = null // what came before says nothing of what has been read
        problem.value = null
        digits.askForMissing()
      }
    } catch (thrown) {
      if (id.value !== wanted) readAgain = true
      else if (!(thrown instanceof Unreachable)) problem.value = toLabErrorData(thrown) // else it is read over the next connection
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
        stale ||= isBehind(next, change.run)
        next = withSummary(next, change.run)
      } else {
        digits.put(change.epoch)
        stale ||= change.epoch.epoch > epochsDone(next.file) + 1
        next = withEpoch(next, change.epoch)
      }
    }
    if (next !== view.value) view.value = next
    if (stale) void read()
  }

  /** Commits these with all that waits for the tick. */
  function show(changes: Change[] = []): void {
    const waiting = latestProgress ? [...endedEpochs, latestProgress] : endedEpochs
    endedEpochs = []
    latestProgress = null
    commit([...waiting, ...changes])
    showDigits()
  }

  /** Digits are shown with the step at which they were drawn, never behind a later state of the run. */
  function showDigits(): void {
    if (latestDigits) digits.putFresh(latestDigits)
    latestDigits = null
  }

  function idOf(change: Change): string {
    if (change.type === 'progress') return change.progress.id
    return change.type === 'epoch' ? change.epoch.id : change.run.id
  }

  /** Lets a run go on. Where there is nothing whole to go on from, that is offered no more. Throws as the call. */
  async function goOn(wanted: string): Promise<void> {
    try {
      await lab.calls.continueRun(wanted)
    } catch (thrown) {
      const { kind } = toLabErrorData(thrown)
      if (wanted === id.value && (kind === 'not-found' || kind === 'bad-file')) isWithoutCheckpoint.value = true
      throw thrown
    }
  }

  /** The first losses of a run are what everybody waits for. */
  function isWaitedFor(): boolean {
    return view.value !== null && view.value.progress === null && lastEpoch.value === 0
  }

  const showSoon = batchByFrame<Change>(show)
  lab.on('stepProgress', (progress) => {
    latestProgress = { type: 'progress', progress }
    if (progress.id === id.value && isWaitedFor()) show()
    else clock.onTick(show)
  })
  lab.on('digitsArrived', (arrived) => {
    if (arrived.id !== id.value) return
    const isFirst = digits.fresh.value === null && latestDigits === null
    latestDigits = arrived
    if (isFirst)
      showDigits() // waited for, as the first losses are
    else clock.onTick(show)
  })
  lab.on('epochEnded', (epoch) => {
    if (epoch.id !== id.value) return
    endedEpochs.push({ type: 'epoch', epoch })
    if (lastEpoch.value > 0) clock.onTick(show)
    else show() // waited for as well
  })
  lab.on('runChanged', (run) => {
    if (run.id !== id.value) return
    const isNews = !isProgressOnly(latestSummary, run)
    latestSummary = run
    if (isNews) showSoon({ type: 'summary', run }) // else its epochs are shown, at the tick
  })
  lab.on('datasetsChanged', () => void read())
  lab.onOpen(() => void read())

  return {
    id,
    view,
    file,
    series,
    lastEpoch,
    plannedEpochs,
    probes,
    problem,
    isWithoutCheckpoint,
    circumstances,
    open,
    close,
    read,
    goOn,
    digits: digits.get,
    /** What the models draw in the epoch under way; null where nothing has come of it. */
    freshDigits: digits.fresh
  }
})
