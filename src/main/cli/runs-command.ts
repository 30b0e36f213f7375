// `lab runs`: the runs of this user, newest first, all or those that a search finds.
import { divergedText } from '@shared/divergence'
import { LabError, toLabErrorData } from '@shared/errors'
import { formatPercent, formatPlural } from '@shared/format'
import type { RunSummary } from '@shared/run'
import { matchesSearch } from '@shared/run-search'
import { modelRecords, modelsCsv, type TableRun } from '../export/model-table'
import type { Lab } from '../lab/lab'
import { readRunFile } from '../lab/run-folder'
import type { CliHost } from './host'
import { writeJsonLine } from './progress'
import { formatTable, type Column } from './table'
import { errorLine } from './usage-error'
import { withLab } from './with-lab'

const columns: Column<RunSummary>[] = [
  { title: 'id', align: 'left', text: (run) => run.id },
  { title: 'state', align: 'left', text: (run) => run.state },
  { title: 'epochs', align: 'right', text: (run) => `${run.epochsDone}/${run.epochs}` },
  { title: 'device', align: 'left', text: (run) => run.device },
  { title: 'gap closed, least … most', align: 'right', text: gapClosed },
  { title: 'name', align: 'left', text: (run) => run.name }
]
const tags: Column<RunSummary> = {
  title: 'tags',
  align: 'left',
  text: (run) => run.tags.map((tag) => `#${tag}`).join(' ')
}

export interface RunsChoice {
  json?: true
  models?: true
  csv?: true
  search?: string
  tag?: string
}

/** What can't be read goes to stderr, with the reason. Throws LabError. */
export async function listRuns(host: CliHost, choice: RunsChoice = {}): Promise<void> {
  checkChoice(choice)
  await withLab(host, (lab) => list(host, lab, choice))
}

async function list(host: CliHost, lab: Lab, { json, models, csv, search, tag }: RunsChoice): Promise<void> {
  const [all, unreadable] = await Promise.all([lab.calls.listRuns(), lab.calls.listUnreadable()])
  const wanted = [search ?? '', ...(tag === undefined ? [] : [`#${tag.replace(/^#/, '')}`])].join(' ')
  const runs = all.filter((run) => matchesSearch(run, wanted))
  for (const { error } of unreadable) host.stderr.write(`${errorLine(error)}\n`)
  if (csv) host.stdout.write(modelsCsv(await tableRuns(host, lab, runs)))
  else if (models)
    (await tableRuns(host, lab, runs)).flatMap(modelRecords).forEach((one) => writeJsonLine(host.stdout, one))
  else if (json) runs.forEach((run) => writeJsonLine(host.stdout, run))
  else if (all.length > 0 && runs.length === 0)
    host.stdout.write(`None of ${formatPlural(all.length, 'run')} matches\n`)
  else if (runs.length === 0 && unreadable.length > 0) return
  else if (runs.length === 0) host.stdout.write(`There are no runs yet; ${host.program} run makes one\n`)
  else host.stdout.write(formatTable(runs.some((run) => run.tags.length > 0) ? [...columns, tags] : columns, runs))
}

function checkChoice({ json, models, csv }: RunsChoice): void {
  const refuse = (problem: string, remedy: string) => new LabError('bad-value', problem, { remedy })
  if (csv && (json || models)) throw refuse('--csv stands alone', 'Leave out --json and --models')
  if (models && !json) throw refuse('--models is for --json', 'Add --json, or take --csv')
}

/** The same runs with all that their files say. One that can't be read any more is told. */
async function tableRuns(host: CliHost, lab: Lab, runs: readonly RunSummary[]): Promise<TableRun[]> {
  const read: TableRun[] = []
  for (const { id, state, tags, note } of runs) {
    const file = await readRunFile(lab.folderOf(id)).catch((error: unknown) => {
      host.stderr.write(`${errorLine(toLabErrorData(error))}\n`)
    })
    if (file) read.push({ file, state, tags, note })
  }
  return read
}

/** Whether any has diverged, else by the series that closed least to the one that closed most: what is varied need not have an order. */
function gapClosed({ gapClosed: shares, diverged, series }: RunSummary): string {
  if (diverged.length > 0) return divergedText(diverged.length, series.length)
  const sorted = [...shares].sort((a, b) => a - b)
  const [least, most] = [sorted[0], sorted[sorted.length - 1]].map(formatPercent)
  return shares.length > 1 ? `${least} … ${most}` : `${least}`
}
