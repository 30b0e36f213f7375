// Results as the terminal and docs/performance.md show them: aligned text.
import { formatTable, type Column } from '../src/main/cli/table'
import { formatBytes, formatDuration, formatPlural } from '../src/shared/format'
import { stepsOf } from './contender'
import { entryOf, type Comparison, type Entry, type Machine, type Results } from './results'
import { pairedRatio, spreadOf, type Spread } from './statistics'
import { verdictsOf, type Verdict } from './verdicts'

/** The parts of what is printed, by the name of their block in docs/performance.md; empty where nothing was measured. */
export function blocksOf(results: Results): Record<string, string> {
  const { measuredAt, machine, comparisons, kernels, skipped } = results
  const rounds = Math.max(0, ...[...comparisons.flatMap(({ entries }) => entries), ...kernels].map(roundsOf))
  const head =
    `${machineText(machine)}\n` +
    `${measuredAt.slice(0, 10)}; median (least – most) of ${formatPlural(rounds, 'round')} in turns\n`
  const tables = comparisons.map(comparisonText).join('\n')
  return {
    comparison: tables && `${head}\n${tables}`,
    kernels: kernelsText(kernels),
    'epoch-end': epochEndText(results),
    memory: memoryText(results),
    article: articleText(results),
    verdicts: [verdictText(verdictsOf(results)), skipped.map(skippedLine).join('')].filter(Boolean).join('\n')
  }
}

const roundsOf = ({ milliseconds }: Entry) => milliseconds.length

const column = <Row>(title: string, text: (row: Row) => string, align: 'left' | 'right' = 'right'): Column<Row> => {
  return { title, align, text }
}

/** `3.10 (3.05 – 3.20)`: the median and the ends; nothing where nothing was measured. */
export function formatSpread({ median, least, most }: Spread, decimals = 2): string {
  if (Number.isNaN(median)) return ''
  const ends = [least, most].map((value) => value.toFixed(decimals))
  const middle = median.toFixed(decimals)
  return ends.every((end) => end === middle) ? middle : `${middle} (${ends.join(' – ')})`
}

export function machineText({ processor, threads, memoryBytes, system, node }: Machine): string {
  return [processor, formatPlural(threads, 'thread'), formatBytes(memoryBytes), system, `Node ${node}`].join(', ')
}

/** What, its time, its time over ours, the same with one core kept busy where that was measured, and how long the recipe takes at this pace. */
export function comparisonText(comparison: Comparison): string {
  const { recipe, entries } = comparison
  const ours = entryOf(comparison, 'cpu')
  const over = (times: (entry: Entry) => number[]) => (entry: Entry) =>
    formatSpread(pairedRatio(times(entry), ours ? times(ours) : []))
  const quiet = ({ milliseconds }: Entry) => milliseconds
  const busy = ({ busyMilliseconds }: Entry) => busyMilliseconds
  const inFull = ({ milliseconds, validationSeconds }: Entry) => {
    if (validationSeconds === null) return ''
    const epoch = (stepsOf(recipe.images, recipe) * spreadOf(milliseconds).median) / 1000 + validationSeconds
    return formatDuration(recipe.epochs * epoch)
  }
  const withBusy = entries.some(({ busyMilliseconds }) => busyMilliseconds.length > 0)
  const busyColumns = [
    column<Entry>('a core busy: ms', (entry) => formatSpread(spreadOf(busy(entry)))),
    column<Entry>('÷ ours', over(busy))
  ]
  const columns = [
    column<Entry>(`${recipe.name}, ${recipe.batchSize} images a step`, ({ title }) => title, 'left'),
    column<Entry>('ms a step', (entry) => formatSpread(spreadOf(quiet(entry)))),
    column<Entry>('÷ ours', over(quiet)),
    ...(withBusy ? busyColumns : []),
    column<Entry>('first loss', ({ firstLoss }) => firstLoss?.toFixed(4) ?? ''),
    column<Entry>(`${recipe.epochs} epochs`, inFull)
  ]
  return formatTable(columns, entries)
}

