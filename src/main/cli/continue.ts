// `lab continue RUN`: goes on after the run's last complete epoch, on its own device or another.
import { epochsDone } from '@shared/run'
import { announceMeasuring, namingTheOption, type DeviceChoice } from './chosen-device'
import { findRun } from './find-run'
import type { CliHost } from './host'
import { train } from './train'
import { withLab } from './with-lab'

export interface ContinueChoice extends DeviceChoice {
  json?: boolean
  /** Megabytes; absent: as the settings say. */
  memoryBudget?: number
}

/** Answers with the exit code. Throws LabError if the run can't be continued. */
export async function continueRun(host: CliHost, name: string, choice: ContinueChoice): Promise<number> {
  const { engine = null, device = null, json = false } = choice
  return withLab(host, async (lab) => {
    if (choice.memoryBudget !== undefined) lab.limitMemory(choice.memoryBudget)
    const id = await findRun(host, lab, name)
    const { file } = await lab.calls.openRun(id)
    if (engine !== null) await announceMeasuring(host, lab, choice)
    return train({
      host,
      lab,
      experiment: file.experiment,
      json,
      epochsBefore: epochsDone(file),
      start: async () => {
        await lab.calls.continueRun(id, engine, device).catch((error: unknown) => {
          throw namingTheOption(error, choice)
        })
        return id
      }
    })
  })
}
