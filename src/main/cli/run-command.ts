// `lab run`: trains a new experiment to its end.
import { LabError } from '@shared/errors'
import type { DatasetInfo } from '@shared/run'
import type { Lab } from '../lab/lab'
import { announceMeasuring, namingTheOption, type DeviceChoice } from './chosen-device'
import { experimentOf, type RunValues } from './experiment-options'
import type { CliHost } from './host'
import { checkOutFolder, outError } from './out-folder'
import { train } from './follow-run'
import { withLab } from './with-lab'

export interface RunChoice extends DeviceChoice {
  /** The run folder to make; absent: one among the other runs. */
  out?: string
  json?: boolean
}

/** Answers with the exit code. Throws LabError before anything is written if device, data or folder can't be used. */
export async function run(host: CliHost, choice: RunValues & RunChoice): Promise<number> {
  const { device = null, json = false, data } = choice
  const known = data === undefined ? experimentOf(choice) : null
  const out = choice.out === undefined ? null : await checkOutFolder(choice.out)
  return withLab(host, async (lab) => {
    const experiment = known ?? experimentOf(choice, await datasetNamed(lab, data ?? ''))
    if (choice.threads !== undefined) lab.limitThreads(choice.threads)
    const start = () =>
      out === null ? lab.calls.startRun(experiment, device) : lab.startRunAt(out, experiment, device)
    const nameTheOption = (error: unknown): never => {
      const named = namingTheOption(error, choice)
      throw out === null ? named : outError(named, out)
    }
    const begin = async () => {
      if (!json) await announceMeasuring(host, lab, choice)
      return start()
    }
    return train({ host, lab, experiment, json, epochsBefore: null, start: () => begin().catch(nameTheOption) })
  })
}

/** Throws LabError where there is no data set of that name. */
async function datasetNamed(lab: Lab, name: string): Promise<DatasetInfo> {
  const { datasets } = await lab.calls.listDatasets()
  const found = datasets.find((one) => one.name === name)
  if (found) return found
  const expected = `one of ${datasets.map((one) => one.name).join(', ')}`
  throw new LabError('bad-value', '--data is not usable', { found: name, expected })
}