/** Each over the fastest. */
export function kernelsText(entries: readonly Entry[]): string {
  const median = ({ milliseconds }: Entry) => spreadOf(milliseconds).median
  const [fastest] = [...entries].sort((a, b) => median(a) - median(b))
  if (!fastest) return ''
  const columns = [
    column<Entry>('keras-blog, ours on the processor', ({ title }) => title, 'left'),
    column<Entry>('ms a step', ({ milliseconds }) => formatSpread(spreadOf(milliseconds))),
    column<Entry>('÷ fastest', ({ milliseconds }) => formatSpread(pairedRatio(milliseconds, fastest.milliseconds)))
  ]
  return formatTable(columns, entries)
}

const outcomes = { goal: 'goal met', met: 'met', missed: 'MISSED' } as const

/** Those that were measured. */
export function verdictText(verdicts: readonly Verdict[]): string {
  const measured = verdicts.filter(({ outcome }) => outcome !== null)
  if (measured.length === 0) return ''
  return formatTable<Verdict>(
    [
      column('wanted', ({ question }) => question, 'left'),
      column('', ({ wanted }) => wanted, 'left'),
      column('found', ({ spread, decimals }) => (spread ? formatSpread(spread, decimals) : '')),
      column('', ({ outcome }) => (outcome ? outcomes[outcome] : ''), 'left')
    ],
    measured
  )
}

const skippedLine = ({ title, reason }: Results['skipped'][number]) => `not measured: ${title} (${reason})\n`

/** The article's run in full, beside what the processor's peak allows. */
export function articleText({ article, peak, machine }: Pick<Results, 'article' | 'peak' | 'machine'>): string {
  if (!article) return ''
  const { device, training, command, operations } = article
  const limit = peak && operations / (peak.all * 1e9)
  const work = `${(operations / 1e12).toFixed(2)} · 10¹² operations in products that can't be avoided`
  const speed =
    peak &&
    `${peak.all.toFixed(0)} · 10⁹ a second on ${formatPlural(machine.threads, 'thread')} (${peak.one.toFixed(0)} on one)`
  return (
    `${device}: ${formatDuration(training)} of training and validation, ` +
    `${formatDuration(command)} from the command's start to its end\n` +
    (limit === null
      ? `the limit: ${work}; the processor's peak was not measured\n`
      : `the limit: ${work}, at ${speed}: ${formatDuration(limit)}; training took ${(training / limit).toFixed(1)} times as long\n`)
  )
}

/** The trainer's size at some epochs. */
export function memoryText({ memory }: Pick<Results, 'memory'>): string {
  if (!memory) return ''
  const shown = memory
    .map((size, index) => ({ epoch: index + 1, size }))
    .filter(({ epoch }) => epoch <= 2 || epoch % 5 === 0)
  const sizes = shown.map(({ epoch, size }) => `epoch ${epoch}: ${(size / 1e6).toFixed(0)} MB`).join(', ')
  return `${sizes}\n`
}

/** Seconds an epoch with its end and without, and what each part adds to the steps. */
export function epochEndText({ epochEnds }: Pick<Results, 'epochEnds'>): string {
  if (!epochEnds) return ''
  const { whole, validation, steps } = epochEnds
  const rows = [
    { what: 'with validation, checkpoint and reconstructions', seconds: whole },
    { what: 'with validation alone', seconds: validation },
    { what: 'steps alone', seconds: steps }
  ]
  type Row = (typeof rows)[number]
  return formatTable(
    [
      column<Row>('an epoch of keras-blog', ({ what }) => what, 'left'),
      column<Row>('seconds', ({ seconds }) => formatSpread(spreadOf(seconds))),
      column<Row>('÷ steps', ({ seconds }) => formatSpread(pairedRatio(seconds, steps), 3))
    ],
    rows
  )
}
