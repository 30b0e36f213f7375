// `lab devices`: where training could happen, how fast, or why not; and which device is taken when none is named.
import type { DeviceInfo } from '@shared/contract'
import { deviceId, deviceText, reasonOfBest } from '@shared/devices'
import { LabError } from '@shared/errors'
import type { EngineName } from '@shared/experiment'
import { formatDecimals } from '@shared/format'
import type { Lab } from '../lab/lab'
import type { CliHost } from './host'
import { writeJsonLine } from './progress'
import { formatTable, type Column } from './table'
import { shownValue } from './usage-error'
import { withLab } from './with-lab'

export interface DevicesChoice {
  engine?: EngineName
  /** The device whose failures are forgiven first. */
  try?: string
  measure?: boolean
  json?: boolean
}

const columns: Column<DeviceInfo>[] = [
  { title: '', align: 'left', text: (device) => (device.isDefault ? '*' : '') },
  { title: 'engine', align: 'left', text: (device) => device.engine },
  { title: 'device', align: 'left', text: (device) => device.name },
  { title: 'name', align: 'left', text: (device) => device.title },
  { title: 'state', align: 'left', text: stateOf },
  { title: 'ms a step', align: 'right', text: (device) => formatDecimals(device.millisecondsPerStep, 1) },
  { title: 'driver', align: 'left', text: (device) => device.driver || '–' },
  { title: 'runtime', align: 'left', text: (device) => device.runtimeVersion || '–' }
]

/** Throws LabError `bad-value` where there is no device to try, `busy` where something trains that measuring would disturb. */
export async function listDevices(host: CliHost, choice: DevicesChoice): Promise<void> {
  const { engine, json = false } = choice
  const all = await withLab(host, async (lab) => {
    if (choice.try !== undefined) await tryAgain(lab, choice.try, engine)
    if (!choice.measure) return (await lab.calls.describe()).devices
    if (!json) host.stderr.write('Measuring each usable device …\n')
    return lab.calls.measureDevices()
  })
  const shown = all.filter((device) => (engine ?? device.engine) === device.engine)
  if (json) return shown.forEach((device) => writeJsonLine(host.stdout, device))
  host.stdout.write(`${formatTable(columns, shown)}\n`)
  for (const device of shown) host.stdout.write(explanation(device, host.program))
  host.stdout.write(defaultLine(all, host.program))
}

async function tryAgain(lab: Lab, name: string, engine: EngineName | undefined): Promise<void> {
  const { devices } = await lab.calls.describe()
  const meant = devices.filter((device) => device.name === name && (engine ?? device.engine) === device.engine)
  if (meant.length === 0) {
    const names = [...new Set(devices.map((device) => device.name))]
    throw new LabError('bad-value', '--try is not usable', { found: shownValue(name), expected: names.join(', ') })
  }
  for (const device of meant) await lab.calls.forgiveDevice(device.engine, device.name)
}

function stateOf({ usable, isSetAside }: DeviceInfo): string {
  if (isSetAside) return 'set aside'
  return usable ? 'usable' : 'not usable'
}

function explanation(device: DeviceInfo, program: string): string {
  const { isSetAside, name, remedy } = device
  const text = deviceText({ ...device, remedy: isSetAside ? `Try it again: ${program} devices --try ${name}` : remedy })
  return text === '' ? '' : `${deviceId(device)}: ${text}\n`
}

function defaultLine(devices: readonly DeviceInfo[], program: string): string {
  const chosen = devices.find((device) => device.isDefault)
  if (!chosen) return '\nNo device can train here\n'
  return `\n* what ${program} run takes: ${reasonOfBest(devices)}\n`
}
