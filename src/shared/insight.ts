// The sentence of insight: what the comparison says at one epoch, for the window and the report.
// Parts are plain data; a view sets the names of series in their colours.
import { formatCountInWords } from './format'
import { gapShare } from './metrics'
import { isActive, type Bounds, type RunState } from './run'
import type { Series } from './series'

/** A piece of the sentence: words, or the name of a series by its label and rank. */
export type InsightPart = { text: string } | { label: string; rank: number }

export interface InsightQuestion {
  /** In the order of ranks. */
  series: readonly Pick<Series, 'label' | 'rank' | 'val' | 'models'>[]
  /** Whether the models differ in the width of their code: the narrowest good one is named then, else the best. */
  differInWidth: boolean
  bounds: Pick<Bounds, 'perfectCopy' | 'meanDigit'>
  /** The epoch that is looked at, 0 before the first has ended. */
  epoch: number
  /** The last complete epoch; looking at an earlier one puts the sentence in the past tense. */
  latestEpoch: number
  state: RunState
}

/** Share of the gap, in percent, below which a model counts as drawing the mean digit. */
const MEAN_DIGIT_PERCENT = 3
/** Share of the gap, in percent, from which a model is worth naming as wide enough. */
const GOOD_PERCENT = 70
/** So many models are named one by one; more are named as a range or counted. */
const MOST_NAMES = 3

/** A model with its share of the gap in whole percent, not clamped: below 0 it is worse than the mean digit. */
interface Standing {
  label: string
  rank: number
  percent: number
}

/** The sentence for one epoch of a run, in parts. */
export function insight(question: InsightQuestion): InsightPart[] {
  if (question.epoch < 1) return [{ text: beforeFirstEpoch(question) }]
  const past = question.epoch < question.latestEpoch
  const { standings, diverged } = standingsOf(question)
  const flat = standings.filter(({ percent }) => percent < MEAN_DIGIT_PERCENT)
  const clauses = [
    ...(diverged.length > 0 ? [divergedClause(diverged, past)] : []),
    ...(flat.length > 0 ? [meanDigitClause(flat, question, past)] : []),
    ...gapClauses(standings, flat, past, question.differInWidth)
  ]
  return merge([{ text: past ? `At epoch ${question.epoch}, ` : '' }, ...join(clauses, '; ', '; '), { text: '.' }])
}

/** The parts as one line of plain text, for labels, the command line and the report's properties. */
export function insightText(parts: readonly InsightPart[]): string {
  return parts.map((part) => ('text' in part ? part.text : part.label)).join('')
}

function beforeFirstEpoch({ series, state }: InsightQuestion): string {
  const count = modelCount(series)
  const models = count === 1 ? 'one model' : `${formatCountInWords(count)} models`
  switch (state) {
    case 'queued':
      return `Queued: ${models} to train.`
    case 'preparing':
      return `Preparing to train ${models}.`
    case 'running':
    case 'paused':
    case 'stopping':
    case 'finishing':
      return `The first epoch of ${models} is under way.`
    case 'finished':
    case 'stopped':
    case 'failed':
    case 'interrupted':
      return 'Training ended before the first epoch was complete.'
  }
}

const modelCount = (series: InsightQuestion['series']) => series.reduce((sum, { models }) => sum + models.length, 0)

function mayStillLearn(state: RunState): boolean {
  return isActive(state) && state !== 'finishing'
}

function standingsOf({ series, bounds, epoch }: InsightQuestion): { standings: Standing[]; diverged: Standing[] } {
  const all = series.map(({ label, rank, val }) => {
    const share = gapShare(val[epoch - 1] ?? NaN, bounds)
    return { label: label.replaceAll(' ', '\u00a0'), rank, percent: Math.round(100 * share) }
  })
  return {
    standings: all.filter(({ percent }) => Number.isFinite(percent)),
    diverged: all.filter(({ percent }) => !Number.isFinite(percent))
  }
}

function divergedClause(diverged: Standing[], past: boolean): InsightPart[] {
  if (diverged.length > 1) {
    return [{ text: 'the losses of ' }, ...names(diverged), { text: ` ${past ? 'were' : 'are'} no longer numbers` }]
  }
  return [{ text: 'the loss of ' }, ...names(diverged), { text: ` ${past ? 'was' : 'is'} no longer a number` }]
}

/** Models within 3 % of the mean digit draw it, `still` while that may change; those of a higher loss are worse. */
function meanDigitClause(flat: Standing[], { series, state }: InsightQuestion, past: boolean): InsightPart[] {
  const several = flat.length > 1
  const worse = flat.filter(({ percent }) => percent <= -MEAN_DIGIT_PERCENT)
  const than = worse.length === flat.length ? 'worse than the mean digit' : 'at the mean digit or worse'
  const still = past || mayStillLearn(state) ? 'still ' : ''
  const draw = past ? 'drew' : several ? 'draw' : 'draws'
  const be = past ? (several ? 'were' : 'was') : several ? 'are' : 'is'
  const says = worse.length > 0 ? `${be} ${past ? '' : still}${than}` : `${still}${draw} the mean digit`
  const everyone = several && flat.length === series.length
  const count = modelCount(series)
  const who = everyone
    ? [{ text: count === 2 ? 'both models' : `all ${formatCountInWords(count)} models` }]
    : names(flat)
  return [...who, { text: ` ${says}` }]
}

