// `lab export RUN`: writes models, codes and code for other tools into a folder, all files or none, and prints their paths.
import { resolve } from 'node:path'
import type { ExportChoices, ExportedFile } from '@shared/exports'
import { nameOfModel } from '@shared/experiment'
import { plainText } from '@shared/plain-text'
import { exportKeys } from '../lab/exports'
import { beginFiles } from '../lab/new-files'
import { cancellable, INTERRUPTED } from './cancellable'
import { findRun } from './find-run'
import type { CliHost } from './host'
import { unusable } from './usage-error'
import { withLab } from './with-lab'

export interface ExportOptions {
  what?: string
  out?: string
  model?: string
  force?: true
}

/** Answers with the exit code: 0, or 130 where it was interrupted, and nothing is left then. Throws LabError. */
export async function exportRun(host: CliHost, name: string, options: ExportOptions): Promise<number> {
  const formats = listed('--what', options.what ?? '', exportKeys)
  if (!options.out) throw unusable('--out', '', 'a folder for the files')
  const folder = resolve(options.out)
  const paths = await withLab(host, async (lab) => {
    const id = await findRun(host, lab, name)
    const choices = await lab.calls.exportChoices(id)
    const models = options.model === undefined ? null : modelsNamed(options.model, choices)
    const names = namesOf(choices, formats, models)
    const files = await beginFiles(folder, names, options.force === true, lab.folderOf(id))
    return cancellable(host, 'Exporting', async ({ signal, onProgress }) => {
      let made = ''
      const take = async (file: ExportedFile) => {
        made = file.name
        await files.write(file)
      }
      try {
        const tools = { signal, take, onProgress: (done: number, total: number) => onProgress(done, total, made) }
        await lab.exportTo(id, { formats, models }, tools)
        return await files.place()
      } catch (error) {
        await files.discard()
        throw error
      }
    })
  })
  if (paths === null) return INTERRUPTED
  for (const path of paths) host.stdout.write(`${host.stdout.isTTY ? plainText(path) : path}\n`)
  return 0
}

/** Names separated by commas, each once. Throws LabError `bad-value`. */
function listed(flag: string, text: string, known: readonly string[]): string[] {
  const names = text.split(',').map((name) => name.trim()).filter(Boolean) // prettier-ignore
  const wrong = names.find((name) => !known.includes(name))
  if (wrong !== undefined || names.length === 0) {
    throw unusable(flag, text, `some of ${known.join(', ')}, separated by commas`, '', wrong)
  }
  return known.filter((name) => names.includes(name))
}

/** `d=16` names the models of all seeds, where there are several. */
function modelsNamed(text: string, { models }: ExportChoices): string[] {
  const series = [...new Set(models.map(nameOfModel))]
  const named = listed('--model', text, [...new Set([...series, ...models])])
  return models.filter((id) => named.includes(id) || named.includes(nameOfModel(id)))
}

function namesOf(
  { models, formats }: ExportChoices,
  keys: readonly string[],
  chosen: readonly string[] | null
): string[] {
  return formats
    .filter(({ key }) => keys.includes(key))
    .flatMap(({ of, made }) =>
      made
        .filter((_, index) => of === 'run' || !chosen || chosen.includes(models[index] ?? ''))
        .flatMap(({ files }) => files)
    )
}
