// `--engine` and `--device`: their errors name the option, and the one wait that choosing may cost is announced.
import { devicesToMeasure } from '@shared/devices'
import { LabError } from '@shared/errors'
import type { EngineName } from '@shared/experiment'
import { formatPlural } from '@shared/format'
import type { Lab } from '../lab/lab'
import type { CliHost } from './host'

export interface DeviceChoice {
  engine?: EngineName
  device?: string
}

/** Says so where the lab is about to measure devices before it can choose. */
export async function announceMeasuring(host: CliHost, lab: Lab, { engine, device }: DeviceChoice): Promise<void> {
  if (device !== undefined) return
  const { devices } = await lab.calls.describe()
  const missing = devicesToMeasure(devices.filter((one) => (engine ?? one.engine) === one.engine))
  if (missing.length > 0)
    host.stderr.write(`Measuring ${formatPlural(missing.length, 'device')} once, to take the fastest …\n`)
}

/** An error of the choice with the option that is to blame; the lab knows nothing of options. */
export function namingTheOption(error: unknown, { engine, device }: DeviceChoice): unknown {
  if (!(error instanceof LabError) || error.kind !== 'device-unavailable') return error
  if (engine === undefined && device === undefined) return error
  const { found, expected, remedy } = error.data
  const given = device ?? engine ?? ''
  const problem = `--${device === undefined ? 'engine' : 'device'} is not usable`
  if (expected !== '') return new LabError(error.kind, problem, { found: given, expected, remedy })
  return new LabError(error.kind, problem, { found: found === '' ? given : `${given} – ${found}`, remedy })
}
