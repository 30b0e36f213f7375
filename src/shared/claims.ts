// The article's claims in its author's words, and what the figures of a run say of each.
import type { Claims, Interval } from './analysis'
import { formatCount, formatDuration, formatPercent, formatPlural } from './format'
import { insightText, names } from './insight-words'
import { imageWord, meanName } from './dataset'
import { presetOf } from './preset-of'
import { epochsOf, lossOf } from './experiment'
import type { RunFile } from './run'
import { differInWidth, seriesOf } from './series'

export type Verdict = 'holds' | 'in part' | 'does not hold' | 'can’t tell yet'

/** A claim, how it is tested, and what came of it. */
export interface TestedClaim {
  key: 'rises' | 'original' | 'few' | 'hours'
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

/** Run and analysis that claims are judged by. `file` is as it was analysed. */
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

/** `5.2`, `1,144`; one decimal below ten, and so many more. */
function points(share: number, more: number): string {
  const decimals = (Math.abs(share) < 0.0995 ? 1 : 0) + more
  return decimals === 0 ? formatCount(100 * share) : (100 * share).toFixed(decimals)
}

function signed(share: number, more = 0): string {
  const text = points(Math.abs(share), more)
  return `${/[1-9]/.test(text) ? (share > 0 ? '+' : '−') : ''}${text}\u00a0%`
}

/** So many decimals more as tell the ends of an interval apart, where they aren't one number. */
const telling = ({ low, high }: Interval, text: (value: number, more: number) => string) =>
  [0, 1, 2, 3].find((more) => text(low, more) !== text(high, more)) ?? 0

/** `+3.1 % (+2.9 % to +3.3 %)`, whole or in its two parts. */
export const relative = (interval: Interval) => relativeParts(interval).join(' ')
export function relativeParts(interval: Interval): readonly [string, string] {
  const more = telling(interval, signed)
  const { estimate, low, high } = interval
  return [signed(estimate, more), `(${signed(low, more)} to ${signed(high, more)})`]
}
/** `0.0123 (0.0121 to 0.0125)`, whole or in its two parts. */
const absolute = (interval: Interval, decimals?: number) => absoluteParts(interval, decimals).join(' ')
export function absoluteParts(interval: Interval, decimals = 4): readonly [string, string] {
  const more = telling(interval, (value, more) => value.toFixed(decimals + more))
  const [estimate, low, high] = [interval.estimate, interval.low, interval.high].map((one) =>
    one.toFixed(decimals + more)
  )
  return [`${estimate}`, `(${low} to ${high})`]
}

function qualityRises(evidence: Evidence): TestedClaim {
  const { claims, file } = evidence
  const labels = labelsOf(evidence)
  const loss = lossOf(file.experiment)
  const falls = claims.steps.map((step) => step[loss])
  const rising = falls.filter(({ low }) => low > 0).length
  const not = falls.flatMap(({ low, high }, at) =>
    low > 0 ? [] : [`${labels[at]} to ${labels[at + 1]} ${high < 0 ? 'gets worse' : 'shows no certain gain'}`]
  )
  const bySquares = claims.steps.filter(({ mse }) => mse.low > 0).length
  const least = falls.reduce((least, fall) => (fall.low < least.low ? fall : least))
  const at = falls.indexOf(least)
  const verdict = rising === falls.length ? 'holds' : rising === 0 ? 'does not hold' : 'in part'
  return {
    key: 'rises',
    title: 'Quality rises with each step of d',
    words:
      'As the dimension of the autoencoder latent vector increases, the quality of the latent representation increases significantly!',
    test: `${loss.toUpperCase()} of the same test images falls from each d to the next: the whole 95 % interval lies above 0 at every step.`,
    figure:
      `${rising} of ${formatPlural(falls.length, 'step')}. Least certain, ${labels[at]} to ${labels[at + 1]}: ` +
      `falls by ${absolute(least)}. By squared error ${bySquares} of ${falls.length}.${not.length > 0 ? ` ${not.join('; ')}.` : ''}`,
    ...judged(verdict, evidence)
  }
}

function betterThanOriginal(evidence: Evidence): TestedClaim {
  const { claims, file } = evidence
  const labels = labelsOf(evidence)
  const last = claims.series.length - 1
  const levels = claims.noise.map((noise) => ({
    name: noiseName(noise),
    over: noise.series[last]?.overNoisy as Interval
  }))
  const better = levels.filter(({ over }) => over.high < 0)
  const own = claims.series[last]?.mse as Interval
  const word = imageWord(file.dataset)
  const verdict = better.length > 0 ? 'in part' : 'does not hold' // a clean digit's copy can't be nearer to it than itself
  const from =
    better.length > 0
      ? `nearer to the clean ${word} than the noisy one is with ${better.map(({ name }) => name).join(', ')}`
      : `at no level nearer to the clean ${word} than the noisy one is`
  return {
    key: 'original',
    title: `${labels[last]} is “better than the original”`,
    words:
      'when the latent vector dimension is 128, the output is even better than the original digits with a 784 dimension. This is because the autoencoder model with a 128-dimensional latent vector has eliminated the noise in the input data.',
    test: `Squared error to the clean ${word}, of the copy of a noisy ${word} against the noisy ${word} itself; and of the copy of a clean ${word}, which is 0 for the ${word} itself.`,
    figure:
      `A clean ${word}’s copy is off by ${absolute(own, 5)} where the original is off by 0. Of noisy ${word}s its copy is ${from}` +
      ` (at ${levels[0]?.name}: ${relative((levels[0] as { over: Interval }).over)}).`,
    ...judged(verdict, evidence)
  }
}

/** `noise 0.1`, `10 % of pixels flipped`. */
export function noiseName({ noise, level }: Claims['noise'][number]): string {
  return noise === 'gaussian' ? `noise σ ${level}` : `${Math.round(100 * level)} % of pixels flipped`
}

/** Share of the gap below which a model counts as being at the mean digit, as in the sentence of insight. */
const AT_MEAN_DIGIT = 0.03

function fewFail(evidence: Evidence): TestedClaim {
  const { claims, file } = evidence
  const mean = meanName(file.dataset)
  const labels = labelsOf(evidence)
  const failing = claims.series.flatMap(({ gapClosed }, rank) => (gapClosed.high < AT_MEAN_DIGIT ? [labels[rank]] : []))
  const [narrowest] = claims.series as [Claims['series'][number]]
  const verdict = failing.length > 0 ? 'holds' : narrowest.gapClosed.high < 0.5 ? 'in part' : 'does not hold'
  const who =
    failing.length > 0
      ? `${failing.join(' and ')} ${failing.length > 1 ? 'are' : 'is'} no better than the ${mean}`
      : `no model is at the ${mean}`
  return {
    key: 'few',
    title: 'Too few dimensions fail',
    words:
      'it requires the right number of dimensions to accurately represent those features. Otherwise, it will fail to generate the required output.',
    test: `Gap closed from the ${mean} to a perfect copy. A model fails if its interval ends below 3 %; in part if the narrowest closes less than half.`,
    figure: `${labels[0]} closes ${shareText(narrowest.gapClosed)} of the gap; ${who}.`,
    ...judged(verdict, evidence)
  }
}

/** An interval that lies below 0 has no ends to tell apart. */
function shareText(interval: Interval): string {
  const text = (share: number, more: number) =>
    Math.round(100 * share) < 0 ? formatPercent(share) : `${points(Math.max(0, share), more)}\u00a0%`
  const more = telling(interval, text)
  const [estimate, low, high] = [interval.estimate, interval.low, interval.high].map((share) => text(share, more))
  return low === high ? `${estimate}` : `${estimate} (${low} to ${high})`
}

const HOUR = 3600

function hoursOnCpu({ file, claims }: Evidence): TestedClaim {
  const isArticle = presetOf(file.experiment) === 'article' && claims.epoch >= epochsOf(file.experiment)
  const onCpu = file.segments.every(({ device }) => /^(onnxruntime |tensorflow[ -])?cpu$/.test(device))
  const base = {
    key: 'hours' as const,
    title: 'It takes hours on a CPU',
    words: 'It will take hours to execute the above code when running on the CPU only.',
    test: 'Training time of the article’s six models, all epochs, on a processor alone. One measurement on one machine has no interval.'
  }
  const took = formatDuration(file.seconds)
  if (!isArticle || !onCpu) {
    const what = !isArticle
      ? 'This run is another experiment than the article’s six models with all their epochs'
      : 'This run was not trained on a processor alone'
    return {
      ...base,
      figure: `${what}: ${took}.`,
      verdict: 'can’t tell yet',
      note: 'Train the article’s six models on the CPU'
    }
  }
  const verdict = file.seconds >= HOUR ? 'holds' : 'does not hold'
  const hardware = file.segments[file.segments.length - 1]?.hardware || 'the processor'
  return {
    ...base,
    figure: `${took} on ${hardware}.`,
    verdict,
    note: 'One measurement, of these kernels on this machine: no interval'
  }
}

/**
 * The series of the least rank whose error is at most `margin` (0.05: 5 %) above that of the last, by the upper end of its interval: a test
 * of non-inferiority. Answers with its rank; the last one is always within.
 */
export function smallestWithin({ series }: Pick<Claims, 'series'>, loss: 'bce' | 'mse', margin: number): number {
  const found = series.findIndex(({ overLast }) => overLast[loss].high <= margin)
  return found < 0 ? series.length - 1 : found
}

/** How the squared error of each series compares with that of PCA with as many components, by the whole interval: their ranks. */
export function besidePca({ series }: Pick<Claims, 'series'>): Record<'worse' | 'better' | 'open', number[]> {
  const ranks = { worse: [] as number[], better: [] as number[], open: [] as number[] }
  series.forEach(({ mseOverPca: { low, high } }, rank) => {
    ranks[low > 0 ? 'worse' : high < 0 ? 'better' : 'open'].push(rank)
  })
  return ranks
}

/** The same as a sentence: `d = 2 and d = 8 are worse than PCA with as many components; d = 16 to d = 128 are better.` */
export function pcaSentence(claims: Pick<Claims, 'series'>, labels: readonly string[]): string {
  const { worse, better, open } = besidePca(claims)
  const named = (ranks: number[]) => insightText(names(ranks.map((rank) => ({ rank, label: labels[rank] ?? '' }))))
  const are = (ranks: number[]) => (ranks.length > 1 ? 'are' : 'is')
  const than = 'than PCA with as many components'
  const parts = [
    ...(worse.length > 0 ? [`${named(worse)} ${are(worse)} worse`] : []),
    ...(better.length > 0 ? [`${named(better)} ${are(better)} better`] : []),
    ...(open.length > 0
      ? [
          `${worse.length + better.length > 0 ? 'w' : 'W'}hether ${named(open)} ${are(open)} better or worse is within the interval`
        ]
      : [])
  ]
  const [first = '', ...others] = parts
  const compared = /(worse|better)$/.test(first)
    ? `${first} ${than}`
    : first.replace(' is within', ` ${than} is within`)
  return `${[compared, ...others].join('; ')}.`
}
