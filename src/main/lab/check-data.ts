// Whether the data set of a run is still there, and still what the run was trained on.
import { LabError, toLabErrorData, type LabErrorData } from '@shared/errors'
import type { DatasetInfo, RunFile } from '@shared/run'
import { builtInDataset } from '../data/dataset'

type InfoOf = (dataset: string) => Promise<DatasetInfo>
type RunData = Pick<RunFile, 'dataset' | 'experiment'>

/** Throws LabError `not-found` where a run's data set is gone, and `bad-file` where another bears its name. */
export async function checkData({ dataset, experiment }: RunData, infoOf: InfoOf): Promise<void> {
  const name = experiment.dataset
  if (builtInDataset(name)) return // the application's own never changes
  const now = await infoOf(name).catch((error: unknown) => {
    if (!(error instanceof LabError) || error.kind !== 'not-found') throw error
    throw new LabError('not-found', `The data set ${name} of the run is not here any more`, {
      remedy: `Add the same data under the name ${name} again to go on with the run`
    })
  })
  if (now.sha256 === dataset.sha256) return
  throw new LabError('bad-file', `The data set ${name} is not the one that the run was trained on`, {
    found: `SHA-256 ${now.sha256}`,
    expected: `SHA-256 ${dataset.sha256}`,
    remedy: 'Add the former data under that name again, or start the experiment anew'
  })
}

/** The same as data; null where nothing is wrong. */
export async function dataProblemOf(run: RunData, infoOf: InfoOf): Promise<LabErrorData | null> {
  return checkData(run, infoOf).then(() => null, toLabErrorData) // prettier-ignore
}
