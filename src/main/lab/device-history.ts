// devices.json: what this user's machine knows of its devices from run to run: how fast they were, and how they failed.
// A device with another driver, runtime or application version is a new one.
import { dirname } from 'node:path'
import * as v from 'valibot'
import type { FoundDevice } from '@shared/contract'
import { toLabErrorData } from '@shared/errors'
import { atomicWrite, fileError } from '../system/atomic-write'
import type { Log } from '../system/log'
import { makeFolder } from '../system/make-folder'
import { parseJson } from '../system/parse-json'
import { readRegularFile } from '../system/regular-file'

/** What is known of one device. */
export interface DeviceRecord {
  /** Of the article's six models; null until it was measured, and again once it has failed. */
  millisecondsPerStep: number | null
  /** How it failed since it was measured, as a sentence; empty where it did not. */
  lastFailure: string
}

export interface DeviceHistory {
  /** One record a device, in their order. */
  recall(devices: readonly FoundDevice[]): Promise<DeviceRecord[]>
  noteSpeed(device: FoundDevice, millisecondsPerStep: number): Promise<void>
  noteFailure(device: FoundDevice, failure: string): Promise<void>
}

const identity = {
  name: v.string(),
  title: v.string(),
  detail: v.string(),
  driver: v.string(),
  runtimeVersion: v.string(),
  appVersion: v.string()
}
const EntrySchema = v.object({
  ...identity,
  millisecondsPerStep: v.nullable(v.pipe(v.number(), v.finite(), v.minValue(0))),
  lastFailure: v.string()
})
const FORMAT = 2
const FileSchema = v.object({ format: v.literal(FORMAT), devices: v.array(EntrySchema) })
type Entry = v.InferOutput<typeof EntrySchema>

const unknown: DeviceRecord = { millisecondsPerStep: null, lastFailure: '' }
/** A home that several machines share has more devices than one; the oldest entries go. */
const MOST_ENTRIES = 64
const MOST_BYTES = 2 ** 20

/** The history in the file at `path`. One that can't be read, or of another format, counts as empty; what can't be written is kept until the end. */
export function createDeviceHistory(path: string, appVersion: string, log: Log): DeviceHistory {
  let unwritten: Entry[] | null = null
  let changing = Promise.resolve()

  const identityOf = ({ name, title, detail, driver, runtimeVersion }: FoundDevice) =>
    ({ name, title, detail, driver, runtimeVersion, appVersion }) satisfies Record<keyof typeof identity, string>
  const isOf = (device: FoundDevice) => {
    const wanted = identityOf(device)
    return (entry: Entry) => (Object.keys(identity) as (keyof typeof identity)[]).every((k) => entry[k] === wanted[k])
  }

  async function read(): Promise<Entry[]> {
    return unwritten ?? readEntries(path, log)
  }

  /** Reads anew before each change: another window or command may have written. */
  function note(device: FoundDevice, record: DeviceRecord): Promise<void> {
    changing = changing.then(async () => {
      const others = (await read()).filter((other) => !isOf(device)(other))
      const next = [...others, { ...identityOf(device), ...record }].slice(-MOST_ENTRIES)
      unwritten = await writeEntries(path, next).then(
        () => null,
        (error: unknown) => {
          log.warn(`What is known of devices could not be saved: ${String(error)}`)
          return next
        }
      )
    })
    return changing
  }

  return {
    async recall(devices) {
      await changing
      const entries = await read()
      return devices.map((device) => entries.find(isOf(device)) ?? unknown)
    },
    noteSpeed: (device, millisecondsPerStep) => note(device, { millisecondsPerStep, lastFailure: '' }),
    noteFailure: (device, lastFailure) => note(device, { millisecondsPerStep: null, lastFailure })
  }
}

async function readEntries(path: string, log: Log): Promise<Entry[]> {
  const content = await readRegularFile(path, MOST_BYTES, { what: 'What is known of devices in' }).catch(toLabErrorData)
  if ('kind' in content && content.kind === 'not-found') return []
  const devices = Buffer.isBuffer(content) ? parseJson(content.toString()) : undefined
  const parsed = v.safeParse(FileSchema, devices, { abortEarly: true }) // a megabyte may hold hundreds of thousands of issues
  if (parsed.success) return parsed.output.devices
  log.warn(`${path} is not usable: devices are measured anew`)
  return []
}

async function writeEntries(path: string, devices: Entry[]): Promise<void> {
  await makeFolder(dirname(path)).catch((error: unknown) => {
    throw fileError(error, path)
  })
  await atomicWrite(path, `${JSON.stringify({ format: FORMAT, devices }, null, 2)}\n`)
}
