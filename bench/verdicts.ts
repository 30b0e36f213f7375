// The floors and goals that the project has set itself, and whether this run met them.
import type { Recipe } from './contender'
import { comparisonOf, entryOf, type Entry, type Results } from './results'
import { pairedRatio, spreadOf, type Spread } from './statistics'

/** What the median must be: at least or at most `floor`, better still `goal`. */
interface Bound {
  question: string
  floor: number
  goal?: number
}

export interface Verdict extends Bound {
  /** Of ratios; null where it was not measured. */
  spread: Spread | null
  decimals: number
  wanted: string
  /** `met` the floor, the `goal` too, or neither. */
  outcome: 'goal' | 'met' | 'missed' | null
}

/** Over ours at least so much, in these recipes. */
const overOurs: { name: string; title: string; bounds: Partial<Record<Recipe['name'], Omit<Bound, 'question'>>> }[] = [
  {
    name: 'jax',
    title: 'JAX',
    bounds: { 'keras-blog': { floor: 1.9, goal: 2.3 }, article: { floor: 2.1, goal: 2.5 } }
  },
  {
    name: 'numpy',
    title: "NumPy's bare products",
    bounds: { 'keras-blog': { floor: 1, goal: 1.2 }, article: { floor: 1, goal: 1.2 } }
  },
  { name: 'pytorch', title: 'PyTorch compiled', bounds: { 'keras-blog': { floor: 2.5 } } },
  { name: 'keras', title: 'Keras', bounds: { 'keras-blog': { floor: 9 } } },
  { name: 'tfjs', title: 'TensorFlow.js', bounds: { 'keras-blog': { floor: 30 } } }
]
const MANY_MODELS = { question: '24 models ÷ six', floor: 3.9 }
const EPOCH = { question: 'an epoch with its end ÷ its steps', floor: 1.1 }
const REST = { question: 'what is no validation in that end ÷ the steps', floor: 0.02 }
const MEGABYTES = { question: 'trainer, largest size in MB', floor: 600 }

export function verdictsOf(results: Results): Verdict[] {
  const { epochEnds, memory } = results
  const blog = comparisonOf(results, 'keras-blog')
  const rest = epochEnds?.whole.map((whole, round) => whole - (epochEnds.validation[round] ?? NaN))
  return [
    ...overOurs.flatMap((peer) => verdictsOver(peer, results)),
    atMost(MANY_MODELS, ratio(entryOf(blog, 'cpu/24'), entryOf(blog, 'cpu'), quiet)),
    atMost(EPOCH, epochEnds && pairedRatio(epochEnds.whole, epochEnds.steps), 3),
    atMost(REST, epochEnds && pairedRatio(rest ?? [], epochEnds.steps), 3),
    atMost(MEGABYTES, memory && spreadOf([Math.max(...memory) / 1e6]))
  ]
}

function verdictsOver({ name, title, bounds }: (typeof overOurs)[number], results: Results): Verdict[] {
  return (Object.keys(bounds) as Recipe['name'][]).flatMap((recipe) => {
    const comparison = comparisonOf(results, recipe)
    const [peer, ours] = [entryOf(comparison, name), entryOf(comparison, 'cpu')]
    const bound = (circumstances: string): Bound => {
      const { floor, ...goal } = bounds[recipe] ?? { floor: NaN }
      return { question: `${title} ÷ ours, ${recipe}${circumstances}`, floor, ...goal }
    }
    return [
      atLeast(bound(''), ratio(peer, ours, quiet)),
      atLeast(
        bound(', a core busy'),
        ratio(peer, ours, ({ busyMilliseconds }) => busyMilliseconds)
      )
    ]
  })
}

const quiet = ({ milliseconds }: Entry) => milliseconds

function ratio(over: Entry | undefined, under: Entry | undefined, times: (entry: Entry) => number[]): Spread | null {
  if (!over || !under || times(over).length === 0 || times(under).length === 0) return null
  return pairedRatio(times(over), times(under))
}

const atMost = (bound: Bound, spread: Spread | null, decimals = 2) =>
  verdict(bound, spread, decimals, 'at most', (value, limit) => value <= limit)

const atLeast = (bound: Bound, spread: Spread | null) =>
  verdict(bound, spread, 2, 'at least', (value, limit) => value >= limit)

function verdict(
  bound: Bound,
  spread: Spread | null,
  decimals: number,
  words: string,
  holds: (value: number, limit: number) => boolean
): Verdict {
  const { floor, goal } = bound
  const wanted = `${words} ${floor}${goal === undefined ? '' : `, goal ${goal}`}`
  const outcome = (median: number) => {
    if (goal !== undefined && holds(median, goal)) return 'goal'
    return holds(median, floor) ? 'met' : 'missed'
  }
  return { ...bound, spread, decimals, wanted, outcome: spread && outcome(spread.median) }
}
