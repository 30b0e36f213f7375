// The article's claims in its author's words, and the sentences that say what the figures of a run come to.
import type { Claims, Interval } from './analysis'
import { formatCount, formatDuration, formatPercent, formatPlural } from './format'
import { insightText, join, names, type Name } from './insight-words'

/** In the author's words. */
export const authorsWords = {
  rises:
    'As the dimension of the autoencoder latent vector increases, the quality of the latent representation increases significantly!',
  original:
    'when the latent vector dimension is 128, the output is even better than the original digits with a 784 dimension. This is because the autoencoder model with a 128-dimensional latent vector has eliminated the noise in the input data.',
  few: 'it requires the right number of dimensions to accurately represent those features. Otherwise, it will fail to generate the required output.',
  hours: 'It will take hours to execute the above code when running on the CPU only.'
} as const

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
export const absolute = (interval: Interval, decimals?: number) => absoluteParts(interval, decimals).join(' ')
export function absoluteParts(interval: Interval, decimals = 4): readonly [string, string] {
  const text = (value: number, more: number) =>
    value
      .toFixed(decimals + more)
      .replace(/^-(?!0\.?0*$)/, '−')
      .replace('-', '')
  const more = telling(interval, text)
  const [estimate, low, high] = [interval.estimate, interval.low, interval.high].map((one) => text(one, more))
  return [`${estimate}`, `(${low} to ${high})`]
}

const unsigned = (share: number, more: number) => signed(share, more).replace('+', '')
/** A share below 0 is wider than the mean image's error: how much says nothing more. */
function shareText(interval: Interval): string {
  const { estimate, low, high } = interval
  if (formatPercent(high) === formatPercent(-1)) return formatPercent(estimate)
  const more = telling(interval, unsigned)
  const text = (share: number) =>
    formatPercent(share) === formatPercent(-1) ? formatPercent(share) : unsigned(share, more)
  return `${text(estimate)} (${text(low)} to ${text(high)})`
}

/** `falls by 0.0123 (0.0121 to 0.0125)`, or `rises by` where the fall is below 0. */
function change(fall: Interval): string {
  if (fall.estimate >= 0) return `falls by ${absolute(fall)}`
  return `rises by ${absolute({ estimate: -fall.estimate, low: -fall.high, high: -fall.low })}`
}

const named = (series: readonly Name[]) => insightText(names(series))
/** `a, b and c`. */
const listed = (texts: readonly string[]) =>
  insightText(
    join(
      texts.map((text) => [{ text }]),
      ', ',
      ' and '
    )
  )

/** `noise σ 0.1`, `salt and pepper 10 %`. */
export function noiseName({ noise, level }: Pick<Claims['noise'][number], 'noise' | 'level'>): string {
  return noise === 'gaussian' ? `noise σ ${level}` : `salt and pepper ${Math.round(100 * level)}\u00a0%`
}

/** From one width to the next. */
export interface Step {
  /** `d = 2 to d = 8`. */
  name: string
  fall: Interval
}

/** `risen` and `risenBySquares`: of how many steps the whole interval of the fall lies above 0, by the run's loss and by squared error. */
export function risesText(steps: readonly Step[], risen: number, risenBySquares: number): string {
  const least = steps.reduce((least, step) => (step.fall.low < least.fall.low ? step : least))
  const not = steps.flatMap(({ name, fall }) =>
    fall.low > 0 ? [] : [`${name} ${fall.high < 0 ? 'gets worse' : 'shows no certain gain'}`]
  )
  return (
    `${risen} of ${formatPlural(steps.length, 'step')}. Least certain, ${least.name}: loss ${change(least.fall)}. ` +
    `By squared error ${risenBySquares} of ${steps.length}.${not.length > 0 ? ` ${not.join('; ')}.` : ''}`
  )
}

/** Squared error of its copy to the clean image, beside that of the noisy image: `own` of a clean one, `noise` of each kind and level. */
export function originalText(
  word: string,
  own: Interval,
  noise: readonly { name: string; over: Interval; isBetter: boolean }[]
): string {
  const better = noise.filter(({ isBetter }) => isBetter).map(({ name }) => name)
  const from =
    better.length > 0
      ? `nearer to the clean ${word} than the noisy one is with ${listed(better)}`
      : `at no level nearer to the clean ${word} than the noisy one is`
  const [first] = noise
  const example = first ? ` (at ${first.name}: ${relative(first.over)})` : ''
  return `A clean ${word}’s copy is off by ${absolute(own, 5)} where the original is off by 0. Of noisy ${word}s its copy is ${from}${example}.`
}

/** `narrowest` closes that much of the gap; the interval of each of `failing` ends below `limit`. */
export function fewText(narrowest: string, closes: Interval, failing: readonly Name[], limit: number): string {
  const who =
    failing.length > 0
      ? `${named(failing)} ${failing.length > 1 ? 'close' : 'closes'} less than ${formatPercent(limit)}`
      : `the interval of no model ends below ${formatPercent(limit)}`
  return `${narrowest} closes ${shareText(closes)} of the gap; ${who}.`
}

/** Why the training time of a run is not that of the claim. */
export type NotComparable = 'other experiment' | 'other device' | { epochs: number; of: number }

export function notComparableText(why: NotComparable, seconds: number): string {
  const what =
    why === 'other experiment'
      ? 'This run is another experiment than the article’s six models'
      : why === 'other device'
        ? 'This run was not trained on a processor alone'
        : `This run has trained ${formatCount(why.epochs)} of the article’s ${formatPlural(why.of, 'epoch')}`
  return `${what}: ${formatDuration(seconds)}.`
}

/** Ranks of series by how their squared error compares with that of PCA with as many components, by the whole interval. */
export type BesidePca = Record<'worse' | 'better' | 'open', number[]>

/** `d = 2 and d = 8 are worse than PCA with as many components; d = 16 to d = 128 are better.` */
export function pcaSentence({ worse, better, open }: BesidePca, labels: readonly string[]): string {
  const ofRanks = (ranks: number[]) => named(ranks.map((rank) => ({ rank, label: labels[rank] ?? '' })))
  const are = (ranks: number[]) => (ranks.length > 1 ? 'are' : 'is')
  const than = 'than PCA with as many components'
  const parts = [
    ...(worse.length > 0 ? [`${ofRanks(worse)} ${are(worse)} worse`] : []),
    ...(better.length > 0 ? [`${ofRanks(better)} ${are(better)} better`] : []),
    ...(open.length > 0
      ? [
          `${worse.length + better.length > 0 ? 'w' : 'W'}hether ${ofRanks(open)} ${are(open)} better or worse is within the interval`
        ]
      : [])
  ]
  const [first = '', ...others] = parts
  const compared = /(worse|better)$/.test(first)
    ? `${first} ${than}`
    : first.replace(' is within', ` ${than} is within`)
  return `${[compared, ...others].join('; ')}.`
}
