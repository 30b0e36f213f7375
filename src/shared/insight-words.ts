// How sentences of insight are put together: names of series, clauses, a capital letter at the beginning.
import { capital, formatCountInWords } from './format'

/** A piece of the sentence: words, or the name of a series by its label and rank. */
export type InsightPart = { text: string } | { label: string; rank: number }

/** The parts as one line of plain text, for labels, the command line and the report's properties. */
export function insightText(parts: readonly InsightPart[]): string {
  return parts.map((part) => ('text' in part ? part.text : part.label)).join('')
}

/** So many models are named one by one; more are named as a range or counted. */
export const MOST_NAMES = 3

/** A series as it is named. */
export interface Name {
  label: string
  rank: number
}

/** A model with its share of the gap in whole percent, not clamped: below 0 it is worse than the mean digit. */
export interface Standing extends Name {
  percent: number
}

/** Names of series: one by one, as a range where they are neighbours, else counted. */
export function names(models: readonly Name[]): InsightPart[] {
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

export function toPart(part: Name | InsightPart): InsightPart {
  return 'label' in part ? { label: part.label, rank: part.rank } : part
}

/** Puts `between` between the pieces and `final` before the last. */
export function join(pieces: InsightPart[][], between: string, final: string): InsightPart[] {
  return pieces.flatMap((piece, index) => {
    if (index === 0) return piece
    return [{ text: index === pieces.length - 1 ? final : between }, ...piece]
  })
}

/** Joins neighbouring words, drops empty ones and starts the sentence with a capital letter. */
export function merge(parts: InsightPart[]): InsightPart[] {
  const merged: InsightPart[] = []
  for (const part of parts) {
    const last = merged[merged.length - 1]
    if ('text' in part && last && 'text' in last) last.text += part.text
    else if (!('text' in part) || part.text !== '') merged.push({ ...part })
  }
  const [first] = merged
  if (first && 'text' in first) first.text = capital(first.text)
  return merged
}

/** What a model adds to another, in points of the gap. */
export function gain(points: number, past: boolean, several: boolean): string {
  const verb = points < 0 ? 'lose' : 'add'
  const form = past ? (points < 0 ? 'lost' : 'added') : several ? verb : `${verb}s`
  const amount = points === 0 ? 'nothing' : Math.abs(points) === 1 ? '1 point' : `${Math.abs(points)} points`
  return `${form} ${amount}`
}

export function gap(percent: number): string {
  return `${percentText(percent)} of the gap to a perfect copy`
}

export function percentText(percent: number): string {
  return `${percent}\u00a0%`
}

/** Beside the narrowest good one: it is not to pass for the best. */
export function bestOf(best: Standing, lead: Standing): InsightPart[] {
  if (best.percent === lead.percent) return []
  return [{ text: ', and ' }, toPart(best), { text: `, the best, ${percentText(best.percent)}` }]
}
