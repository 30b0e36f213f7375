// Where training could happen, asked of the trainer once and again on demand; checked before a run folder is made.
import type { DeviceInfo } from '@shared/contract'
import { LabError, sentence, toLabErrorData } from '@shared/errors'
import { engineNames, type EngineName } from '@shared/experiment'
import type { Supervisor } from './supervisor'

export interface DeviceList {
  /** All devices; if the trainer can't be asked, one that tells why nothing is usable. */
  all(): Promise<DeviceInfo[]>
  /** Like `all`, asked anew. */
  lookAgain(): Promise<DeviceInfo[]>
  /** Throws LabError `device-unavailable` unless the device is there and usable. */
  check(engine: EngineName, name: string): Promise<void>
}

export function createDeviceList(supervisor: Supervisor): DeviceList {
  let known: Promise<DeviceInfo[]> | null = null

  async function all(): Promise<DeviceInfo[]> {
    known ??= supervisor
      .devices()
      .then(({ devices }) => devices.map((found) => ({ ...found, millisecondsPerStep: null })))
    try {
      return await known
    } catch (error) {
      known = null
      return [unusable(sentence(toLabErrorData(error)))]
    }
  }

  return {
    all,
    lookAgain() {
      known = null
      return all()
    },
    async check(engine, name) {
      const devices = (await all()).filter((device) => device.engine === engine)
      const device = devices.find((one) => one.name === name)
      if (device?.usable) return
      if (device)
        throw new LabError('device-unavailable', `${engine} can't use the device ${name} (${device.detail})`, {
          remedy: device.remedy
        })
      throw new LabError('device-unavailable', 'There is no such device', {
        found: name,
        expected: devices.map((one) => one.name).join(', ')
      })
    }
  }
}

function unusable(detail: string): DeviceInfo {
  const cpu = { engine: engineNames[0], name: 'cpu', title: 'CPU', driver: '', runtimeVersion: '' }
  return { ...cpu, usable: false, detail, remedy: '', millisecondsPerStep: null }
}
