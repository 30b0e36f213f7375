// Where training could happen: found by the trainer, measured once, chosen before a run folder is made and again when a device fails.
import type { DeviceInfo, FoundDevice } from '@shared/contract'
import { devicesToMeasure, hardwareOf, rankDevices, reasonOfBest } from '@shared/devices'
import { LabError, sentence, toLabErrorData, type ErrorKind, type LabErrorData } from '@shared/errors'
import type { Log } from '../system/log'
import type { DeviceMeasuring } from './device-measuring'
import type { DeviceHistory, DeviceRecord } from './device-history'
import type { Supervisor } from './supervisor'

/** A device of a run and why it was taken. */
export interface ChosenDevice {
  device: string
  title: string
  hardware: string
  why: string
}

export interface DeviceFailure {
  /** The devices of the run that have failed, the last one just now. */
  failed: readonly string[]
  error: LabErrorData
}

export interface DeviceList {
  /** All devices; if the trainer can't be asked, one that says why nothing is usable. */
  all(): Promise<DeviceInfo[]>
  /** Like `all`, asked anew. */
  lookAgain(): Promise<DeviceInfo[]>
  /** Measures every usable device. Throws LabError `busy` while a run trains. */
  measure(): Promise<DeviceInfo[]>
  /** Keeps what an estimate found: milliseconds a step of the article's six models. */
  noteSpeed(name: string, millisecondsPerStep: number): Promise<void>
  /** The device of this name; with null the fastest, those not measured yet being measured first. Throws LabError `device-unavailable`. */
  choose(name: string | null): Promise<ChosenDevice>
  /** Why a device can't be used now, as the error of a run that waited for it; null where it can. */
  refusal(name: string): Promise<LabErrorData | null>
  /** Notes a failure and answers with the next best device; null where the failure is not the device's, or no other is left. */
  next(failure: DeviceFailure): Promise<ChosenDevice | null>
}

export interface DeviceListOptions {
  supervisor: Pick<Supervisor, 'devices'>
  history: DeviceHistory
  measuring: DeviceMeasuring
  /** Whether anybody trains a run, or one waits to be trained: nothing is measured beside it. */
  isBusy(): Promise<boolean>
  onChange(devices: DeviceInfo[]): void
  log: Log
}

/** Failures that another device may not have. What is wrong with the experiment, its data or the disk fails everywhere. */
const ofTheDevice: readonly ErrorKind[] = [
  'device-unavailable',
  'device-lost',
  'not-supported',
  'out-of-memory',
  'trainer-crashed',
  'trainer-hung',
  'internal'
]

export function createDeviceList(options: DeviceListOptions): DeviceList {
  const { supervisor, history, measuring, isBusy, onChange, log } = options
  let known: Promise<FoundDevice[]> | null = null

  async function find(): Promise<FoundDevice[]> {
    known ??= supervisor.devices().then(({ devices }) => devices)
    try {
      return await known
    } catch (error) {
      known = null
      return [unusable(sentence(toLabErrorData(error)))]
    }
  }

  async function all(): Promise<DeviceInfo[]> {
    const found = await find()
    return describeDevices(found, await history.recall(found))
  }

  async function announce(): Promise<DeviceInfo[]> {
    const devices = await all()
    onChange(devices)
    return devices
  }

  async function foundOnes(names: readonly string[]): Promise<FoundDevice[]> {
    return (await find()).filter((device) => names.includes(device.name))
  }

  /** Measures what a choice among all devices lacks, unless something trains; a choice must not fail over it. */
  async function measureMissing(): Promise<void> {
    const missing = devicesToMeasure(await all())
    if (missing.length === 0 || (await isBusy())) return
    await measuring
      .measure(await foundOnes(missing.map(({ name }) => name)), true)
      .catch((error: unknown) => log.info(`Devices were not measured to the end: ${String(error)}`))
    await announce()
  }

  /** The device of this name; an adapter may be named by a part of its name. */
  function named(devices: DeviceInfo[], name: string): DeviceInfo | undefined {
    const [engine = '', adapter] = name.split(':')
    const isMeant = (device: DeviceInfo) =>
      adapter !== undefined &&
      device.name.startsWith(engine) &&
      device.title.toLowerCase().includes(adapter.toLowerCase())
    return devices.find((device) => device.name === name) ?? devices.find(isMeant)
  }

  return {
    all,
    lookAgain() {
      known = null
      return announce()
    },
    async measure() {
      if (await isBusy()) throw busy()
      const usable = (await all()).filter((device) => device.usable)
      await measuring.measure(await foundOnes(usable.map(({ name }) => name)), false)
      return announce()
    },
    async noteSpeed(name, millisecondsPerStep) {
      const [device] = await foundOnes([name])
      if (!device) return
      await history.noteSpeed(device, millisecondsPerStep)
      await announce()
    },
    async choose(name) {
      if (name === null) await measureMissing()
      const devices = await all()
      const best = name === null ? rankDevices(devices)[0] : named(devices, name)
      if (!best?.usable) throw refusal(devices, best ?? (name === null ? devices[0] : undefined), name)
      return chosen(best, name === null ? reasonOfBest(devices) : 'chosen by you')
    },
    async refusal(name) {
      const devices = await all()
      const device = named(devices, name)
      return device?.usable ? null : refusal(devices, device, name).data
    },
    async next({ failed, error }) {
      const last = failed[failed.length - 1]
      if (last === undefined || !ofTheDevice.includes(error.kind)) return null
      const devices = await all()
      const [best] = rankDevices(devices.filter(({ name, software }) => !software && !failed.includes(name)))
      if (!best) return null
      const wasUsable = devices.some(({ name, usable }) => usable && name === last)
      const [device] = await foundOnes([last])
      if (device && wasUsable && error.kind !== 'not-supported') {
        await history.noteFailure(device, sentence({ ...error, remedy: '' }))
        await announce()
      }
      return chosen(best, 'the next best after a failure')
    }
  }
}

/** What the trainer found with what is known of it. */
function describeDevices(found: readonly FoundDevice[], records: readonly DeviceRecord[]): DeviceInfo[] {
  const devices = found.map((device, index): DeviceInfo => {
    const { millisecondsPerStep = null, lastFailure = '' } = records[index] ?? {}
    return { ...device, millisecondsPerStep, lastFailure, isDefault: false }
  })
  const [best] = rankDevices(devices)
  return devices.map((device) => (device === best ? { ...device, isDefault: true } : device))
}

function chosen(device: DeviceInfo, why: string): ChosenDevice {
  return { device: device.name, title: device.title, hardware: hardwareOf(device), why }
}

/** Why the device that was meant can't be taken: it is not there, or it can't be used. */
function refusal(all: DeviceInfo[], device: DeviceInfo | undefined, name: string | null): LabError {
  if (!device) {
    const expected = all.map((one) => one.name).join(', ')
    return new LabError('device-unavailable', 'There is no such device', { found: name ?? '', expected })
  }
  const problem = name === null ? 'No device can train here' : `The device ${name} can’t be used`
  const other = all.some(({ usable }) => usable) ? 'Choose another device' : ''
  return new LabError('device-unavailable', problem, {
    found: bare(device.detail),
    remedy: bare(device.remedy) || other
  })
}

const busy = () =>
  new LabError('busy', 'Devices can’t be measured while a run trains', {
    remedy: 'Wait until it has ended, or stop it'
  })

/** A sentence as part of another. */
const bare = (text: string) => text.replace(/\.$/, '')

function unusable(detail: string): FoundDevice {
  return { name: 'cpu', title: 'CPU', usable: false, detail, remedy: '', driver: '', runtimeVersion: '' }
}
