// `lab check RUN`: whether each part of a run is whole. Writes nothing.
import { checkRun, type CheckedPart } from '../lab/check-run'
import { findRunFolder } from './find-run'
import type { CliHost } from './host'
import { writeJsonLine } from './progress'
import { formatTable, type Column } from './table'
import { withLab } from './with-lab'

const columns: Column<CheckedPart>[] = [
  { title: 'part', align: 'left', text: ({ part }) => part },
  { title: 'whole', align: 'left', text: ({ whole }) => (whole === null ? 'unknown' : whole ? 'yes' : 'no') },
  { title: 'detail', align: 'left', text: ({ detail }) => detail }
]

/** Answers with the exit code: 0 if every part is whole. Throws LabError `not-found` or `bad-value` where there is no such run. */
export async function checkRunParts(host: CliHost, name: string, json: boolean): Promise<number> {
  const folder = await withLab(host, (lab) => findRunFolder(host, lab, name))
  const parts = await checkRun(folder)
  if (json) parts.forEach((part) => writeJsonLine(host.stdout, part))
  else host.stdout.write(formatTable(columns, parts))
  return parts.every(({ whole }) => whole === true) ? 0 : 1
}
