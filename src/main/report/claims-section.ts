// The article's claims as the analysis found them, and how the models compare with PCA by their intervals.
import type { Claims } from '@shared/analysis'
import { pcaSentence, relative } from '@shared/claim-words'
import { besidePca, smallestWithin, testedClaims } from '@shared/claims'
import { lossOf } from '@shared/experiment'
import { formatCount } from '@shared/format'
import type { RunFile } from '@shared/run'
import { differInWidth, seriesOf } from '@shared/series'
import type { ClaimsSection } from './document'

/** Relative to the widest model's error, as the window's slider begins. */
const MARGIN = 0.05

/** Null of a run about which the article claims nothing. */
export function claimsSection(file: RunFile, claims: Claims | null): ClaimsSection | null {
  if (!differInWidth(file.experiment) || seriesOf(file).length < 2) return null
  const heading = 'The article’s claims'
  const notTested = 'Not tested of this run yet: the window’s Claims does it, and the next report has what came of it.'
  if (!claims) return { kind: 'claims', heading, claims: [], notes: [notTested] }
  const labels = seriesOf(file).map(({ label }) => label)
  return {
    kind: 'claims',
    heading,
    claims: testedClaims({ file, claims }).map(({ title, words, test, figure, verdict, note }) => ({
      title,
      words,
      test,
      figure,
      verdict,
      note
    })),
    notes: [`${pcaSentence(besidePca(claims), labels)} ${howItWasTested(claims)}`]
  }
}

/** `d = 64 is the smallest within 5 % of d = 128: its BCE is +3.1 % (+2.9 % to +3.3 %) above.` */
export function widthSentence(file: RunFile, claims: Claims): string {
  const loss = lossOf(file.experiment)
  const labels = seriesOf(file).map(({ label }) => label)
  const rank = smallestWithin(claims, loss, MARGIN)
  const last = labels[labels.length - 1]
  if (rank === labels.length - 1)
    return `No narrower model comes within 5\u00a0% of ${last} in ${loss.toUpperCase()}, by the upper end of its 95\u00a0% interval`
  const over = claims.series[rank]?.overLast[loss]
  return `${labels[rank]} is the smallest within 5\u00a0% of ${last}, by the upper end of its 95\u00a0% interval: its ${loss.toUpperCase()} is higher by ${over ? relative(over) : ''}`
}

function howItWasTested({ images, seeds, resamples }: Claims): string {
  const what =
    seeds > 1 ? `${seeds} seeds and ${formatCount(images)} test images` : `${formatCount(images)} test images, one seed`
  return `Intervals: 95\u00a0%, paired bootstrap of ${what}, ${formatCount(resamples)} resamples, percentiles.`
}
