// `lab runs`: the runs of this user, newest first.
import { formatPercent } from '@shared/format'
import type { RunSummary } from '@shared/run'
import type { CliHost } from './host'
import { writeJsonLine } from './progress'
import { formatTable, type Column } from './table'
import { withLab } from './with-lab'

const columns: Column<RunSummary>[] = [
  { title: 'id', align: 'left', text: (run) => run.id },
  { title: 'state', align: 'left', text: (run) => run.state },
  { title: 'epochs', align: 'right', text: (run) => `${run.epochsDone}/${run.epochs}` },
  { title: 'device', align: 'left', text: (run) => run.device },
  { title: 'gap closed, least … most', align: 'right', text: gapClosed },
  { title: 'name', align: 'left', text: (run) => run.name }
]

export async function listRuns(host: CliHost, json: boolean): Promise<void> {
  const runs = await withLab(host, (lab) => lab.calls.listRuns())
  if (json) runs.forEach((run) => writeJsonLine(host.stdout, run))
  else if (runs.length === 0) host.stdout.write(`There are no runs yet; ${host.program} run makes one\n`)
  else host.stdout.write(formatTable(columns, runs))
}

/** By the series that closed least to the one that closed most: what is varied need not have an order. */
function gapClosed({ gapClosed: shares }: RunSummary): string {
  const sorted = [...shares].sort((a, b) => a - b)
  const [least, most] = [sorted[0], sorted[sorted.length - 1]].map(formatPercent)
  return shares.length > 1 ? `${least} … ${most}` : `${least}`
}
