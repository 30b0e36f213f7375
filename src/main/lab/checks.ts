// What a caller hands in is checked here once more, whatever the caller has checked.
import { isAbsolute } from 'node:path'
import * as v from 'valibot'
import { LabError } from '@shared/errors'
import { ExperimentSchema, hyperparametersAt, valuesOf, type Experiment } from '@shared/experiment'
import { formatBytes, formatCount } from '@shared/format'
import { hyperparameters, type HyperparameterKey } from '@shared/hyperparameters'
import { issueInWords } from '@shared/issue'
import { digitBytes, epochsDone, type DatasetInfo, type RunFile } from '@shared/run'
import { fileError } from '../system/atomic-write'
import { makeFolder } from '../system/make-folder'
import { availableMemory } from '../system/available-memory'
import { memoryOf } from './memory-estimate'

const MOST_EPOCHS_A_CALL = 100 // of 12 models: 19 MB in one message
const MOST_DIGIT_BYTES = 32 * 1024 * 1024 // 16 epochs of 128 models, which is what a view asks for

/**
 * The experiment as the schema has it, fit for its data set. Throws LabError `bad-value`: views and the command line check too, the lab
 * relies on neither.
 */
export function checkExperiment(given: Experiment, dataset: DatasetInfo): Experiment {
  const result = v.safeParse(ExperimentSchema, given)
  if (!result.success) {
    const { name, found, expected } = issueInWords(result.issues[0])
    throw unfit(name, found, expected)
  }
  const experiment = result.output
  for (const value of valuesOf(experiment)) {
    const own = hyperparametersAt(experiment, value)
    checkAtMost('latentDim', own.latentDim, dataset.rows * dataset.columns)
    checkAtMost('trainLimit', own.trainLimit, dataset.trainCount)
  }
  return experiment
}

function checkAtMost(key: HyperparameterKey, value: number, most: number): void {
  if (value <= most) return
  throw unfit(hyperparameters[key].label.toLowerCase(), String(value), `a whole number from 1 to ${formatCount(most)}`)
}

const unfit = (name: string, found: string, expected: string) =>
  new LabError('bad-value', `The experiment can’t be run with its ${name}`, { found, expected })

/** Throws LabError `out-of-memory` where training a checked experiment on `device` would take too much of this machine's memory. */
export function checkFits(experiment: Experiment, device: string, dataset: DatasetInfo): void {
  checkMemory(memoryOf(experiment, device, dataset), availableMemory())
}

/** Throws LabError `out-of-memory` where an experiment would take more than half of the memory there is. Both in bytes. */
export function checkMemory(needed: number, available: number): void {
  if (needed <= available / 2) return
  throw new LabError('out-of-memory', 'The experiment would take more than half of this machine’s memory', {
    found: `an estimate of ${formatBytes(needed)}`,
    expected: `at most ${formatBytes(available / 2)}`,
    remedy: 'Choose fewer or smaller models'
  })
}

/** Throws LabError `bad-value` if a call asks for the reconstructions of too many epochs. */
export function checkEpochRange(firstEpoch: number, lastEpoch: number): void {
  const epochs = lastEpoch - firstEpoch + 1
  if (epochs <= MOST_EPOCHS_A_CALL) return
  throw new LabError(
    'bad-value',
    `The reconstructions of more than ${MOST_EPOCHS_A_CALL} epochs can’t be read at once`,
    {
      found: String(epochs),
      expected: `at most ${MOST_EPOCHS_A_CALL}`
    }
  )
}

/** Throws LabError `bad-value` where the digits of so many epochs make an answer of more than 32 MiB. */
export function checkDigitBytes(file: RunFile, firstEpoch: number, lastEpoch: number): void {
  const epochs = Math.min(lastEpoch, epochsDone(file)) - firstEpoch + 1
  const most = Math.max(1, Math.floor(MOST_DIGIT_BYTES / digitBytes(file)))
  if (epochs <= most) return
  throw new LabError('bad-value', 'The reconstructions of so many epochs can’t be read at once', {
    found: `${epochs} epochs of ${file.models.length} models`,
    expected: `at most ${most} epochs of this run`
  })
}

/** Makes the runs folder where there is none yet. Throws LabError `bad-value` or `not-writable`. */
export async function makeRunsFolder(folder: string): Promise<void> {
  if (!isAbsolute(folder)) {
    throw new LabError('bad-value', 'The runs folder is not usable', { found: folder, expected: 'an absolute path' })
  }
  await makeFolder(folder).catch((error: unknown) => {
    throw fileError(error, folder)
  })
}
