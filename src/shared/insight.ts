// The sentence of insight: what the comparison says at one epoch, for the window and the report.
// Parts are plain data; a view sets the names of models in their colours.
import { formatCountInWords } from './format'
import { isActive, type Bounds, type RunState } from './run'

/** A piece of the sentence: words, or the name of a model by its latent dimension and rank (0 = narrowest). */
export type InsightPart = { text: string } | { dim: number; rank: number }

export interface InsightQuestion {
  /** Narrowest first. */
  latentDims: readonly number[]
  /** Validation BCE of each model at `epoch`; null where it is no number. */
  valLoss: readonly (number | null)[]
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
  dim: number
  rank: number
  percent: number
}

/** The sentence for one epoch of a run with 1 to 12 models, in parts. */
export function insight(question: InsightQuestion): InsightPart[] {
  if (question.epoch < 1) return [{ text: beforeFirstEpoch(question) }]
  const past = question.epoch < question.latestEpoch
  const { standings, diverged } = rankModels(question)
  const flat = standings.filter(({ percent }) => percent < MEAN_DIGIT_PERCENT)
  const clauses = [
    ...(diverged.length > 0 ? [divergedClause(diverged, past)] : []),
    ...(flat.length > 0 ? [meanDigitClause(flat, standings.length, past, mayStillLearn(question.state))] : []),
    ...gapClauses(standings, flat, past)
  ]
  return merge([{ text: past ? `At epoch ${question.epoch}, ` : '' }, ...join(clauses, '; ', '; '), { text: '.' }])
}

/** The parts as one line of plain text, for labels, the command line and the report's properties. */
export function insightText(parts: readonly InsightPart[]): string {
  return parts.map((part) => ('text' in part ? part.text : `d\u00a0=\u00a0${part.dim}`)).join('')
}

function beforeFirstEpoch({ latentDims, state }: InsightQuestion): string {
  const models = latentDims.length === 1 ? 'one model' : `${formatCountInWords(latentDims.length)} models`
  switch (state) {
    case 'queued':
      return `Waiting for its turn to train ${models}.`
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

function mayStillLearn(state: RunState): boolean {
  return isActive(state) && state !== 'finishing'
}

function rankModels({ latentDims, valLoss, bounds }: InsightQuestion): { standings: Standing[]; diverged: Standing[] } {
  const all = latentDims.map((dim, rank) => {
    const loss = valLoss[rank] ?? NaN
    const share = (bounds.meanDigit - loss) / (bounds.meanDigit - bounds.perfectCopy)
    return { dim, rank, percent: Math.round(100 * share) }
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
function meanDigitClause(flat: Standing[], models: number, past: boolean, mayChange: boolean): InsightPart[] {
  const several = flat.length > 1
  const worse = flat.filter(({ percent }) => percent <= -MEAN_DIGIT_PERCENT)
  const than = worse.length === flat.length ? 'worse than the mean digit' : 'at the mean digit or worse'
  const still = past || mayChange ? 'still ' : ''
  const draw = past ? 'drew' : several ? 'draw' : 'draws'
  const be = past ? (several ? 'were' : 'was') : several ? 'are' : 'is'
  const says = worse.length > 0 ? `${be} ${past ? '' : still}${than}` : `${still}${draw} the mean digit`
  const everyone = several && flat.length === models
  const who = everyone
    ? [{ text: models === 2 ? 'both models' : `all ${formatCountInWords(models)} models` }]
    : names(flat)
  return [...who, { text: ` ${says}` }]
}

/** What the leading model reaches, and what the others are to it. Nothing where no model has left the mean digit. */
function gapClauses(standings: Standing[], flat: Standing[], past: boolean): InsightPart[][] {
  const learned = standings.filter((model) => !flat.includes(model))
  const best = learned.reduce<Standing | undefined>((a, b) => (a && a.percent >= b.percent ? a : b), undefined)
  const lead = learned.find(({ percent }) => percent >= GOOD_PERCENT) ?? best
  if (!lead) return []
  if (flat.length > 0) return [[lead, { text: ` ${past ? 'had' : 'has'} closed ${gap(lead.percent)}` }].map(toPart)]
  const closes = past ? 'closed' : 'closes'
  const first = [lead, { text: ` ${closes} ${gap(lead.percent)}` }].map(toPart)
  const wider = learned.filter(({ rank }) => rank > lead.rank)
  const narrowest = learned[0]
  if (lead.percent >= GOOD_PERCENT) return wider.length > 0 ? [first, gains(lead, wider, past)] : [first]
  if (!narrowest || narrowest === lead) return [first]
  return [first, [toPart(narrowest), { text: ` ${closes} ${percentText(narrowest.percent)}` }]]
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

/** Names of models: one by one, as a range where they are neighbours, else counted. */
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
  return 'dim' in part ? { dim: part.dim, rank: part.rank } : part
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
