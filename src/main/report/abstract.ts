// The abstract: what was varied, what was found, how sure that is, on what device.
import type { Claims } from '@shared/analysis'
import { devicesLabel } from '@shared/devices'
import { lossOf } from '@shared/experiment'
import { formatDuration, formatLoss } from '@shared/format'
import { epochsDone, type RunFile, type RunState } from '@shared/run'
import { differInWidth, seedsNote, seriesOf } from '@shared/series'
import { widthSentence } from './claims-section'
import { answerText, whatWasVaried } from './summary'

/** Four sentences. */
export function abstract(file: RunFile, state: RunState, claims: Claims | null): string[] {
  return [whatWasVaried(file), answerText(file, state), howSure(file, claims), onWhat(file)]
}

function howSure(file: RunFile, claims: Claims | null): string {
  const { seeds } = file.experiment
  if (epochsDone(file) === 0) return 'Nothing is measured yet.'
  if (claims && differInWidth(file.experiment) && claims.series.length > 1) {
    const basis = claims.seeds > 1 ? `resampled seeds and test images` : 'resampled test images of one seed'
    return `${widthSentence(file, claims)} (${basis}).`
  }
  const spread = spreadText(file)
  return seeds.length === 1 || spread === null ? seedsNote(seeds.length) : spread
}

/** `Over 3 seeds the standard deviation of the BCE is 0.0002 (d = 128) to 0.0031 (d = 2).`; null where it is not known of all. */
function spreadText(file: RunFile): string | null {
  const last = epochsDone(file) - 1
  const found = seriesOf(file).map(({ label, sd }) => ({ label, sd: sd?.val[last] ?? null }))
  const known = found.filter((one): one is { label: string; sd: number } => one.sd !== null)
  if (known.length < found.length) return null
  const sorted = [...known].sort((one, other) => one.sd - other.sd)
  const [least, most] = [sorted[0], sorted[sorted.length - 1]]
  if (!least || !most) return null
  const text = ({ label, sd }: typeof least) => `${formatLoss(sd)} (${label})`
  const range = least === most ? formatLoss(least.sd) : `${text(least)} to ${text(most)}`
  const { length } = file.experiment.seeds
  return `Over ${length} seeds the standard deviation of the validation ${lossOf(file.experiment).toUpperCase()} is ${range}.`
}

function onWhat(file: RunFile): string {
  return `Training took ${formatDuration(file.seconds)} on the ${whereTrained(file)}.`
}

/** `CPU (CPU · 2 threads, a processor)`. */
export function whereTrained(file: RunFile): string {
  const hardware = [...new Set(file.segments.map((segment) => segment.hardware).filter(Boolean))].join(', then ')
  return `${devicesLabel(file)}${hardware ? ` (${hardware})` : ''}`
}
