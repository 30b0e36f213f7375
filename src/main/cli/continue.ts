// `lab continue RUN`: goes on after the run's last complete epoch.
import { epochsDone } from '@shared/run'
import { findRun } from './find-run'
import type { CliHost } from './host'
import { train } from './train'
import { withLab } from './with-lab'

/** Answers with the exit code. Throws LabError if the run can't be continued. */
export async function continueRun(host: CliHost, name: string, json: boolean): Promise<number> {
  return withLab(host, async (lab) => {
    const id = await findRun(lab, name)
    const { file } = await lab.calls.openRun(id)
    return train({
      host,
      lab,
      experiment: file.experiment,
      json,
      epochsBefore: epochsDone(file),
      start: async () => {
        await lab.calls.continueRun(id)
        return id
      }
    })
  })
}
