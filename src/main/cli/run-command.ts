// `lab run`: trains a new experiment to its end.
import type { Experiment } from '@shared/experiment'
import { announceMeasuring, namingTheOption, type DeviceChoice } from './chosen-device'
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
export async function run(host: CliHost, experiment: Experiment, choice: RunChoice): Promise<number> {
  const { device = null, json = false } = choice
  const out = choice.out === undefined ? null : await checkOutFolder(choice.out)
  return withLab(host, async (lab) => {
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
