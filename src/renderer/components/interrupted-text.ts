// Sentences on runs that a crash has interrupted: the offer to go on, what goes on, and why some can't.
import { sentence, type LabErrorData } from '@shared/errors'
import { formatCount, formatPlural, quoted } from '@shared/format'
import type { RunSummary } from '@shared/run'

/** So many runs are named, the rest counted. */
const MOST_NAMED = 3

type Interrupted = Pick<RunSummary, 'name' | 'epochs' | 'epochsDone'>

export function offerText(runs: readonly Interrupted[]): string {
  const [only] = runs
  if (only && runs.length === 1) return `${quoted(only.name)} was interrupted; ${saved(only)}.`
  const named = runs.map((run) => `${quoted(run.name)} (${done(run)})`)
  return `${formatCount(runs.length)} runs were interrupted: ${listed(named)}.`
}

function saved(run: Interrupted): string {
  if (run.epochsDone === 0) return 'no epoch was complete'
  return `${done(run)} ${run.epochsDone === 1 ? 'is' : 'are'} saved`
}

const done = ({ epochs, epochsDone }: Interrupted) =>
  epochsDone === 0 ? 'no epoch yet' : `${formatCount(epochsDone)} of ${formatPlural(epochs, 'epoch')}`

export function wentOnText(names: readonly string[]): string {
  if (names.length === 1) return `${quoted(names[0] ?? '')} was interrupted and goes on by itself.`
  return `${formatCount(names.length)} interrupted runs go on by themselves: ${listed(names.map(quoted))}.`
}

/** For each reason the runs that it keeps from going on. */
export function failedTexts(failed: readonly { name: string; error: LabErrorData }[]): string[] {
  const names = new Map<string, string[]>()
  for (const { name, error } of failed) names.set(sentence(error), [...(names.get(sentence(error)) ?? []), name])
  return [...names].map(([reason, own]) => {
    const runs =
      own.length === 1
        ? `${quoted(own[0] ?? '')} can’t go on`
        : `${formatCount(own.length)} runs can’t go on: ${listed(own.map(quoted))}`
    return `${runs}. ${reason}`
  })
}

/** `A; B`, `A; B; C; and 2 others`: names have commas of their own. */
function listed(names: readonly string[]): string {
  const more = names.length - MOST_NAMED
  const shown = more > 1 ? [...names.slice(0, MOST_NAMED), `and ${formatCount(more)} others`] : names
  return shown.join('; ')
}
