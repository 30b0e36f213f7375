// What the samples of a soak say: whether anything grows with the number of runs.
import type { Sample } from './server'

/** What the server does until everything is loaded and warm. */
export const WARM_UP_RUNS = 20
const WINDOW_RUNS = 20
const MOST_GROWTH = 1.1
/** The trainer's size moves up and down in steps of some 20 MB between runs; what leaks is more than that by the last run. */
const MOST_GROWTH_OF_TRAINER = 1.25
/** Windows are compared, so there must be two. */
export const FEWEST_RUNS = WARM_UP_RUNS + 2 * WINDOW_RUNS

export interface Verdict {
  line: string
  isMet: boolean
}

/** `samples` is one a run, `heaps` bytes of live objects in the server after each twentieth. */
export function judge(samples: readonly Sample[], heaps: readonly number[]): Verdict[] {
  const warm = samples.slice(WARM_UP_RUNS)
  if (samples.length < FEWEST_RUNS) throw new RangeError(`A soak takes ${FEWEST_RUNS} runs or more`)
  const of = (key: keyof Sample, summary: Summary) =>
    windows(
      warm.map((sample) => sample[key]),
      summary
    )
  const zombies = Math.max(...of('zombies', least))
  return [
    flat('memory of the server', of('serverBytes', median), megabytes, MOST_GROWTH),
    flat('live objects of the server', heaps, megabytes, MOST_GROWTH),
    flat('memory of the trainer', of('trainerBytes', median), megabytes, MOST_GROWTH_OF_TRAINER),
    flat('descriptors of the server', of('serverDescriptors', least), String, 1),
    flat('descriptors of the trainer', of('trainerDescriptors', least), String, 1),
    { line: `zombies that stay: ${zombies}`, isMet: zombies === 0 }
  ]
}

/** The highest of the later values against the first. */
function flat(what: string, values: readonly number[], text: (value: number) => string, most: number): Verdict {
  const [first = NaN, ...later] = values
  const highest = Math.max(...later)
  const growth = `${highest > first ? '+' : ''}${(100 * (highest / first - 1)).toFixed(1)} %`
  return { line: `${what}: ${text(first)}, then ${text(highest)} at most, ${growth}`, isMet: highest <= most * first }
}

type Summary = (values: readonly number[]) => number

/** Of twenty runs each, one after another; what is left at the end belongs to none. */
function windows(values: readonly number[], summary: Summary): number[] {
  const count = Math.floor(values.length / WINDOW_RUNS)
  return Array.from({ length: count }, (_, index) =>
    summary(values.slice(index * WINDOW_RUNS, (index + 1) * WINDOW_RUNS))
  )
}

/** Of what comes and goes with a thread, a socket or a process: what leaks is there in every sample. */
const least: Summary = (values) => Math.min(...values)

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? NaN
}

export const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(1)} MB`
