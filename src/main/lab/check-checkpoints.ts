// Whether the checkpoints of a run are whole, and what a damaged one costs: often an epoch, or nothing.
import { LabError } from '@shared/errors'
import { modelsOf } from '@shared/experiment'
import { formatCount, formatPlural } from '@shared/format'
import { epochsDone, isUnmeasured, type RunFile } from '@shared/run'
import { exists } from '../system/exists'
import { isReadFailure } from '../system/regular-file'
import { readCheckpoint } from '../trainer/checkpoint'
import { CHECKPOINT } from '../trainer/safetensors'
import { lossesOf } from './run-file'
import type { RunFolderFiles } from './run-folder'

/** Throws LabError where a checkpoint should be and none is, or it is damaged, or ends before run.json does. */
export async function checkCheckpoint(files: RunFolderFiles, file: RunFile): Promise<string> {
  const { checkpoint: path, previousCheckpoint } = files
  const done = epochsDone(file)
  if (!(await exists(path))) {
    if (done === 0) return 'none before the first epoch has ended'
    const before = await epochsIn(previousCheckpoint, file).catch(() => 0)
    if (before >= done) return `cut off while it was written; the one before has all of ${formatPlural(done, 'epoch')}`
  }
  const epochs = await epochsIn(path, file).catch(async (error: unknown) => {
    throw await withWhatItCosts(error, previousCheckpoint, file)
  })
  if (epochs >= done) return `after epoch ${formatCount(epochs)}`
  throw new LabError('bad-file', `The checkpoint ${path} is older than run.json`, {
    found: formatPlural(epochs, 'epoch'),
    expected: formatCount(done),
    remedy: isDone(file) ? COSTS_NOTHING : `Continuing goes on from it, after epoch ${formatCount(epochs)}`
  })
}

export async function checkPrevious(path: string, file: RunFile): Promise<string> {
  return `after epoch ${formatCount(await epochsIn(path, file))}, kept until the last checkpoint is proved whole`
}

const COSTS_NOTHING = 'The results are not affected, and nothing is left to train; only its weights are lost'

const isDone = (file: RunFile) => file.status === 'finished' && !isUnmeasured(file)

/** The error of a last checkpoint that can't be used, with what it costs in the place of starting anew, where that is less. */
async function withWhatItCosts(error: unknown, previous: string, file: RunFile): Promise<unknown> {
  if (!(error instanceof LabError) || error.kind === 'not-supported' || isReadFailure(error)) return error
  if (isDone(file)) return LabError.from({ ...error.data, remedy: COSTS_NOTHING })
  const epochs = await epochsIn(previous, file).catch(() => null)
  const remedy =
    epochs === null
      ? error.data.remedy || (CHECKPOINT.remedy ?? '')
      : `Continuing goes on from the one before, after epoch ${formatCount(epochs)}`
  return LabError.from({ ...error.data, remedy })
}

async function epochsIn(path: string, file: RunFile): Promise<number> {
  const { experiment, dataset } = file
  const models = modelsOf(experiment, dataset.rows * dataset.columns)
  const recorded = lossesOf(file)
  return (await readCheckpoint(path, { experiment, models, datasetSha256: dataset.sha256, recorded })).history.length
}
