// `lab devices`: where training could happen, how fast, or why not; and which device is taken when none is named.
import type { DeviceInfo } from '@shared/contract'
import { deviceText, leftoversText, reasonOfBest } from '@shared/devices'
import { formatDecimals } from '@shared/format'
import { plainText } from '@shared/plain-text'
import type { CliHost } from './host'
import { writeJsonLine } from './progress'
import { formatTable, type Column } from './table'
import { withLab } from './with-lab'

export interface DevicesChoice {
  measure?: boolean
  removeLeftovers?: boolean
  json?: boolean
}

const columns: Column<DeviceInfo>[] = [
  { title: '', align: 'left', text: (device) => (device.isDefault ? '*' : '') },
  { title: 'device', align: 'left', text: (device) => device.name },
  { title: 'name', align: 'left', text: (device) => device.title },
  { title: 'state', align: 'left', text: (device) => (device.usable ? 'usable' : 'not usable') },
  { title: 'ms a step', align: 'right', text: (device) => formatDecimals(device.millisecondsPerStep, 1) },
  { title: 'driver', align: 'left', text: (device) => device.driver || '–' },
  { title: 'runtime', align: 'left', text: (device) => device.runtimeVersion || '–' }
]

/** Throws LabError `busy` where something trains that measuring would disturb. */
export async function listDevices(host: CliHost, choice: DevicesChoice): Promise<void> {
  const { measure = false, removeLeftovers = false, json = false } = choice
  const { devices, leftovers } = await withLab(host, async (lab) => {
    if (removeLeftovers) await lab.calls.removeLeftovers()
    if (measure && !json) host.stderr.write('Measuring each usable device …\n')
    if (measure) await lab.calls.measureDevices()
    return lab.calls.describe()
  })
  if (json) return devices.forEach((device) => writeJsonLine(host.stdout, device))
  host.stdout.write(`${formatTable(columns, devices)}\n`)
  for (const device of devices) host.stdout.write(explanation(device))
  host.stdout.write(defaultLine(devices, host.program))
  if (!leftovers) return
  host.stdout.write(`${plainText(leftoversText(leftovers))} To delete it: ${host.program} devices --remove-leftovers\n`)
}

function explanation(device: DeviceInfo): string {
  const text = deviceText(device)
  return text === '' ? '' : `${plainText(`${device.name}: ${text}`)}\n`
}

function defaultLine(devices: readonly DeviceInfo[], program: string): string {
  const chosen = devices.find((device) => device.isDefault)
  if (!chosen) return '\nNo device can train here\n'
  return `\n* what ${program} run takes: ${reasonOfBest(devices)}\n`
}
