// What tells compared runs apart, and their results beside one another.
import { cutText } from '@shared/cut-text'
import { lossOf } from '@shared/experiment'
import { differencesOf } from '@shared/run-differences'
import { metricLabel, metricSense, resultRows } from '@shared/run-results'
import { seriesOf } from '@shared/series'
import type { TableSection } from './document'
import type { ReportedRun } from './report'

const LONGEST_NAME = 26

const headsOf = (runs: readonly ReportedRun[]) => runs.map(({ file }) => cutText(file.experiment.name, LONGEST_NAME))
const plain = (text: string, below = '') => ({ text, strong: false, below })

/** One column a run; what all agree in is left out. */
export function differenceTable(runs: readonly ReportedRun[]): TableSection {
  const rows = differencesOf(runs.map(({ file }) => file)).filter(({ isEqual }) => !isEqual)
  return {
    kind: 'table',
    heading: 'What differs',
    caption: rows.length > 0 ? 'What tells the runs apart.' : 'The runs have the same recipe, data, device and seeds.',
    symbol: '',
    columns: headsOf(runs),
    rows: rows.map(({ name, values }) => ({ name, colour: null, cells: values.map((value) => plain(value)) })),
    notes: []
  }
}

/** The first run's loss of each value of what is varied, one column a run, with the difference to the first that has it. */
export function resultTable(runs: readonly ReportedRun[]): TableSection {
  const [first] = runs as readonly [ReportedRun, ...ReportedRun[]]
  const key = lossOf(first.file.experiment)
  const views = runs.map(({ file }) => ({ view: { file }, series: seriesOf(file) }))
  const rows = resultRows(views, key)
  return {
    kind: 'table',
    heading: 'Results',
    caption: `${metricLabel(key)} on the test images, ${metricSense(key)}; below it the difference to the first run that has the value.`,
    symbol: '',
    columns: headsOf(runs),
    rows: rows.map(({ label, cells }) => ({
      name: label,
      colour: null,
      cells: cells.map((cell) => (cell ? plain(`${cell.text} ${cell.spread}`.trim(), cell.difference) : plain('')))
    })),
    notes: []
  }
}