/** What the leading series reaches, and what the others are to it. Nothing where none has left the mean digit. */
function gapClauses(standings: Standing[], flat: Standing[], past: boolean, differInWidth: boolean): InsightPart[][] {
  const learned = standings.filter((one) => !flat.includes(one))
  const [least, best] = extremes(learned)
  const wideEnough = differInWidth ? learned.find(({ percent }) => percent >= GOOD_PERCENT) : undefined
  const lead = wideEnough ?? best
  if (!lead || !least) return []
  if (flat.length > 0) return [[lead, { text: ` ${past ? 'had' : 'has'} closed ${gap(lead.percent)}` }].map(toPart)]
  const closes = past ? 'closed' : 'closes'
  const first = [lead, { text: ` ${closes} ${gap(lead.percent)}` }].map(toPart)
  const wider = wideEnough ? learned.filter(({ rank }) => rank > lead.rank) : []
  if (wider.length > 0) return [first, gains(lead, wider, past)]
  const other = differInWidth ? learned[0] : least
  if (wideEnough || !other || other === lead) return [first]
  return [first, [toPart(other), { text: ` ${closes} ${percentText(other.percent)}` }]]
}

/** The first of the least and the first of the greatest shares. */
function extremes(standings: Standing[]): [least: Standing | undefined, best: Standing | undefined] {
  const sorted = [...standings].sort((a, b) => a.percent - b.percent)
  return [sorted[0], sorted.find(({ percent }) => percent === sorted[sorted.length - 1]?.percent)]
}

/** What each wider model adds to the one before it, in points of the gap; many of them together. */
function gains(lead: Standing, wider: Standing[], past: boolean): InsightPart[] {
  const last = wider[wider.length - 1] ?? lead
  if (wider.length > MOST_NAMES) {
    const says = gain(last.percent - lead.percent, past, true)
    return [
      { text: `the ${formatCountInWords(wider.length)} wider ones up to ` },
      toPart(last),
      { text: ` ${says} in all` }
    ]
  }
  const each = wider.map((model, index) => {
    const before = wider[index - 1] ?? lead
    return [toPart(model), { text: ` ${gain(model.percent - before.percent, past, false)}` }]
  })
  return join(each, ', ', ' and ')
}

function gain(points: number, past: boolean, several: boolean): string {
  const verb = points < 0 ? 'lose' : 'add'
  const form = past ? (points < 0 ? 'lost' : 'added') : several ? verb : `${verb}s`
  const amount = points === 0 ? 'nothing' : Math.abs(points) === 1 ? '1 point' : `${Math.abs(points)} points`
  return `${form} ${amount}`
}

/** Names of series: one by one, as a range where they are neighbours, else counted. */
function names(models: Standing[]): InsightPart[] {
  const [first] = models
  const last = models[models.length - 1]
  if (!first || !last || models.length <= MOST_NAMES) {
    return join(
      models.map((model) => [toPart(model)]),
      ', ',
      ' and '
    )
  }
  if (last.rank - first.rank === models.length - 1) return [toPart(first), { text: ' to ' }, toPart(last)]
  return [toPart(first), { text: ` and ${formatCountInWords(models.length - 1)} others` }]
}

function gap(percent: number): string {
  return `${percentText(percent)} of the gap to a perfect copy`
}

function percentText(percent: number): string {
  return `${percent}\u00a0%`
}

function toPart(part: Standing | InsightPart): InsightPart {
  return 'label' in part ? { label: part.label, rank: part.rank } : part
}

/** Puts `between` between the pieces and `final` before the last. */
function join(pieces: InsightPart[][], between: string, final: string): InsightPart[] {
  return pieces.flatMap((piece, index) => {
    if (index === 0) return piece
    return [{ text: index === pieces.length - 1 ? final : between }, ...piece]
  })
}

/** Joins neighbouring words, drops empty ones and starts the sentence with a capital letter. */
function merge(parts: InsightPart[]): InsightPart[] {
  const merged: InsightPart[] = []
  for (const part of parts) {
    const last = merged[merged.length - 1]
    if ('text' in part && last && 'text' in last) last.text += part.text
    else if (!('text' in part) || part.text !== '') merged.push({ ...part })
  }
  const [first] = merged
  if (first && 'text' in first) first.text = first.text.charAt(0).toUpperCase() + first.text.slice(1)
  return merged
}
