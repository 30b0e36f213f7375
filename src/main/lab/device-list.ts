// Where training could happen: found by the trainer, remembered from run to run, chosen before a run folder is made and again when a device fails.
import type { DeviceInfo, FoundDevice } from '@shared/contract'
import { deviceId, devicesToMeasure, hardwareOf, rankDevices, reasonOfBest } from '@shared/devices'
import { LabError, sentence, toLabErrorData, type ErrorKind, type LabErrorData } from '@shared/errors'
import { engineNames, type EngineName } from '@shared/experiment'
import type { Log } from '../system/log'
import type { DeviceMeasuring } from './device-measuring'
import type { DeviceMemory, Remembered } from './device-memory'
import type { Supervisor } from './supervisor'

/** A device of a run and why it was taken. */
export interface ChosenDevice {
  engine: EngineName
  device: string
  title: string
  hardware: string
  why: string
}

export interface DeviceFailure {
  /** The devices of the run that have failed, the last one just now. */
  failed: readonly Pick<ChosenDevice, 'engine' | 'device'>[]
  error: LabErrorData
}

export interface DeviceList {
  /** All devices; if the trainer can't be asked, one that tells why nothing is usable. */
  all(): Promise<DeviceInfo[]>
  /** Like `all`, asked anew. */
  lookAgain(): Promise<DeviceInfo[]>
  /** Measures every usable device. Throws LabError `busy` while a run trains. */
  measure(): Promise<DeviceInfo[]>
  /** Remembers what an estimate found: milliseconds a step of the article's six models. */
  noteSpeed(engine: EngineName, name: string, millisecondsPerStep: number): Promise<void>
  /** The device that is meant; what is null is left to the lab, which measures first where it has to. Throws LabError `device-unavailable`. */
  choose(engine: EngineName | null, name: string | null): Promise<ChosenDevice>
  /** Why a device can't be used now, as the error of a run that waited for it; null where it can. */
  refusal(engine: EngineName, name: string): Promise<LabErrorData | null>
  /** Notes a failure and answers with the next best device; null where the failure is not the device's, or no other is left. */
  next(failure: DeviceFailure): Promise<ChosenDevice | null>
  /** Forgets the failures of a device and looks anew. Throws LabError `device-unavailable` if there is none of that name. */
  forgive(engine: EngineName, name: string): Promise<DeviceInfo[]>
}

export interface DeviceListOptions {
  supervisor: Pick<Supervisor, 'devices'>
  memory: DeviceMemory
  measuring: DeviceMeasuring
  /** Whether anybody trains a run, or one waits to be trained: nothing is measured beside it. */
  isBusy(): Promise<boolean>
  onChange(devices: DeviceInfo[]): void
  log: Log
}

const FAILURES_ALLOWED = 1
/** Failures that another device may not have. What is wrong with the experiment, its data or the disk fails everywhere. */
const ofTheDevice: readonly ErrorKind[] = [
  'device-unavailable',
  'not-supported',
  'out-of-memory',
  'trainer-crashed',
  'trainer-hung',
  'internal'
]

