// The open run: its file, what it is doing, and the digits of its epochs. Follows the trainer, one commit a tick.
import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'
import type { DigitHistory, EpochEnded, Probes } from '@shared/contract'
import { sentence, toLabErrorData, type LabErrorData } from '@shared/errors'
import { epochsOf } from '@shared/experiment'
import { epochsDone, type RunSummary, type RunView, type StepProgress } from '@shared/run'
import { seriesOf } from '@shared/series'
import { createDigitCache } from './digit-cache'
import { batchByFrame } from './frame-batch'
import { useLabStore } from './lab-store'
import { useNoticesStore } from './notices-store'
import { isProgressOnly, withEpoch, withProgress, withSummary } from './run-changes'
import { useUiClock } from './ui-clock'

/** Epochs fetched together when one that is not here is wanted. */
const RANGE = 16
/** Subjects of the notices about digits that are not there, and about those that could not be read. */
const MISSING = 'missing digits'
const UNREAD = 'unread digits'

type Change =
  | { type: 'progress'; progress: StepProgress }
  | { type: 'epoch'; epoch: EpochEnded }
  | { type: 'summary'; run: RunSummary }

export const useRunStore = defineStore('run', () => {
  const lab = useLabStore()
  const notices = useNoticesStore()
  const clock = useUiClock()
  const id = ref<string | null>(null)
  /** Replaced as a whole at each commit, never changed in place: charts may keep its arrays. */
  const view = shallowRef<RunView | null>(null)
  const probes = shallowRef<Probes | null>(null)
  /** Why the run could not be opened, or read again. */
  const problem = shallowRef<LabErrorData | null>(null)
  const digitsArrived = ref(0)
  const cache = createDigitCache()
  /** Ranges under way, as `id first`. */
  const asked = new Set<string>()
  /** Epochs that came back without digits: not asked for again before the run is read anew. */
  const missing = new Set<number>()
  let hasReportedMissing = false
  /** Shown together at the next tick: the epochs that ended since the last, and where the next one stands. */
  let endedEpochs: Change[] = []
  let latestProgress: Change | null = null
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
    hasReportedMissing = false
    notices.dismiss(MISSING)
    cache.clear()
    askForMissing()
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
        latestSummary = null // what came before says nothing of what has been read
        problem.value = null
        askForMissing()
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
        stale ||= change.run.state !== next.state || change.run.device !== next.file.device
        next = withSummary(next, change.run)
      } else {
        cacheDigits(change.epoch)
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
  }

  function idOf(change: Change): string {
    if (change.type === 'progress') return change.progress.id
    return change.type === 'epoch' ? change.epoch.id : change.run.id
  }

  function cacheDigits({ epoch, digits: pixels }: EpochEnded): void {
    cache.put(epoch, pixels)
    missing.delete(epoch)
    digitsArrived.value++
  }

  /** Reconstructions after an epoch, [models × 20 × pixels of an image] uint8; null until they are here, and then asks for them. */
  function digits(epoch: number): Uint8Array | null {
    void digitsArrived.value // makes a computed that asked in vain run again
    if (epoch < 1 || epoch > lastEpoch.value) return null
    const pixels = cache.get(epoch)
    if (!pixels && !missing.has(epoch)) void fetchRange(epoch)
    return pixels
  }

  async function fetchRange(epoch: number): Promise<void> {
    const first = epoch - ((epoch - 1) % RANGE)
    const last = Math.min(first + RANGE - 1, lastEpoch.value)
    const wanted = id.value
    const range = `${wanted} ${first}`
    if (!wanted || asked.has(range)) return
    asked.add(range)
    try {
      const history = await lab.calls.readDigits(wanted, first, last)
      if (id.value === wanted) takeRange(history, first, last)
    } catch (thrown) {
      if (id.value === wanted) failRange(first, last, toLabErrorData(thrown))
    } finally {
      asked.delete(range)
    }
  }

  function takeRange(history: DigitHistory, first: number, last: number): void {
    cache.putHistory(history)
    notices.dismiss(UNREAD)
    const isShort = noteMissing(first, last)
    if (isShort && !hasReportedMissing) {
      hasReportedMissing = true
      notices.show({
        subject: MISSING,
        tone: 'warn',
        text: 'The digits of some epochs are missing from the run’s folder. Losses and charts are complete.'
      })
    }
    digitsArrived.value++
  }

  function failRange(first: number, last: number, error: LabErrorData): void {
    noteMissing(first, last)
    const again = { label: 'Try again', run: askForMissing }
    notices.show({ subject: UNREAD, tone: 'danger', text: sentence(error), actions: [again] })
  }

  /** Remembers which epochs of a range did not come; answers whether there are any. */
  function noteMissing(first: number, last: number): boolean {
    const absent: number[] = []
    for (let epoch = first; epoch <= last; epoch++) if (!cache.get(epoch)) absent.push(epoch)
    for (const epoch of absent) missing.add(epoch)
    return absent.length > 0
  }

  /** Lets what did not come be asked for once more, by whoever looks at it. */
  function askForMissing(): void {
    missing.clear()
    notices.dismiss(UNREAD)
    digitsArrived.value++
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
  lab.onOpen(() => void read())

  return { id, view, file, series, lastEpoch, plannedEpochs, probes, problem, open, close, read, digits }
})
