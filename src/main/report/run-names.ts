// What compared runs are called in headings, tables and sentences: short enough, and no two alike.
import { cutText } from '@shared/cut-text'
import type { ReportedRun } from './report'

/** The runs' names in their order, cut to `longest` characters; those that look alike are numbered, `MNIST (1)`. */
export function runNames(runs: readonly Pick<ReportedRun, 'file'>[], longest = Infinity): string[] {
  const names = runs.map(({ file }) => cutText(file.experiment.name, longest))
  return names.map((name, index) => {
    const alike = names.flatMap((other, place) => (other === name ? [place] : []))
    return alike.length > 1 ? `${name} (${alike.indexOf(index) + 1})` : name
  })
}