export function createDeviceList(options: DeviceListOptions): DeviceList {
  const { supervisor, memory, measuring, isBusy, onChange, log } = options
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
    return describeDevices(found, await memory.recall(found))
  }

  async function tellAll(): Promise<DeviceInfo[]> {
    const devices = await all()
    onChange(devices)
    return devices
  }

  /** As the engine found it: what is shown of a device that was set aside is another text. */
  async function foundOnes(wanted: readonly Pick<FoundDevice, 'engine' | 'name'>[]): Promise<FoundDevice[]> {
    const ids = wanted.map(deviceId)
    return (await find()).filter((device) => ids.includes(deviceId(device)))
  }

  /** Measures what a choice among `devices` lacks, unless something trains; a choice must not fail over it. */
  async function measureMissing(devices: DeviceInfo[]): Promise<void> {
    const missing = devicesToMeasure(devices)
    if (missing.length === 0 || (await isBusy())) return
    await measuring
      .measure(await foundOnes(missing), true)
      .catch((error: unknown) => log.info(`Devices were not measured to the end: ${String(error)}`))
    await tellAll()
  }

  return {
    all,
    lookAgain() {
      known = null
      return tellAll()
    },
    async measure() {
      if (await isBusy()) throw busy()
      await measuring.measure(await foundOnes((await all()).filter((device) => device.usable)), false)
      return tellAll()
    },
    async noteSpeed(engine, name, millisecondsPerStep) {
      const [device] = await foundOnes([{ engine, name }])
      if (!device) return
      await memory.noteSpeed(device, millisecondsPerStep)
      await tellAll()
    },
    async choose(engine, name) {
      const among = (devices: DeviceInfo[]) =>
        devices.filter((one) => (engine ?? one.engine) === one.engine && (name ?? one.name) === one.name)
      if (name === null) await measureMissing(among(await all()))
      const devices = await all()
      const [best] = rankDevices(among(devices))
      if (!best) throw refusal(devices, among(devices), engine, name)
      const reason = engine === null ? '' : ', engine chosen by you'
      return chosen(best, name === null ? `${reasonOfBest(among(devices))}${reason}` : 'chosen by you')
    },
    async refusal(engine, name) {
      const devices = await all()
      const meant = devices.filter((one) => one.engine === engine && one.name === name)
      return meant.some((one) => one.usable) ? null : refusal(devices, meant, engine, name).data
    },
    async next({ failed, error }) {
      const last = failed[failed.length - 1]
      if (!last || !ofTheDevice.includes(error.kind)) return null
      const ids = failed.map(({ engine, device }) => deviceId({ engine, name: device }))
      const devices = await all()
      const others = devices.filter((device) => !device.software && !ids.includes(deviceId(device)))
      const [best] = rankDevices(others)
      if (!best) return null
      const wasUsable = devices.some((one) => one.usable && deviceId(one) === ids[ids.length - 1])
      const [device] = await foundOnes([{ engine: last.engine, name: last.device }])
      if (device && wasUsable && error.kind !== 'not-supported') {
        await memory.noteFailure(device, sentence({ ...error, remedy: '' }))
        await tellAll()
      }
      return chosen(best, 'the next best after a failure')
    },
    async forgive(engine, name) {
      const [device] = await foundOnes([{ engine, name }])
      if (!device) throw noSuchDevice(await all(), name)
      await memory.forget(device)
      known = null
      return tellAll()
    }
  }
}

/** What the trainer found with what is remembered of it. A device that failed twice is unusable, unless no other is left. */
function describeDevices(found: readonly FoundDevice[], remembered: readonly Remembered[]): DeviceInfo[] {
  const failuresOf = (index: number) => remembered[index]?.failures ?? []
  const failedTwice = (index: number) => failuresOf(index).length > FAILURES_ALLOWED
  const isOneLeft = found.some((device, index) => device.usable && !failedTwice(index))
  const devices = found.map((device, index): DeviceInfo => {
    const failures = failuresOf(index)
    const lastFailure = failures[failures.length - 1] ?? ''
    const isSetAside = device.usable && isOneLeft && failedTwice(index)
    const millisecondsPerStep = remembered[index]?.millisecondsPerStep ?? null
    const aside = {
      usable: false,
      detail: `It failed twice. ${lastFailure}`,
      remedy: 'Try it again once the cause is gone.'
    }
    return { ...device, ...(isSetAside && aside), millisecondsPerStep, lastFailure, isSetAside, isDefault: false }
  })
  const [best] = rankDevices(devices)
  return devices.map((device) => (device === best ? { ...device, isDefault: true } : device))
}

function chosen(device: DeviceInfo, why: string): ChosenDevice {
  const { engine, name, title } = device
  return { engine, device: name, title, hardware: hardwareOf(device), why }
}

/** Why none of `meant` can be taken: it is not there, or it can't be used. */
function refusal(all: DeviceInfo[], meant: DeviceInfo[], engine: EngineName | null, name: string | null): LabError {
  const [device] = meant
  if (!device)
    return noSuchDevice(engine === null ? all : all.filter((one) => one.engine === engine), name ?? engine ?? '')
  const problem = name === null ? 'No device can train here' : `The device ${name} can't be used`
  const { detail, isSetAside } = device
  const remedy = isSetAside ? `Try it again in the device panel, or with devices --try ${device.name}` : device.remedy
  const other = all.some(({ usable }) => usable) ? `Choose another ${name === null ? 'engine' : 'device'}` : ''
  return new LabError('device-unavailable', problem, { found: bare(detail), remedy: bare(remedy) || other })
}

function noSuchDevice(devices: DeviceInfo[], found: string): LabError {
  const names = [...new Set(devices.map((one) => one.name))]
  return new LabError('device-unavailable', 'There is no such device', { found, expected: names.join(', ') })
}

const busy = () =>
  new LabError('busy', 'Devices can’t be measured while a run trains', {
    remedy: 'Wait until it has ended, or stop it'
  })

/** A sentence as part of another. */
const bare = (text: string) => text.replace(/\.$/, '')

function unusable(detail: string): FoundDevice {
  const cpu = { engine: engineNames[0], name: 'cpu', title: 'CPU', driver: '', runtimeVersion: '' }
  return { ...cpu, usable: false, detail, remedy: '' }
}
