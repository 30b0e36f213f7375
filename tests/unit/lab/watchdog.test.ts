// Which silence of a trainer counts as a hang, by what the process does meanwhile.
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { LabError } from '@shared/errors'
import { watchOver, type Watchdog } from '../../../src/main/lab/watchdog'
import type { ProcessActivity } from '../../../src/main/system/process-activity'

const PATIENCE = 30
/** Seconds after a sign of life in which nobody looks. */
const UNSEEN = 3
let activity: ProcessActivity | null
let looks: number
let errors: LabError[]
let watchdog: Watchdog

beforeEach(() => {
  vi.useFakeTimers()
  activity = { processorSeconds: 5, majorFaults: 0, isStopped: false, isRunnable: false }
  errors = []
  looks = 0
  watchdog = watchOver({
    pid: () => 1,
    hangSeconds: PATIENCE,
    busySeconds: 1000,
    activity: async () => {
      looks++
      return activity && { ...activity }
    },
    onHang: (error) => errors.push(error)
  })
})
afterEach(() => {
  watchdog.end()
  vi.useRealTimers()
})

/** So many seconds of silence, before each of which `change` says what the process does. */
async function silence(seconds: number, change: (now: ProcessActivity) => Partial<ProcessActivity> = () => ({})) {
  for (let second = 0; second < seconds; second++) {
    if (activity) Object.assign(activity, change(activity))
    await vi.advanceTimersByTimeAsync(1000)
  }
}

test('a process that waits for the whole patience hangs, but for its timers; one sign of life begins it anew', async () => {
  const timers = ({ processorSeconds }: ProcessActivity) => ({ processorSeconds: processorSeconds + 0.001 })
  await silence(PATIENCE - 1, timers)
  watchdog.heard()
  await silence(PATIENCE + UNSEEN, timers)
  expect(errors).toEqual([])
  await silence(2, timers)
  expect(errors.map(({ message }) => message)).toEqual([
    'The trainer did not answer for 30 seconds and was ended: found a process that waits and does not compute. The complete epochs are kept; continue the run.'
  ])
  await silence(100, timers)
  expect(errors).toHaveLength(1)
})

test.each<[string, (now: ProcessActivity) => Partial<ProcessActivity>]>([
  ['computes, however slowly', ({ processorSeconds }) => ({ processorSeconds: processorSeconds + 0.05 })],
  ['waits for a processor', () => ({ isRunnable: true })],
  ['is stopped', () => ({ isStopped: true })],
  ['fetches its memory back from a disk', ({ majorFaults }) => ({ majorFaults: majorFaults + 1 })]
])('a process that %s does not hang', async (_, change) => {
  await silence(20 * PATIENCE, change)
  expect(errors).toEqual([])
  await silence(PATIENCE + UNSEEN + 2, () => ({ isRunnable: false, isStopped: false }))
  expect(errors).toHaveLength(1)
})

test('a process that computes without end goes round in circles', async () => {
  await silence(1010, ({ processorSeconds }) => ({ processorSeconds: processorSeconds + 1, isRunnable: true }))
  expect(errors.map(({ kind, data }) => [kind, data.found])).toEqual([
    ['trainer-hung', '16 min 40 s of processor time']
  ])
})

test('where the system does not say what a process does, a silence of ten times the patience decides', async () => {
  activity = null
  await silence(10 * PATIENCE + UNSEEN - 2)
  expect(errors).toEqual([])
  await silence(4)
  expect(errors.map(({ message }) => message)).toEqual([
    'The trainer did not answer for 5 min and was ended. The complete epochs are kept; continue the run.'
  ])
})

test('a silence in which some looks learnt nothing is told by its length alone', async () => {
  await silence(UNSEEN + PATIENCE / 2)
  const seen = activity
  activity = null
  await silence(20)
  activity = seen
  await silence(PATIENCE / 2)
  expect(errors.map(({ data }) => [data.problem, data.found])).toEqual([
    ['The trainer did not answer for 48 s and was ended', '']
  ])
})

test('nobody looks at a process that gives a sign of life each second', async () => {
  for (let second = 0; second < 100; second++) {
    await silence(1)
    watchdog.heard()
  }
  expect(looks).toBe(0)
  await silence(UNSEEN)
  expect(looks).toBe(0)
  await silence(1)
  expect(looks).toBe(1)
})
