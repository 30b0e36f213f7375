// `lab run`: trains a new experiment to its end.
import { LabError } from '@shared/errors'
import { engineNames, type EngineName, type Experiment } from '@shared/experiment'
import type { CliHost } from './host'
import { checkOutFolder, outError } from './out-folder'
import { train } from './train'
import { withLab } from './with-lab'

export interface RunChoice {
  engine?: EngineName
  device?: string
  /** The run folder to make; absent: one among the other runs. */
  out?: string
  json?: boolean
}

/** Answers with the exit code. Throws LabError before anything is written if engine, device, data or folder can't be used. */
export async function run(host: CliHost, experiment: Experiment, choice: RunChoice): Promise<number> {
  const { engine = engineNames[0], device = 'cpu', json = false } = choice
  const out = choice.out === undefined ? null : await checkOutFolder(choice.out)
  return withLab(host, (lab) => {
    const start = () =>
      out === null ? lab.calls.startRun(experiment, engine, device) : lab.startRunAt(out, experiment, engine, device)
    const nameTheOption = (error: unknown): never => {
      throw out === null ? deviceError(error) : outError(deviceError(error), out)
    }
    return train({ host, lab, experiment, json, epochsBefore: null, start: () => start().catch(nameTheOption) })
  })
}

/** A device that is not there names the option, since the lab knows nothing of options. Why one that is there can't be used, the lab says. */
function deviceError(error: unknown): unknown {
  if (!(error instanceof LabError) || error.kind !== 'device-unavailable' || error.data.found === '') return error
  const { found, expected } = error.data
  return new LabError(error.kind, '--device is not usable', { found, expected })
}
