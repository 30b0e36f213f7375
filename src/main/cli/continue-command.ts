// `lab continue RUN`: goes on after the run's last complete epoch, on its own device or another.
import { LabError } from '@shared/errors'
import { epochsDone } from '@shared/run'
import { namingTheOption, type DeviceChoice } from './chosen-device'
import { findRun } from './find-run'
import type { CliHost } from './host'
import { train } from './follow-run'
import { withLab } from './with-lab'

export interface ContinueChoice extends DeviceChoice {
  json?: boolean
}

/** Answers with the exit code. Throws LabError if the run can't be continued. */
export async function continueRun(host: CliHost, name: string, choice: ContinueChoice): Promise<number> {
  const { device = null, json = false } = choice
  return withLab(host, async (lab) => {
    if (choice.threads !== undefined) lab.limitThreads(choice.threads)
    const id = await findRun(host, lab, name)
    const { file } = await lab.calls.openRun(id)
    return train({
      host,
      lab,
      experiment: file.experiment,
      json,
      epochsBefore: epochsDone(file),
      start: async () => {
        await lab.calls.continueRun(id, device).catch((error: unknown) => {
          throw namingTheOption(withFolderKept(error), choice)
        })
        return id
      }
    })
  })
}

/** A run goes on where it is: no other folder can be chosen for it. */
function withFolderKept(error: unknown): unknown {
  if (!(error instanceof LabError) || error.kind !== 'not-writable') return error
  const remedy = 'Let your account write there, or copy the run folder and continue the copy'
  return LabError.from({ ...error.data, remedy })
}
