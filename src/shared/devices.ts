// Which device is best and why, and what happened on the devices of a run: one wording for window, command line and report.
import type { DeviceInfo, Leftovers } from './contract'
import { sentence } from './errors'
import { deviceLabel, formatBytes } from './format'
import { epochsDone, type RunFile, type TrainingSegment } from './run'

/** Those that can be used, best first: measured ones by speed, then the others in the order of the engines, software adapters last. */
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

/** What `setup:cuda` left, as a sentence. */
export function leftoversText({ folder, bytes }: Leftovers): string {
  return `${folder} (${formatBytes(bytes)}) was left by setup:cuda of an older version, and nothing uses it any more.`
}

/** Devices that an automatic choice has yet to measure. None where there is no choice; one that failed is measured on demand alone. */
export function devicesToMeasure(devices: readonly DeviceInfo[]): DeviceInfo[] {
  const usable = devices.filter((device) => device.usable && !device.software)
  if (usable.length < 2) return []
  return usable.filter((device) => device.millisecondsPerStep === null && device.lastFailure === '')
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
  const failed = lastFailure === '' ? '' : `It failed last time. ${lastFailure}`
  return (usable ? [detail, failed] : [detail, remedy])
    .filter(Boolean)
    .map((text) => (text.endsWith('.') ? text : `${text}.`))
    .join(' ')
}

/** The device of this version that a run of any version names: `cpu` of `onnxruntime cpu`; null where it is gone, as CUDA and DirectML are. */
export function presentDevice(device: string): string | null {
  const [, engine, name = ''] = /^(onnxruntime|tensorflow) ([^:]+)/.exec(device) ?? []
  if (!engine) return device
  if (engine === 'tensorflow') return `tensorflow-${name}`
  return name === 'cpu' || name === 'webgpu' ? name : null
}

/** Where the run trains now, or trained last. */
export function lastSegment({ segments }: Pick<RunFile, 'segments'>): TrainingSegment {
  return segments[segments.length - 1] as TrainingSegment
}

/** `CPU`, or `WebGPU, then CPU` where the run went on on another. */
export function devicesLabel({ segments }: Pick<RunFile, 'segments'>): string {
  const labels = segments.map(({ device }) => deviceLabel(device))
  return labels.filter((label, index) => label !== labels[index - 1]).join(', then ')
}

/** On which device a run trains and why, or how it came there from another one just now. */
export function deviceLine(file: RunFile): string {
  const now = lastSegment(file)
  return (hasJustMoved(file) && moveSentence(file)) || `Training on ${segmentName(now)}${now.why && `: ${now.why}`}`
}

/** Whether the run has gone to another device and no epoch has ended there yet. */
export function hasJustMoved(file: RunFile): boolean {
  return file.segments.length > 1 && lastSegment(file).firstEpoch > epochsDone(file)
}

/** How a run came from the device before its last to the last; null where there was one alone. */
export function moveSentence(file: RunFile): string | null {
  return moveSentences(file).pop() ?? null
}

/** The same of every change, in order. */
export function moveSentences({ segments }: Pick<RunFile, 'segments'>): string[] {
  return segments.slice(1).map((now, index) => move(segments[index] as TrainingSegment, now))
}

function move(before: TrainingSegment, now: TrainingSegment): string {
  const agree = 'From there the figures agree with those of the other device to rounding, not bit for bit.'
  const where =
    now.firstEpoch > 1
      ? `Training went on after epoch ${now.firstEpoch - 1} on ${segmentName(now)}`
      : `Training began again on ${segmentName(now)}`
  if (!before.error) return `${where}: ${now.why}. ${agree}`
  return `${before.title} failed: ${sentence({ ...before.error, remedy: '' })} ${where}. ${agree}`
}

const segmentName = ({ title, device }: TrainingSegment) => `${title} (${device})`
