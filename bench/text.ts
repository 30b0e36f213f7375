// Results as the terminal and docs/performance.md show them: aligned text.
import { formatTable, type Column } from '../src/main/cli/table'
import { formatBytes, formatDuration, formatPlural } from '../src/shared/format'
import type { ArticleRun } from './article'
import type { EpochEnds } from './epoch-end'
import { growth } from './memory'
import type { GroupProfile } from './profile'
import { oursOnCpu, type Entry, type Machine, type Results } from './results'
import { pairedRatio, spreadOf, type Spread } from './statistics'
import type { Verdict } from './verdicts'

const column = <Row>(title: string, text: (row: Row) => string, align: 'left' | 'right' = 'right'): Column<Row> => {
  return { title, align, text }
}

/** `3.10 (3.05 – 3.20)`: the median and the ends. */
export function formatSpread({ median, least, most }: Spread, decimals = 2): string {
  const ends = [least, most].map((value) => value.toFixed(decimals))
  const middle = median.toFixed(decimals)
  return ends.every((end) => end === middle) ? middle : `${middle} (${ends.join(' – ')})`
}

export function machineText({ processor, threads, memoryBytes, system, node, onnxruntime }: Machine): string {
  const parts = [processor, `${threads} threads`, formatBytes(memoryBytes), system, `Node ${node}`]
  return [...parts, `onnxruntime ${onnxruntime}`].join(', ')
}

/** The comparison: what, its time, its time over ours, and how long the article takes with it. */
export function comparisonText(results: Results): string {
  const ours = oursOnCpu(results)
  const columns = [
    column<Entry>('', ({ title }) => title, 'left'),
    column<Entry>('ms a step', ({ milliseconds }) => formatSpread(spreadOf(milliseconds))),
    column<Entry>('÷ ours', ({ milliseconds }) => formatSpread(pairedRatio(milliseconds, ours?.milliseconds ?? []))),
    column<Entry>('first loss', ({ firstLoss }) => firstLoss?.toFixed(4) ?? ''),
    column<Entry>('the article', ({ article }) => (article ? formatDuration(article.seconds) : ''))
  ]
  return formatTable(columns, results.entries)
}

/** The same while another program keeps one core busy; `÷ quiet` says how much each is slowed down. */
export function busyText({ entries }: Results): string {
  const columns = [
    column<Entry>('with one core busy', ({ title }) => title, 'left'),
    column<Entry>('ms a step', ({ busyMilliseconds }) => formatSpread(spreadOf(busyMilliseconds))),
    column<Entry>('÷ quiet', ({ busyMilliseconds, milliseconds }) =>
      (spreadOf(busyMilliseconds).median / spreadOf(milliseconds).median).toFixed(2)
    )
  ]
  const measured = entries.filter(({ busyMilliseconds }) => busyMilliseconds.length > 0)
  return measured.length > 0 ? formatTable(columns, measured) : ''
}

const outcomes = { goal: 'goal met', met: 'met', missed: 'MISSED' } as const

export function verdictText(verdicts: readonly Verdict[]): string {
  const measured = verdicts.filter(({ outcome }) => outcome !== null)
  return formatTable<Verdict>(
    [
      column('wanted', ({ question }) => question, 'left'),
      column('', ({ wanted }) => wanted, 'left'),
      column('found', ({ spread }) => (spread ? formatSpread(spread) : '')),
      column('', ({ outcome }) => (outcome ? outcomes[outcome] : ''), 'left')
    ],
    measured
  )
}

export function skippedText({ skipped }: Results): string {
  return skipped.map(({ title, reason }) => `not measured: ${title} (${reason})\n`).join('')
}

/** The article's run in full, beside the estimates of the others. */
export function articleText({ engine, device, training, command }: ArticleRun, { entries }: Results): string {
  const others = entries.flatMap(({ kind, title, article }) =>
    kind === 'peer' && article ? [{ title, ...article, times: article.seconds / training }] : []
  )
  const measured = `${engine} on ${device}: ${formatDuration(training)} of training and validation, `
  const whole = `${formatDuration(command)} from the command's start to its end\n`
  const lines = others.map(({ title, seconds, epochs, times }) => {
    const from = `estimated from ${formatPlural(epochs, 'epoch')} of the 70`
    return `${title}: ${formatDuration(seconds)}, ${from}; ${times.toFixed(1)} times as long\n`
  })
  return [measured + whole, ...lines].join('')
}

/** The trainer's size at some epochs. */
export function memoryText({ bytes }: { bytes: readonly number[] }): string {
  const shown = bytes
    .map((size, index) => ({ epoch: index + 1, size }))
    .filter(({ epoch }) => epoch <= 2 || epoch % 5 === 0)
  const sizes = shown.map(({ epoch, size }) => `epoch ${epoch}: ${(size / 1e6).toFixed(0)} MB`).join(', ')
  return `${sizes}\ngrowth from epoch 2 on: ${(100 * growth(bytes)).toFixed(1)} %\n`
}

/** Seconds an epoch with its end and without, and their ratio. */
export function epochEndText({ whole, stepsAlone }: EpochEnds): string {
  return (
    `an epoch with validation, checkpoint and reconstructions: ${formatSpread(spreadOf(whole))} s; ` +
    `its steps alone: ${formatSpread(spreadOf(stepsAlone))} s\n` +
    `ratio: ${formatSpread(pairedRatio(whole, stepsAlone), 3)}, ${formatPlural(whole.length, 'round')} in turn\n`
  )
}

type Operator = GroupProfile['operators'][number]

/** Operators by time, those that take less than a hundredth of their group in one line. */
export function profileText(groups: readonly GroupProfile[]): string {
  return groups.map(groupText).join('\n')
}

function groupText({ latentDims, threads, operators }: GroupProfile): string {
  const total = operators.reduce((sum, { milliseconds }) => sum + milliseconds, 0)
  const shown = operators.filter(({ milliseconds }) => milliseconds >= total / 100)
  const small = operators.filter(({ milliseconds }) => milliseconds < total / 100)
  const rest: Operator = {
    type: `${small.length} others`,
    callsPerStep: small.reduce((sum, one) => sum + one.callsPerStep, 0),
    milliseconds: small.reduce((sum, one) => sum + one.milliseconds, 0)
  }
  const columns = [
    column<Operator>(
      `d = ${latentDims.join(', ')} (${threads === 1 ? 'one thread' : `${threads} threads`})`,
      ({ type }) => type,
      'left'
    ),
    column<Operator>('calls a step', ({ callsPerStep }) => callsPerStep.toFixed(1)),
    column<Operator>('ms a step', ({ milliseconds }) => milliseconds.toFixed(3)),
    column<Operator>('share', ({ milliseconds }) => `${((100 * milliseconds) / total).toFixed(1)} %`)
  ]
  const sum: Operator = {
    type: 'all',
    callsPerStep: operators.reduce((all, one) => all + one.callsPerStep, 0),
    milliseconds: total
  }
  return formatTable(columns, [...shown, ...(small.length > 0 ? [rest] : []), sum])
}
