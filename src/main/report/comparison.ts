// What tells compared runs apart, and their results beside one another.
import { lossOf } from '@shared/experiment'
import { differencesOf } from '@shared/run-differences'
import { metricLabel, metricSense, resultRows } from '@shared/run-results'
import { seriesOf } from '@shared/series'
import { isSameData } from './best-of-runs'
import type { ParagraphsSection, TableSection } from './document'
import type { ReportedRun } from './report'
import { runNames } from './run-names'

const LONGEST_NAME = 26

const plain = (text: string, ...below: (string | false)[]) => ({
  text,
  strong: false,
  below: below.filter((line) => line !== false && line !== '') as string[]
})

/** One column a run; what all agree in is left out. */
export function differenceTable(runs: readonly ReportedRun[]): TableSection | ParagraphsSection {
  const rows = differencesOf(runs.map(({ file }) => file)).filter(({ isEqual }) => !isEqual)
  const heading = 'What differs'
  if (rows.length === 0) {
    return { kind: 'paragraphs', heading, paragraphs: ['The runs have the same recipe, data, device and seeds.'] }
  }
  return {
    kind: 'table',
    heading,
    caption: 'What tells the runs apart.',
    symbol: '',
    columns: runNames(runs, LONGEST_NAME),
    rows: rows.map(({ name, values }) => ({ name, colour: null, cells: values.map((value) => plain(value)) })),
    notes: []
  }
}

/** The first run's loss at each value of what is varied, one column a run, with the difference to the first that has it. */
export function resultTable(runs: readonly ReportedRun[]): TableSection {
  const [first] = runs as readonly [ReportedRun, ...ReportedRun[]]
  const key = lossOf(first.file.experiment)
  const views = runs.map(({ file }) => ({ view: { file }, series: seriesOf(file) }))
  const rows = resultRows(views, key)
  const isSame = isSameData(runs.map(({ file }) => file))
  return {
    kind: 'table',
    heading: 'Results',
    caption: [
      `${metricLabel(key)} on the test images, ${metricSense(key)}.`,
      ...(runs.some(({ file }) => file.experiment.seeds.length > 1)
        ? ['±: its standard deviation over the seeds.']
        : []),
      isSame
        ? 'Δ: the difference to the first run that has the value.'
        : 'The runs’ images are not the same, so that no differences are given.'
    ].join(' '),
    symbol: '',
    columns: runNames(runs, LONGEST_NAME),
    rows: rows.map(({ label, cells }) => ({
      name: label,
      colour: null,
      cells: cells.map((cell) =>
        cell
          ? plain(cell.text, cell.spread, isSame && cell.difference && `Δ ${cell.difference.replace('±', '')}`)
          : plain('')
      )
    })),
    notes: []
  }
}
