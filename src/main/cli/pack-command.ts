// `lab pack RUN` and `lab import PATH`: a run as one file, and back.
import { resolve } from 'node:path'
import { ARCHIVE_EXTENSION } from '@shared/archive'
import type { ImportedRun } from '@shared/contract'
import { usableStem } from '@shared/file-stem'
import { plainText } from '@shared/plain-text'
import { packRun } from '../lab/pack-run'
import { cancellable, followProgress, INTERRUPTED } from './cancellable'
import { findRun } from './find-run'
import type { CliHost } from './host'
import { outError } from './out-folder'
import { withLab } from './with-lab'

export interface PackOptions {
  out?: string
  withWeights?: true
  withAnalyses?: true
  force?: true
}

/** Writes the run as one file, by its id in the folder at hand where `out` names none, and prints its path. Answers with the exit code. Throws LabError. */
export async function pack(host: CliHost, name: string, options: PackOptions): Promise<number> {
  const { out, withWeights = false, withAnalyses = false, force = false } = options
  const packed = await withLab(host, async (lab) => {
    const id = await findRun(host, lab, name)
    const path = resolve(out ?? `${usableStem(id)}.${ARCHIVE_EXTENSION}`)
    const choice = { weights: withWeights, analyses: withAnalyses, force }
    return cancellable(host, 'Packing', async (tools) => {
      await packRun(lab.folderOf(id), path, choice, tools).catch((error: unknown) => {
        throw outError(error, path)
      })
      return path
    })
  })
  if (packed === null) return INTERRUPTED
  host.stdout.write(`${host.stdout.isTTY ? plainText(packed) : packed}\n`) // a script needs the path as it is
  return 0
}

/** Takes a file or a run folder into the runs folder, prints the run's id, and says what of it is not whole. Answers with the exit code. Throws LabError. */
export async function importFrom(host: CliHost, path: string): Promise<number> {
  const imported = await withLab(host, (lab) =>
    cancellable(host, 'Importing', ({ signal, onProgress }) => {
      followProgress(lab, 'importProgress', onProgress)
      signal.addEventListener('abort', () => void lab.calls.cancelImport())
      return lab.calls.importRun(resolve(path))
    })
  )
  if (imported === null) return INTERRUPTED
  tell(host, imported)
  return 0
}

function tell({ stdout, stderr }: CliHost, { id, problems, isThere }: ImportedRun): void {
  if (isThere) stderr.write('The run is there already.\n')
  for (const { part, detail } of problems) stderr.write(`${plainText(`${part}: ${detail}`)}\n`)
  stdout.write(`${id}\n`)
}
