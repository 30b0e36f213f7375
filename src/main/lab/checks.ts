// What a caller hands in is checked here once more, before anything is made.
import { mkdir } from 'node:fs/promises'
import { isAbsolute } from 'node:path'
import * as v from 'valibot'
import { LabError } from '@shared/errors'
import { ExperimentSchema, type Experiment } from '@shared/experiment'
import { fileError } from '../system/atomic-write'

/** The experiment as the schema has it. Throws LabError `bad-value`: views and the command line check too, the lab relies on neither. */
export function checkExperiment(experiment: Experiment): Experiment {
  const result = v.safeParse(ExperimentSchema, experiment)
  if (result.success) return result.output
  const [issue] = result.issues
  const [name, expected] = issue.message.split(': expected ')
  throw new LabError('bad-value', `The experiment can't be run, its ${name ?? 'content'} is not usable`, {
    found: typeof issue.input === 'object' ? (JSON.stringify(issue.input) ?? '') : String(issue.input),
    expected: expected ?? ''
  })
}

/** Makes the folder. Throws LabError `bad-value` or `not-writable`. */
export async function checkRunsFolder(folder: string): Promise<void> {
  if (!isAbsolute(folder)) {
    throw new LabError('bad-value', 'The runs folder is not usable', { found: folder, expected: 'a whole path' })
  }
  await mkdir(folder, { recursive: true }).catch((error: unknown) => {
    throw fileError(error, folder)
  })
}
