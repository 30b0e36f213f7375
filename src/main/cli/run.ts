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
      throw out === null ? deviceError(error, device) : outError(deviceError(error, device), out)
    }
    return train({ host, lab, experiment, json, epochsBefore: null, start: () => start().catch(nameTheOption) })
  })
}

/** A device that can't be used names the option; the lab knows nothing of options. */
function deviceError(error: unknown, device: string): unknown {
  if (!(error instanceof LabError) || error.kind !== 'device-unavailable') return error
  const { problem, found, expected } = error.data
  // The problem of a device that is there says why it can't be used.
  const known =
    found === '' ? { found: device, expected: 'a device that can be used', remedy: problem } : { found, expected }
  return new LabError(error.kind, '--device is not usable', known)
}
