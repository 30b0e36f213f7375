// Which device is best and why, and how what happened on the devices of a run is told: one wording for window, command line and report.
import type { DeviceInfo } from './contract'
import { sentence } from './errors'
import { deviceLabel, formatCount, formatPlural } from './format'
import { epochsDone, type DevicePart, type RunFile, type Turns } from './run'

/** Those that can be used, best first: measured ones by speed, then the others in the order of the engines, programs that play a GPU last. */
export function rankDevices(devices: readonly DeviceInfo[]): DeviceInfo[] {
  const speed = ({ millisecondsPerStep }: DeviceInfo) => millisecondsPerStep ?? Infinity
  const bySpeed = (a: DeviceInfo, b: DeviceInfo) => (speed(a) === speed(b) ? 0 : speed(a) - speed(b))
  const usable = devices.filter((device) => device.usable)
  return usable.sort((a, b) => Number(a.software ?? false) - Number(b.software ?? false) || bySpeed(a, b))
}

/** Why the best of these is the best: `fastest of 3 measured`. */
export function reasonOfBest(devices: readonly DeviceInfo[]): string {
  const usable = rankDevices(devices).filter((device) => !device.software)
  const measured = usable.filter((device) => device.millisecondsPerStep !== null).length
  if (usable.length <= 1) return 'the only usable device'
  if (measured === 0) return 'first of the usable devices, none is measured yet'
  return measured === 1 ? 'the only one measured' : `fastest of ${measured} measured`
}

/** Devices that an automatic choice has yet to measure. None where there is no choice; one that has failed is measured on demand alone. */
export function devicesToMeasure(devices: readonly DeviceInfo[]): DeviceInfo[] {
  const usable = devices.filter((device) => device.usable && !device.software)
  if (usable.length < 2) return []
  return usable.filter((device) => device.millisecondsPerStep === null && device.lastFailure === '')
}

/** `onnxruntime webgpu`: the device as the options `--engine` and `--device` name it. */
export function deviceId({ engine, name }: Pick<DeviceInfo, 'engine' | 'name'>): string {
  return `${engine} ${name}`
}

/** `4.7 ms a step`; empty where it was not measured. */
export function paceOf({ millisecondsPerStep }: DeviceInfo): string {
  return millisecondsPerStep === null ? '' : `${millisecondsPerStep.toFixed(1)} ms a step`
}

/** What a device is and how it is called, as run.json keeps it: `CPU · 2 threads, Intel Xeon`. */
export function hardwareOf({ title, detail }: Pick<DeviceInfo, 'title' | 'detail'>): string {
  return [title, detail].filter(Boolean).join(', ')
}

/** In sentences: what it is, or why it can't be used and what would help, and how it failed. */
export function deviceText({ usable, detail, remedy, lastFailure }: DeviceInfo): string {
  const failed = lastFailure === '' ? '' : `It failed once. ${lastFailure}`
  return (usable ? [detail, failed] : [detail, remedy])
    .filter(Boolean)
    .map((text) => (text.endsWith('.') ? text : `${text}.`))
    .join(' ')
}

/** The devices of a run in the order in which they trained it; a run of an older version knows its last alone. */
export function devicesOf({ devices, engine, device, hardware }: RunFile): DevicePart[] {
  if (devices && devices.length > 0) return devices
  return [{ engine, device, title: deviceLabel(device), hardware, firstEpoch: 1, why: '', error: null }]
}

/** Where the run trains now, or trained last. */
export function lastPartOf(file: RunFile): DevicePart {
  return devicesOf(file).slice(-1)[0] as DevicePart
}

/** `CPU`, or `WebGPU, then CPU` where the run went on on another. */
export function devicesLabel(file: RunFile): string {
  const labels = devicesOf(file).map(({ device }) => deviceLabel(device))
  return labels.filter((label, index) => label !== labels[index - 1]).join(', then ')
}

/** Where a run trains and why there: how it came there where it has just gone on on another device. */
export function placeLine(file: RunFile): string {
  const now = lastPartOf(file)
  const turns = now.turns ? `. Models ${turnsText(now.turns)}` : ''
  return (
    (hasJustMoved(file) && moveSentence(file)) || `Training on ${placeName(now)}${now.why && `: ${now.why}`}${turns}`
  )
}

/** What models do that can't train at once: `train in 3 turns, to keep within the memory budget of 100 MB`. */
export function turnsText({ count, memoryBudget }: Turns): string {
  return `train in ${formatPlural(count, 'turn')}, to keep within the memory budget of ${formatCount(memoryBudget)} MB`
}

/** Whether the run has gone to another device, or its models to other turns, and no epoch has ended there yet. */
export function hasJustMoved(file: RunFile): boolean {
  const [before, now] = devicesOf(file).slice(-2)
  return before !== undefined && now !== undefined && now.firstEpoch > epochsDone(file)
}

/** How a run came from the device before its last to the last, or its models to other turns there; null where all stayed as it was. */
export function moveSentence(file: RunFile): string | null {
  return moveSentences(file).pop() ?? null
}

/** The same of every change, in order. */
export function moveSentences(file: RunFile): string[] {
  const parts = devicesOf(file)
  return parts.slice(1).map((now, index) => move(parts[index] as DevicePart, now))
}

/** Whether the last change of a run was one of its models' turns alone, which the user has asked for. */
export function changedTurnsOnly(file: RunFile): boolean {
  const [before, now] = devicesOf(file).slice(-2)
  return before !== undefined && now !== undefined && isSamePlace(before, now)
}

type Place = Pick<DevicePart, 'engine' | 'device'>

/** Whether two parts of a run, or what would be one, train on the same device of the same engine. */
export function isSamePlace(one: Place, other: Place): boolean {
  return one.engine === other.engine && one.device === other.device
}

function move(before: DevicePart, now: DevicePart): string {
  const agree = (whose: string) => `From there the figures agree with those ${whose} to rounding, not bit for bit.`
  const models = now.turns ? `models that ${turnsText(now.turns)}` : 'all models at once'
  if (isSamePlace(before, now)) {
    return `After epoch ${now.firstEpoch - 1} training went on with ${models}. ${agree('before')}`
  }
  const where =
    now.firstEpoch > 1
      ? `Training went on after epoch ${now.firstEpoch - 1} on ${placeName(now)}`
      : `Training began again on ${placeName(now)}`
  const how = now.turns ? `, with ${models}` : ''
  if (!before.error) return `${where}: ${now.why}${how}. ${agree('of the other device')}`
  return `${before.title} failed: ${sentence({ ...before.error, remedy: '' })} ${where}${how}. ${agree('of the other device')}`
}

const placeName = ({ title, engine, device }: DevicePart) => `${title} (${engine} ${device})`
