// What the sentence of insight leaves open, explained while it can be seen: a plateau at the mean digit, validation below training.
import { capital, formatCountInWords, formatLoss, formatPlural } from './format'
import type { InsightQuestion } from './insight'
import { insightText, names, type Name } from './insight-words'
import { gapShare } from './metrics'
import type { Activation } from './model'
import type { Series } from './series'

export interface Remark {
  about: string
  says: string
}

export interface RemarkQuestion extends Pick<InsightQuestion, 'bounds' | 'epoch' | 'latestEpoch'> {
  series: readonly (Pick<Series, 'label' | 'rank' | 'val' | 'train' | 'models'> & { activation: Activation })[]
}

/** Share of the gap within which a model is at the mean digit, as in the sentence of insight. */
const MEAN_DIGIT_SHARE = 0.03
/** So many epochs in a row make a plateau. */
const PLATEAU_EPOCHS = 5

/** What can be seen at the epoch looked at, and why; nothing before the first epoch has ended. */
export function remarks(question: RemarkQuestion): Remark[] {
  if (question.epoch < 1) return []
  return [plateau(question), validationBelow(question)].filter((remark): remark is Remark => remark !== null)
}

/** How many epochs in a row, the one looked at the last of them, a loss has been at the mean digit. */
function epochsAtMeanDigit(val: Series['val'], { bounds, epoch }: RemarkQuestion): number {
  let epochs = 0
  while (epochs < epoch && Math.abs(gapShare(val[epoch - 1 - epochs] ?? NaN, bounds)) < MEAN_DIGIT_SHARE) epochs++
  return epochs
}

function plateau(question: RemarkQuestion): Remark | null {
  const flat = question.series
    .map((one) => ({ ...one, epochs: epochsAtMeanDigit(one.val, question) }))
    .filter(({ epochs }) => epochs >= PLATEAU_EPOCHS)
  if (flat.length === 0) return null
  const least = Math.min(...flat.map(({ epochs }) => epochs))
  const isSame = flat.every(({ epochs }) => epochs === least)
  const been = question.epoch < question.latestEpoch ? 'had been' : flat.length > 1 ? 'have been' : 'has been'
  const long = `for ${isSame ? '' : 'at least '}${formatPlural(least, 'epoch')} in a row`
  const activations = [...new Set(flat.map(({ activation }) => activation))]
  return {
    about: 'A plateau',
    says: [
      `${capital(averaged(question))}${listed(flat)} ${been} at the ${question.bounds.meanName ?? 'mean digit'}, within ${100 * MEAN_DIGIT_SHARE} % of the gap, ${long}.`,
      'The decoder’s biases learn the average image first. A code helps only when encoder and decoder have found each other, and until then the loss hardly moves.',
      ...activations.map((activation) => waits[activation])
    ].join(' ')
  }
}

const waits: Record<Activation, string> = {
  tanh: 'With tanh that can take ten epochs and more, and a narrow code may never leave: that is the recipe, not a fault.',
  relu: 'With relu a unit that is zero for every image passes nothing on and learns no more: of a narrow code all units may have died.',
  sigmoid: 'A sigmoid starts near one half for every image, so at first its code hardly tells images apart.',
  linear: 'Small first weights give a linear code small gradients: it takes a while to grow.'
}

/** Losses that look the same, with the four decimals that are shown, are no case of it. */
function validationBelow({ series, epoch }: RemarkQuestion): Remark | null {
  const below = series.filter(({ val, train }) => {
    const [seen, learned] = [val[epoch - 1], train?.[epoch - 1]]
    return seen != null && learned != null && Number(formatLoss(seen)) < Number(formatLoss(learned))
  })
  if (below.length === 0) return null
  const who =
    below.length === series.length && below.length > 1
      ? `all ${formatCountInWords(below.length)} models`
      : listed(below)
  return {
    about: 'Validation below training',
    says: `At epoch ${epoch} ${averaged({ series })}the validation loss of ${who} lies below the training loss. That has two reasons. The training loss is a mean over the epoch’s batches, taken while the weights still changed; validation uses the weights at the epoch’s end, which tells most in the first epochs. And the test images may be the easier ones: Generalisation gap under Analysis compares both with the same weights.`
  }
}

/** Losses of several seeds are means. */
function averaged({ series }: Pick<RemarkQuestion, 'series'>): string {
  const seeds = series[0]?.models.length ?? 1
  return seeds > 1 ? `averaged over ${formatCountInWords(seeds)} seeds, ` : ''
}

function listed(some: readonly Name[]): string {
  return insightText(names(some))
}
