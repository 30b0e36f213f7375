// The abstract of a comparison: what differs between the runs, what was found, how sure that is, on what devices. What was found is said of
// values that runs share, of the same test images, as the figures are printed.
import { lossOf } from '@shared/experiment'
import { capital, formatCount, formatCountInWords, formatDuration, formatPlural, quoted } from '@shared/format'
import { insightText, join, names } from '@shared/insight-words'
import { epochsDone, type RunFile } from '@shared/run'
import { differencesOf } from '@shared/run-differences'
import { metricLabel } from '@shared/run-results'
import { bestAt, comparedRows, isSameData, type ComparedRow } from './best-of-runs'
import { whereTrained } from './abstract'
import type { ReportedRun } from './report'
import { runNames } from './run-names'

/** In a sentence, in characters. */
const LONGEST_NAME = 60
/** More differences than these are named without their values. */
const MOST_DIFFERENCES = 3
/** Facts that follow from others, or say nothing of the models. */
const UNSAID = ['Preset', 'Data, SHA-256', 'Version']

/** Four sentences; three where nothing is compared, of which nothing can be sure. */
export function abstractOfComparison(runs: readonly ReportedRun[]): string[] {
  const files = runs.map(({ file }) => file)
  const called = runNames(runs, LONGEST_NAME).map(quoted)
  const rows = isSameData(files) ? comparedRows(files) : []
  const sure = rows.length > 0 ? [howSure(files, rows)] : []
  return [whatDiffers(files), whatWasFound(files, called, rows), ...sure, onWhat(files, called)]
}

function whatDiffers(files: readonly RunFile[]): string {
  const counts = files.map(({ models }) => models.length)
  const [first = 0, ...others] = counts
  const each = others.every((count) => count === first)
    ? `${formatCountInWords(first)} ${first === 1 ? 'autoencoder' : 'autoencoders'} each`
    : `${listed(counts.map(formatCount))} autoencoders`
  const titles = new Set(files.map(({ dataset }) => dataset.title))
  const data = titles.size === 1 ? ` on ${[...titles][0]}` : ''
  const subject = `${capital(formatCountInWords(files.length))} runs of ${each}${data} are compared`
  const rows = differencesOf(files).filter(({ name, isEqual }) => !isEqual && !UNSAID.includes(name))
  const facts = rows.map(({ name, values }) => {
    const told = [...new Set(values)].join('; ')
    return rows.length > MOST_DIFFERENCES ? inSentence(name) : `${inSentence(name)} (${told})`
  })
  if (facts.length > 0) return `${subject}, which differ in ${listed(facts)}.`
  return isSameData(files)
    ? `${subject}, of the same recipe, data, device and seeds.`
    : `${subject}, of the same recipe on different images of that name.`
}

/** `Learning rate` within a sentence; what has capitals of its own keeps them. */
const inSentence = (name: string) => (/^[A-Z][a-z]/.test(name) ? name.charAt(0).toLowerCase() + name.slice(1) : name)

function whatWasFound(files: readonly RunFile[], called: readonly string[], rows: readonly ComparedRow[]): string {
  if (files.every((file) => epochsDone(file) === 0)) return 'Nothing is measured yet.'
  if (!isSameData(files)) return 'Their images are not the same, so that their losses can’t be compared.'
  if (rows.length === 0) return 'No value was measured in more than one of them, so that nothing is compared.'
  const metric = metricLabel(lossOf((files[0] as RunFile).experiment))
  const isOneLoss = new Set(files.map(({ experiment }) => lossOf(experiment))).size === 1
  const lowest = `the lowest ${metric}${isOneLoss ? '' : ', the loss of the first run,'}`
  const wins = called.map((name, run) => ({ name, at: rows.filter((row) => bestAt(row).join() === String(run)) }))
  const shared = rows.filter((row) => bestAt(row).length > 1)
  const [only, ...more] = wins.filter(({ at }) => at.length > 0)
  if (!only) return `${capital(where(shared, rows))} no run alone has ${lowest}, as printed.`
  const clauses = [
    `${only.name} has ${lowest} ${where(only.at, rows)}`,
    ...more.map(({ name, at }) => `${name} ${where(at, rows)}`),
    ...(shared.length > 0 ? [`no run alone ${where(shared, rows)}`] : [])
  ]
  return `${clauses.join('; ')}.`
}

/** `at d = 2 and d = 8`, or at all values that are compared. */
function where(own: readonly ComparedRow[], rows: readonly ComparedRow[]): string {
  if (own.length === rows.length && rows.length > 1) {
    return `at ${rows.length === 2 ? 'both' : `all ${formatCountInWords(rows.length)}`} values that are compared`
  }
  return `at ${insightText(names(own.map(({ label }) => ({ label, rank: rows.findIndex((row) => row.label === label) }))))}`
}

function howSure(files: readonly RunFile[], rows: readonly ComparedRow[]): string {
  const seeds = files.map(({ experiment }) => experiment.seeds.length)
  const epochs = [...new Set(files.map(epochsDone))]
  const uneven =
    epochs.length > 1
      ? `; they were trained for different numbers of epochs (${epochs.map(formatCount).join(', ')})`
      : ''
  if (seeds.some((count) => count === 1)) {
    const who = seeds.every((count) => count === 1) ? 'Each run has one seed' : 'Not every run has several seeds'
    return `${who}: with another, these figures would differ${uneven}.`
  }
  const told = rows.filter(({ spread }) => spread !== null)
  const n = [...new Set(seeds)].map(formatCount).join(', ')
  if (told.length === 0) return `Figures are means over the seeds, n = ${n}${uneven}.`
  const beyond = told.filter(({ lead, spread }) => lead > (spread ?? 0)).length
  const larger = 'larger than the standard deviations of both over their seeds together'
  const lead =
    beyond === 0
      ? `At no value is the lead over the next run ${larger}`
      : `At ${formatCount(beyond)} of ${formatPlural(told.length, 'value')} the lead over the next run is ${larger}`
  return `${lead} (n = ${n})${uneven}.`
}

function onWhat(files: readonly RunFile[], called: readonly string[]): string {
  const places = files.map(whereTrained)
  const times = files.map(({ seconds }) => formatDuration(seconds))
  const [one, ...more] = new Set(times)
  const took = more.length > 0 ? listed(times) : `${one} each`
  if (new Set(places).size === 1) return `Training took ${took} on the ${places[0]}.`
  return `Training took ${listed(
    times.map((time, run) => `${time} on the ${places[run]} for ${called[run]}`),
    '; '
  )}.`
}

/** `a, b and c`. */
function listed(texts: readonly string[], between = ', '): string {
  return insightText(join(texts.map((text) => [{ text }]), between, ' and ')) // prettier-ignore
}
