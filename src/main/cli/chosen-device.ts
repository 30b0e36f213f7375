// `--device`: its errors name the option, and the one wait that choosing may cost is announced.
import { devicesToMeasure } from '@shared/devices'
import { LabError } from '@shared/errors'
import { formatPlural } from '@shared/format'
import type { Lab } from '../lab/lab'
import type { CliHost } from './host'

export interface DeviceChoice {
  device?: string
  /** At most so many threads. */
  threads?: number
}

/** Says so where the lab is about to measure devices before it can choose. */
export async function announceMeasuring(host: CliHost, lab: Lab, { device }: DeviceChoice): Promise<void> {
  if (device !== undefined) return
  const { devices } = await lab.calls.describe()
  const missing = devicesToMeasure(devices)
  if (missing.length > 0)
    host.stderr.write(`Measuring ${formatPlural(missing.length, 'device')} once, to take the fastest …\n`)
}

/** An error of the choice with the option that is to blame; the lab knows nothing of options. */
export function namingTheOption(error: unknown, { device }: DeviceChoice): unknown {
  if (!(error instanceof LabError) || error.kind !== 'device-unavailable' || device === undefined) return error
  const { found, expected, remedy } = error.data
  const problem = '--device is not usable'
  if (expected !== '') return new LabError(error.kind, problem, { found: device, expected, remedy })
  return new LabError(error.kind, problem, { found: found === '' ? device : `${device} – ${found}`, remedy })
}
