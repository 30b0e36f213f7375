// What a caller hands in is checked here once more, whatever the caller has checked.
import { isAbsolute } from 'node:path'
import * as v from 'valibot'
import { LabError } from '@shared/errors'
import { ExperimentSchema, type Experiment } from '@shared/experiment'
import { issueInWords } from '@shared/issue'
import { fileError } from '../system/atomic-write'
import { makeFolder } from '../system/make-folder'

const MOST_EPOCHS = 100 // of 12 models: 19 MB in one message

/** The experiment as the schema has it. Throws LabError `bad-value`: views and the command line check too, the lab relies on neither. */
export function checkExperiment(experiment: Experiment): Experiment {
  const result = v.safeParse(ExperimentSchema, experiment)
  if (result.success) return result.output
  const { name, found, expected } = issueInWords(result.issues[0])
  throw new LabError('bad-value', `The experiment can't be run with its ${name}`, { found, expected })
}

/** Throws LabError `bad-value` if a call asks for the reconstructions of too many epochs. */
export function checkEpochRange(firstEpoch: number, lastEpoch: number): void {
  const epochs = lastEpoch - firstEpoch + 1
  if (epochs <= MOST_EPOCHS) return
  throw new LabError('bad-value', 'The digits of so many epochs are not read at once', {
    found: String(epochs),
    expected: `at most ${MOST_EPOCHS}`
  })
}

/** Makes the runs folder where there is none yet. Throws LabError `bad-value` or `not-writable`. */
export async function makeRunsFolder(folder: string): Promise<void> {
  if (!isAbsolute(folder)) {
    throw new LabError('bad-value', 'The runs folder is not usable', { found: folder, expected: 'a whole path' })
  }
  await makeFolder(folder).catch((error: unknown) => {
    throw fileError(error, folder)
  })
}
