// Which runs a search means: every word of it has to be found in the run, whatever the case of its letters.
import { presetTitle } from './experiment-name'
import { presets, valuesOf, type Experiment } from './experiment'
import { displayValue, formatValue, hyperparameterKeys, hyperparameters } from './hyperparameters'
import type { RunSummary } from './run'

/**
 * What a run is found by beside what its line shows: its preset, its data set, and each value that it trains with, as `d=16`, `activation=tanh`
 * or `seed=3`; without spaces, so that each is one word of a search.
 */
export function searchTerms(experiment: Experiment): string[] {
  const { preset, dataset, base, varied, seeds } = experiment
  const title = preset === 'custom' ? preset : presetTitle(presets[preset])
  const values = hyperparameterKeys.flatMap((key) => {
    const own = key === varied.key ? valuesOf(experiment) : base[key] === undefined ? [] : [base[key]]
    const name = hyperparameters[key].symbol.replaceAll(' ', '-')
    return own.flatMap((value) =>
      [...new Set([formatValue(key, value), displayValue(key, value)])].map((text) => `${name}=${text}`)
    )
  })
  return [title, dataset, ...values, ...seeds.map((seed) => `seed=${seed}`)]
}

/**
 * Whether a run is what `query` asks for. `d=16` and `#tag` have to be the whole of a term or a tag, any other word a part of what is known of the
 * run: its name, note, tags, state, device, preset or data set.
 */
export function matchesSearch(run: RunSummary, query: string): boolean {
  const words = fold(query).split(/\s+/).filter(Boolean)
  if (words.length === 0) return true
  const tags = run.tags.map(fold)
  const terms = run.terms.map(fold)
  const text = fold([run.name, run.note, run.state, run.device, ...run.tags, ...run.terms].join(' '))
  return words.every((word) => {
    if (word.startsWith('#')) return word === '#' || tags.includes(word.slice(1))
    return /.=./.test(word) ? terms.includes(word) || fold(run.name).includes(word) : text.includes(word)
  })
}

const fold = (text: string) => text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase()

/** The ways in which a list of runs can be sorted. */
export const sortOrders = ['newest', 'name', 'gap', 'state'] as const
export type SortOrder = (typeof sortOrders)[number]

const byNewest = (a: RunSummary, b: RunSummary) => b.createdAt.localeCompare(a.createdAt) || b.id.localeCompare(a.id)
const byName = new Intl.Collator('en', { numeric: true }).compare
/** What goes on first, then what wants somebody, then what is done. */
const stateOrder: readonly RunSummary['state'][] = [
  'running',
  'finishing',
  'stopping',
  'preparing',
  'paused',
  'queued',
  'interrupted',
  'failed',
  'stopped',
  'finished'
]
const comparisons: Record<SortOrder, (a: RunSummary, b: RunSummary) => number> = {
  newest: byNewest,
  name: (a, b) => byName(a.name, b.name) || byNewest(a, b),
  gap: (a, b) => bestGap(b) - bestGap(a) || byNewest(a, b),
  state: (a, b) => stateOrder.indexOf(a.state) - stateOrder.indexOf(b.state) || byNewest(a, b)
}

/** Runs in an order; `gap`: by the series that closed most, the best first. */
export function sortRuns(runs: readonly RunSummary[], order: SortOrder): RunSummary[] {
  return [...runs].sort(comparisons[order])
}

/** The greatest share of the gap that a series of the run closed; −1 before the first epoch. */
const bestGap = ({ gapClosed }: RunSummary) => Math.max(-1, ...gapClosed)
