// `lab report RUN`: writes the PDF and prints where it is.
import { join, resolve } from 'node:path'
import { atomicWrite } from '../system/atomic-write'
import { findRun } from './find-run'
import type { CliHost } from './host'
import { outError } from './out-folder'
import { withLab } from './with-lab'

/** Writes report.pdf into the run folder, or only the file `out` if given. Throws LabError. */
export async function writeReport(host: CliHost, name: string, out: string | undefined): Promise<void> {
  const path = await withLab(host, async (lab) => {
    const id = await findRun(host, lab, name)
    const pdf = await lab.calls.exportReport(id)
    if (out === undefined) return join(lab.folderOf(id), 'report.pdf')
    await atomicWrite(resolve(out), pdf).catch((error: unknown) => {
      throw outError(error, resolve(out))
    })
    return resolve(out)
  })
  host.stdout.write(`${path}\n`)
}
