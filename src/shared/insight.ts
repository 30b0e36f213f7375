// The sentence of insight: what the comparison says at one epoch, for the window and the report.
// Parts are plain data; a view sets the names of series in their colours.
import { DIVERGED_REMEDY, seriesHasDiverged } from './divergence'
import { capital, formatCountInWords } from './format'
import { bestOf, gain, gap, join, merge, MOST_NAMES, names, percentText, toPart } from './insight-words'
import type { InsightPart, Name, Standing } from './insight-words'
import { gapShare } from './metrics'
import { isActive, type Bounds, type RunState } from './run'
import type { Series } from './series'

export interface InsightQuestion {
  /** In the order of ranks. */
  series: readonly Pick<Series, 'label' | 'rank' | 'val' | 'band' | 'models'>[]
  /** Whether the models differ in the width of their code: the narrowest good one is named then, else the best. */
  differInWidth: boolean
  bounds: Pick<Bounds, 'perfectCopy' | 'meanDigit'> & {
    /** `mean digit` if left out. */
    meanName?: string
  }
  /** The epoch that is looked at, 0 before the first has ended. */
  epoch: number
  /** The last complete epoch; looking at an earlier one puts the sentence in the past tense. */
  latestEpoch: number
  state: RunState
}

/** Share of the gap, in percent, below which a model counts as being at the mean digit. */
const MEAN_DIGIT_PERCENT = 3
/** Share of the gap, in percent, from which a model is worth naming as wide enough. */
const GOOD_PERCENT = 70

/** The sentence for one epoch of a run, in parts. */
export function insight(question: InsightQuestion): InsightPart[] {
  if (question.epoch < 1 && question.latestEpoch > 0) return [{ text: 'At epoch 0 no model has learned anything yet.' }]
  if (question.epoch < 1) return [{ text: beforeFirstEpoch(question) }]
  const past = question.epoch < question.latestEpoch
  const { standings, diverged } = standingsOf(question)
  const flat = standings.filter(({ percent }) => percent < MEAN_DIGIT_PERCENT)
  const compared = [
    ...(flat.length > 0 ? [meanDigitClause(flat, question, past)] : []),
    ...gapClauses(standings, flat, past, question.differInWidth)
  ]
  const clauses = [...divergedClauses(diverged, question, past), ...averaged(compared, question)]
  if (clauses.length === 0) return [{ text: 'How much of the gap is closed is not known: the run has no bounds.' }]
  const remedy = diverged.length > 0 && !past ? ` ${capital(DIVERGED_REMEDY)}.` : ''
  return merge([
    { text: past ? `At epoch ${question.epoch}, ` : '' },
    ...join(clauses, '; ', '; '),
    { text: `.${remedy}` }
  ])
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

interface Diverged extends Name {
  /** Whether its loss is a number still. */
  isNumber: boolean
}

function standingsOf({ series, bounds, epoch }: InsightQuestion): { standings: Standing[]; diverged: Diverged[] } {
  const standings: Standing[] = []
  const diverged: Diverged[] = []
  for (const one of series) {
    const loss = one.val[epoch - 1] ?? null
    const name = { label: one.label.replaceAll(' ', '\u00a0'), rank: one.rank }
    const percent = Math.round(100 * gapShare(loss ?? NaN, bounds))
    if (loss === null || seriesHasDiverged(one, bounds, epoch)) diverged.push({ ...name, isNumber: loss !== null })
    else if (Number.isFinite(percent)) standings.push({ ...name, percent })
  }
  return { standings, diverged }
}

/** Models whose losses are no numbers, then those whose losses are far above the mean digit's. */
function divergedClauses(diverged: Diverged[], { series, bounds }: InsightQuestion, past: boolean): InsightPart[][] {
  const lost = diverged.filter(({ isNumber }) => !isNumber)
  const high = diverged.filter(({ isNumber }) => isNumber)
  const several = lost.length > 1
  const be = past ? (several ? 'were' : 'was') : several ? 'are' : 'is'
  const what = several ? 'the losses of ' : 'the loss of '
  const seeds = seedsOf(series) > 1 ? ' with at least one seed' : ''
  const have = past ? 'had' : high.length > 1 ? 'have' : 'has'
  const noNumber = several ? 'no longer numbers' : 'no longer a number'
  return [
    ...(lost.length > 0 ? [[{ text: what }, ...names(lost), { text: ` ${be} ${noNumber}${seeds}` }]] : []),
    ...(high.length > 0
      ? [
          [
            ...whoOf(high, series),
            { text: ` ${have} diverged${seeds}, far above the ${bounds.meanName ?? 'mean digit'}` }
          ]
        ]
      : [])
  ]
}

/** Clauses on mean losses say that they are means. */
function averaged([first, ...others]: InsightPart[][], { series }: InsightQuestion): InsightPart[][] {
  const seeds = seedsOf(series)
  if (!first) return []
  const over = seeds > 1 ? [{ text: `averaged over ${formatCountInWords(seeds)} seeds, ` }] : []
  return [[...over, ...first], ...others]
}

const seedsOf = (series: InsightQuestion['series']) => series[0]?.models.length ?? 1

/** The names, or all models together; not of several seeds, whose mean says nothing of each. */
function whoOf(some: Name[], series: InsightQuestion['series']): InsightPart[] {
  const everyone = some.length > 1 && some.length === series.length && seedsOf(series) === 1
  if (!everyone) return names(some)
  return [{ text: some.length === 2 ? 'both models' : `all ${formatCountInWords(some.length)} models` }]
}

/** Models within 3 % of the mean digit are at it, `still` while that may change; those of a higher loss are worse. */
function meanDigitClause(flat: Standing[], { series, state, bounds }: InsightQuestion, past: boolean): InsightPart[] {
  const { meanName = 'mean digit' } = bounds
  const worse = flat.filter(({ percent }) => percent <= -MEAN_DIGIT_PERCENT)
  const where =
    worse.length === 0
      ? `at the ${meanName}`
      : worse.length === flat.length
        ? `worse than the ${meanName}`
        : `at the ${meanName} or worse`
  const several = flat.length > 1
  const be = past ? (several ? 'were' : 'was') : several ? 'are' : 'is'
  const still = past || mayStillLearn(state) ? ' still' : ''
  return [...whoOf(flat, series), { text: ` ${be}${still} ${where}` }]
}

/** What the leading series reaches, and what the others are to it. Nothing where none has left the mean digit. */
function gapClauses(standings: Standing[], flat: Standing[], past: boolean, differInWidth: boolean): InsightPart[][] {
  const learned = standings.filter((one) => !flat.includes(one))
  const [least, best] = extremes(learned)
  const wideEnough = differInWidth ? learned.find(({ percent }) => percent >= GOOD_PERCENT) : undefined
  const lead = wideEnough ?? best
  if (!lead || !least) return []
  if (flat.length > 0) {
    const has = [toPart(lead), { text: ` ${past ? 'had' : 'has'} closed ${gap(lead.percent)}` }]
    return [best && best !== lead ? [...has, ...bestOf(best, lead)] : has]
  }
  const closes = past ? 'closed' : 'closes'
  if (!wideEnough && learned.length > 1 && least.percent === best?.percent) {
    return [[...names(learned), { text: ` each ${past ? 'closed' : 'close'} ${gap(lead.percent)}` }]]
  }
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
