// `lab report RUN`: writes the PDF and prints where it is.
import { resolve } from 'node:path'
import { LabError } from '@shared/errors'
import { plainText } from '@shared/plain-text'
import { checkOutputFile, writeOutputFile } from '../lab/output-file'
import type { Lab } from '../lab/lab'
import { findRun } from './find-run'
import type { CliHost } from './host'
import { outError } from './out-folder'
import { withLab } from './with-lab'

/** Writes report.pdf into the run folder, or the file `out` alone if given. Throws LabError. */
export async function writeReport(host: CliHost, name: string, out: string | undefined): Promise<void> {
  const path = await withLab(host, async (lab) => {
    const id = await findRun(host, lab, name)
    return out === undefined ? lab.writeReport(id).catch(nameOut) : writeElsewhere(lab, id, resolve(out))
  })
  host.stdout.write(`${host.stdout.isTTY ? plainText(path) : path}\n`) // a script needs the path as it is
}

async function writeElsewhere(lab: Lab, id: string, path: string): Promise<string> {
  const named = (error: unknown) => {
    throw outError(error, path)
  }
  await checkOutputFile(path, lab.folderOf(id)).catch(named) // before a second of drawing
  const pdf = await lab.calls.exportReport(id)
  await writeOutputFile(path, pdf, lab.folderOf(id)).catch(named)
  return path
}

/** The run folder may lie where nothing can be written. */
function nameOut(error: unknown): never {
  if (!(error instanceof LabError) || error.kind !== 'not-writable') throw error
  throw new LabError(error.kind, error.data.problem, { ...error.data, remedy: 'Name another file with --out' })
}
