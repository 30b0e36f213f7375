// `lab run`: trains a new experiment to its end.
import { LabError } from '@shared/errors'
import { engineNames, type EngineName, type Experiment } from '@shared/experiment'
import type { CliHost } from './host'
import { checkOutFolder } from './out-folder'
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
    return train({ host, lab, experiment, json, isNew: true, start: () => start().catch(nameTheOption) })
  })
}

/** The lab knows nothing of options. */
function nameTheOption(error: unknown): never {
  if (!(error instanceof LabError) || error.kind !== 'device-unavailable') throw error
  throw LabError.from({ ...error.data, problem: `--device is not usable (${error.data.problem})` })
}
