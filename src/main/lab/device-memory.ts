// devices.json: what this user's machine knows of its devices, from run to run: how fast they were, and how they failed.
// A device with another driver, runtime or application version is a new one.
import { readFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import * as v from 'valibot'
import type { FoundDevice } from '@shared/contract'
import { atomicWrite, fileError } from '../system/atomic-write'
import type { Log } from '../system/log'
import { makeFolder } from '../system/make-folder'
import { parseJson } from '../system/parse-json'

/** What is remembered of one device. */
export interface Remembered {
  millisecondsPerStep: number | null
  /** How it failed since the user last tried it again, as sentences, oldest first. */
  failures: readonly string[]
}

export interface DeviceMemory {
  /** One entry a device, in their order. */
  recall(devices: readonly FoundDevice[]): Promise<Remembered[]>
  noteSpeed(device: FoundDevice, millisecondsPerStep: number): Promise<void>
  noteFailure(device: FoundDevice, failure: string): Promise<void>
  /** Forgets how the device failed and how fast it was. */
  forget(device: FoundDevice): Promise<void>
}

const identity = {
  engine: v.string(),
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
  failures: v.array(v.string())
})
const FileSchema = v.object({ format: v.literal(1), devices: v.array(EntrySchema) })
type Entry = v.InferOutput<typeof EntrySchema>

const nothing: Remembered = { millisecondsPerStep: null, failures: [] }
/** A home that several machines share has more devices than one; the oldest entries go. */
const MOST_ENTRIES = 64

/** The memory in the file at `path`. One that can't be read counts as empty; what can't be written is remembered until the end. */
export function createDeviceMemory(path: string, appVersion: string, log: Log): DeviceMemory {
  let unwritten: Entry[] | null = null
  let changing = Promise.resolve()

  const identityOf = ({ engine, name, title, detail, driver, runtimeVersion }: FoundDevice) =>
    ({ engine, name, title, detail, driver, runtimeVersion, appVersion }) satisfies Record<
      keyof typeof identity,
      string
    >
  const isOf = (device: FoundDevice) => {
    const wanted = identityOf(device)
    return (entry: Entry) => (Object.keys(identity) as (keyof typeof identity)[]).every((k) => entry[k] === wanted[k])
  }

  async function read(): Promise<Entry[]> {
    return unwritten ?? readEntries(path, log)
  }

  /** Reads anew before each change: another window or command may have written. */
  function change(device: FoundDevice, changed: (known: Remembered) => Remembered): Promise<void> {
    changing = changing.then(async () => {
      const entries = await read()
      const known = entries.find(isOf(device)) ?? nothing
      const { millisecondsPerStep, failures } = changed(known)
      const entry: Entry = { ...identityOf(device), millisecondsPerStep, failures: [...failures] }
      const others = entries.filter((other) => !isOf(device)(other))
      const next = [...others, entry].slice(-MOST_ENTRIES)
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
      return devices.map((device) => entries.find(isOf(device)) ?? nothing)
    },
    noteSpeed: (device, millisecondsPerStep) => change(device, (known) => ({ ...known, millisecondsPerStep })),
    noteFailure: (device, failure) =>
      change(device, (known) => ({ ...known, failures: [...known.failures, failure].slice(-FAILURES_KEPT) })),
    forget: (device) => change(device, () => nothing)
  }
}

const FAILURES_KEPT = 5

async function readEntries(path: string, log: Log): Promise<Entry[]> {
  const text = await readFile(path, 'utf8').catch(() => null)
  if (text === null) return []
  const parsed = v.safeParse(FileSchema, parseJson(text))
  if (parsed.success) return parsed.output.devices
  log.warn(`${path} is not usable: devices are measured anew`)
  return []
}

async function writeEntries(path: string, devices: Entry[]): Promise<void> {
  await makeFolder(dirname(path)).catch((error: unknown) => {
    throw fileError(error, path)
  })
  await atomicWrite(path, `${JSON.stringify({ format: 1, devices }, null, 2)}\n`)
}
