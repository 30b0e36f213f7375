// The article's claims: how each is tested on the figures of a run, and the verdict.
import type { Claims, Interval } from './analysis'
import {
  authorsWords,
  fewText,
  noiseName,
  notComparableText,
  originalText,
  risesText,
  type BesidePca,
  type NotComparable
} from './claim-words'
import { imageWord, meanName } from './dataset'
import { epochsOf, lossOf } from './experiment'
import { formatCount, formatDuration, formatPlural } from './format'
import { presetOf } from './preset-of'
import { areAllTrained, epochsDone, type RunFile } from './run'
import { differInWidth, seriesOf } from './series'

export type Verdict = 'holds' | 'in part' | 'does not hold' | 'can’t tell yet'

/** A claim, how it is tested, and what came of it. */
export interface TestedClaim {
  key: keyof typeof authorsWords
  title: string
  /** In the author's words. */
  words: string
  test: string
  /** The figure with its interval, as a sentence. */
  figure: string
  verdict: Verdict
  /** What stands beside the verdict: what it holds for, or why there is none. */
  note: string
}

/** A run as it is now, and the analysis of one of its epochs that claims are judged by. */
export interface Evidence {
  file: RunFile
  claims: Claims
}

/** The claims of the article, which are about the latent dimension; none of a run that varies something else, or of one model. */
export function testedClaims(evidence: Evidence): TestedClaim[] {
  const { file, claims } = evidence
  if (!differInWidth(file.experiment) || claims.series.length < 2) return []
  return [qualityRises(evidence), betterThanOriginal(evidence), fewFail(evidence), hoursOnCpu(evidence)]
}

/** Of a latent dimension: `d = 16`. */
const labelsOf = ({ file }: Evidence) => seriesOf(file).map(({ label }) => label)

/** With one seed the interval knows of other test images alone, and nothing is said of the recipe. */
function judged(verdict: Verdict, { claims, file }: Evidence): Pick<TestedClaim, 'verdict' | 'note'> {
  const models = formatPlural(file.models.length, 'model')
  if (claims.seeds > 1) {
    const few = claims.seeds < 10 ? ', few for an interval, which may be too narrow' : ''
    return {
      verdict,
      note: `${claims.seeds} seeds and ${formatCount(claims.images)} test images resampled${few}`
    }
  }
  return {
    verdict: 'can’t tell yet',
    note: `Image sampling only: one seed says nothing of another training. Of these ${models}: ${verdict}`
  }
}

function qualityRises(evidence: Evidence): TestedClaim {
  const { claims, file } = evidence
  const labels = labelsOf(evidence)
  const loss = lossOf(file.experiment)
  const steps = claims.steps.map((step, at) => ({ name: `${labels[at]} to ${labels[at + 1]}`, fall: step[loss] }))
  const risenBy = (by: 'bce' | 'mse') => claims.steps.filter((step) => step[by].low > 0).length
  const risen = risenBy(loss)
  const verdict = risen === steps.length ? 'holds' : risen === 0 ? 'does not hold' : 'in part'
  return {
    key: 'rises',
    title: 'Quality rises with each step of d',
    words: authorsWords.rises,
    test: `${loss.toUpperCase()} of the same test images falls from each d to the next: the whole 95 % interval lies above 0 at every step.`,
    figure: risesText(steps, risen, risenBy('mse')),
    ...judged(verdict, evidence)
  }
}

function betterThanOriginal(evidence: Evidence): TestedClaim {
  const { claims, file } = evidence
  const last = claims.series.length - 1
  const noise = claims.noise.map((one) => {
    const over = one.series[last]?.overNoisy as Interval
    return { name: noiseName(one), over, isBetter: over.high < 0 }
  })
  const word = imageWord(file.dataset)
  const verdict = noise.some(({ isBetter }) => isBetter) ? 'in part' : 'does not hold' // a clean digit's copy can't be nearer to it than itself
  return {
    key: 'original',
    title: `${labelsOf(evidence)[last]} is “better than the original”`,
    words: authorsWords.original,
    test: `Squared error to the clean ${word}, of the copy of a noisy ${word} against the noisy ${word} itself; and of the copy of a clean ${word}, which is 0 for the ${word} itself.`,
    figure: originalText(word, claims.series[last]?.mse as Interval, noise),
    ...judged(verdict, evidence)
  }
}

/** Share of the gap below which a model counts as being at the mean digit, as in the sentence of insight. */
const AT_MEAN_DIGIT = 0.03

function fewFail(evidence: Evidence): TestedClaim {
  const { claims, file } = evidence
  const series = labelsOf(evidence).map((label, rank) => ({ label, rank }))
  const failing = series.filter(({ rank }) => (claims.series[rank]?.gapClosed.high ?? Infinity) < AT_MEAN_DIGIT)
  const [narrowest] = claims.series as [Claims['series'][number]]
  const verdict = failing.length > 0 ? 'holds' : narrowest.gapClosed.high < 0.5 ? 'in part' : 'does not hold'
  return {
    key: 'few',
    title: 'Too few dimensions fail',
    words: authorsWords.few,
    test: `Gap closed from the ${meanName(file.dataset)} to a perfect copy. A model fails if its interval ends below 3 %; in part if the narrowest closes less than half.`,
    figure: fewText(series[0]?.label ?? '', narrowest.gapClosed, failing, AT_MEAN_DIGIT),
    ...judged(verdict, evidence)
  }
}

const HOUR = 3600

function hoursOnCpu({ file }: Evidence): TestedClaim {
  const base = {
    key: 'hours' as const,
    title: 'It takes hours on a CPU',
    words: authorsWords.hours,
    test: 'Training time of the article’s six models, all epochs, on a processor alone. One measurement on one machine has no interval.'
  }
  const why = notComparable(file)
  if (why) {
    return {
      ...base,
      figure: notComparableText(why, file.seconds),
      verdict: 'can’t tell yet',
      note: 'Train the article’s six models on the CPU'
    }
  }
  const hardware = file.segments[file.segments.length - 1]?.hardware || 'the processor'
  return {
    ...base,
    figure: `${formatDuration(file.seconds)} on ${hardware}.`,
    verdict: file.seconds >= HOUR ? 'holds' : 'does not hold',
    note: 'One measurement, of these kernels on this machine: no interval'
  }
}

function notComparable(file: RunFile): NotComparable | null {
  if (presetOf(file.experiment) !== 'article') return 'other experiment'
  if (!file.segments.every(({ device }) => /^(onnxruntime |tensorflow[ -])?cpu$/.test(device))) return 'other device'
  if (!areAllTrained(file)) return { epochs: epochsDone(file), of: epochsOf(file.experiment) }
  return null
}

/**
 * The series of the least rank whose error is at most `margin` (0.05: 5 %) above that of the last, by the upper end of its interval: a test
 * of non-inferiority. Answers with its rank; the last one is always within.
 */
export function smallestWithin({ series }: Pick<Claims, 'series'>, loss: 'bce' | 'mse', margin: number): number {
  const found = series.findIndex(({ overLast }) => overLast[loss].high <= margin)
  return found < 0 ? series.length - 1 : found
}

/** How the squared error of each series compares with that of PCA with as many components, by the whole interval. */
export function besidePca({ series }: Pick<Claims, 'series'>): BesidePca {
  const ranks: BesidePca = { worse: [], better: [], open: [] }
  series.forEach(({ mseOverPca: { low, high } }, rank) => {
    ranks[low > 0 ? 'worse' : high < 0 ? 'better' : 'open'].push(rank)
  })
  return ranks
}
