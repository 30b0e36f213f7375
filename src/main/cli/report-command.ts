// `lab report RUN [RUN…]`: writes the PDF of a run, or of several compared, and prints where it is.
import { resolve } from 'node:path'
import { LabError } from '@shared/errors'
import { plainText } from '@shared/plain-text'
import { MOST_REPORTED, type ReportFile } from '@shared/report-options'
import { checkOutputFile, refuseToReplace, writeOutputFile } from '../lab/output-file'
import { runFolderFiles } from '../lab/run-folder'
import type { Lab } from '../lab/lab'
import { CLEAR_LINE } from './cancellable'
import { findRun } from './find-run'
import type { CliHost } from './host'
import { outError } from './out-folder'
import { reportOptionsOf, type ReportValues } from './report-options'
import { withLab } from './with-lab'

/** What is made sooner needs no word meanwhile. */
const UNTOLD_MILLISECONDS = 2000

/** Writes report.pdf into the folder of a single run, or the file `out` alone if given. Throws LabError. */
export async function writeReport(host: CliHost, names: readonly string[], values: ReportValues): Promise<void> {
  const { out, source, force = false } = values
  if (source && out === undefined) {
    throw new LabError('bad-value', 'A report’s source belongs to no run folder', { expected: '--out <file.zip>' })
  }
  if (names.length > 1 && out === undefined) {
    throw new LabError('bad-value', 'A comparison belongs to no run folder', { expected: '--out <file>' })
  }
  if (names.length > MOST_REPORTED) {
    throw new LabError('bad-value', 'So many runs do not fit into one report', {
      found: `${names.length} runs`,
      expected: `at most ${MOST_REPORTED}`
    })
  }
  const path = await withLab(host, async (lab) => {
    const ids: string[] = []
    for (const name of names) ids.push(await findRun(host, lab, name))
    const options = reportOptionsOf(values)
    const [id] = ids
    const form = source ? 'source' : 'pdf'
    const making =
      out !== undefined
        ? writeElsewhere(lab, ids, options, { path: resolve(out), force }, form)
        : lab.writeReport(id ?? '', options).catch(nameOut)
    return toldIfLong(host, making)
  })
  host.stdout.write(`${host.stdout.isTTY ? plainText(path) : path}\n`) // a script needs the path as it is
}

/** On a terminal, what takes long is told while it lasts. */
async function toldIfLong<T>({ stderr }: CliHost, making: Promise<T>): Promise<T> {
  if (!stderr.isTTY) return making
  let isTold = false
  const timer = setTimeout(() => {
    isTold = true
    stderr.write('Making the report …')
  }, UNTOLD_MILLISECONDS)
  try {
    return await making
  } finally {
    clearTimeout(timer)
    if (isTold) stderr.write(CLEAR_LINE)
  }
}

type Options = ReturnType<typeof reportOptionsOf>

async function writeElsewhere(
  lab: Lab,
  ids: string[],
  options: Options,
  { path, force }: { path: string; force: boolean },
  form: ReportFile
): Promise<string> {
  const named = (error: unknown) => {
    throw outError(error, path)
  }
  const folders = ids.map((id) => lab.folderOf(id))
  for (const folder of folders) await checkOutputFile(path, folder).catch(named) // before a second of drawing
  if (!force && !folders.some((folder) => path === runFolderFiles(folder).report)) {
    await refuseToReplace(path, 'another name')
  }
  const report = await lab.calls.exportReport(ids, options, form)
  await writeOutputFile(path, report, folders[0] ?? '').catch(named)
  return path
}

/** The run folder may lie where nothing can be written. */
function nameOut(error: unknown): never {
  if (!(error instanceof LabError) || error.kind !== 'not-writable') throw error
  throw new LabError(error.kind, error.data.problem, { ...error.data, remedy: 'Name another file with --out' })
}
