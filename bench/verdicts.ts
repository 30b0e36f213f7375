// The floors and goals that the project has set itself, and whether this run met them.
import { growth } from './memory'
import { oursOnCpu, type Entry, type Results } from './results'
import { pairedRatio, type Spread } from './statistics'

/** `met` the floor, the `goal` too, or neither; null where it was not measured. */
export interface Verdict {
  question: string
  /** Ratios; bytes or a share where the question is of memory. */
  spread: Spread | null
  /** What the median must be, in words. */
  wanted: string
  outcome: 'goal' | 'met' | 'missed' | null
}

interface Bound {
  question: string
  floor: number
  goal?: number
}

const overProducts = { floor: 1.6, goal: 1.35 }
const overJax = { floor: 1.35, goal: 1.5 }
const OVER_TFJS = 15
const MANY_MODELS = 4.2
const MOST_MEGABYTES = 600
const MOST_GROWTH_PERCENT = 3
const EPOCH_END = 1.1

export function verdictsOf(results: Results): Verdict[] {
  const { manyModels, memory, epochEnds } = results
  const ours = oursOnCpu(results)
  const jax = named(results, 'jax')
  return [
    ...productsOf(results).map((products) =>
      atMost({ question: `ours ÷ ${products.title}`, ...overProducts }, ratio(ours, products, quiet))
    ),
    atLeast({ question: 'JAX ÷ ours', ...overJax }, ratio(jax, ours, quiet)),
    atLeast({ question: 'TensorFlow.js ÷ ours', floor: OVER_TFJS }, ratio(named(results, 'tfjs'), ours, quiet)),
    atMost(
      { question: '24 models ÷ six', floor: MANY_MODELS },
      manyModels && pairedRatio(manyModels.twentyFour, manyModels.six)
    ),
    ...productsOf(results).map((products) =>
      atMost({ question: `with a core busy, ours ÷ ${products.title}`, ...overProducts }, ratio(ours, products, busy))
    ),
    atLeast({ question: 'with a core busy, JAX ÷ ours', ...overJax }, ratio(jax, ours, busy)),
    atMost(
      { question: 'trainer, largest size in MB', floor: MOST_MEGABYTES },
      memory && single(Math.max(...memory.bytes) / 1e6)
    ),
    atMost(
      { question: 'trainer, growth from epoch 2 on in %', floor: MOST_GROWTH_PERCENT },
      memory && single(100 * growth(memory.bytes))
    ),
    atMost(
      { question: 'an epoch with its end ÷ its steps alone', floor: EPOCH_END },
      epochEnds && pairedRatio(epochEnds.whole, epochEnds.stepsAlone)
    )
  ]
}

const quiet = (entry: Entry) => entry.milliseconds
const busy = (entry: Entry) => entry.busyMilliseconds
const named = ({ entries }: Results, name: string) => entries.find((entry) => entry.name === name)
const productsOf = ({ entries }: Results) => entries.filter(({ kind }) => kind === 'products')

function ratio(over: Entry | undefined, under: Entry | undefined, times: (entry: Entry) => number[]): Spread | null {
  if (!over || !under || times(over).length === 0 || times(under).length === 0) return null
  return pairedRatio(times(over), times(under))
}

const single = (value: number): Spread => ({ median: value, least: value, most: value })

function atMost({ question, floor, goal }: Bound, spread: Spread | null): Verdict {
  const wanted = `at most ${floor}${goal === undefined ? '' : `, goal ${goal}`}`
  return { question, spread, wanted, outcome: outcomeOf(spread, (bound) => (value) => value <= bound, floor, goal) }
}

function atLeast({ question, floor, goal }: Bound, spread: Spread | null): Verdict {
  const wanted = `at least ${floor}${goal === undefined ? '' : `, goal ${goal}`}`
  return { question, spread, wanted, outcome: outcomeOf(spread, (bound) => (value) => value >= bound, floor, goal) }
}

function outcomeOf(
  spread: Spread | null,
  holds: (bound: number) => (value: number) => boolean,
  floor: number,
  goal: number | undefined
): Verdict['outcome'] {
  if (!spread) return null
  if (goal !== undefined && holds(goal)(spread.median)) return 'goal'
  return holds(floor)(spread.median) ? 'met' : 'missed'
}
