// Which process it was that wrote a file, and whether it still lives. A process is known by its number only where that was given out.
import { readFileSync, readlinkSync } from 'node:fs'
import { hostname } from 'node:os'
import { statFields } from './process-activity'
import { systemCode } from './system-error'

export interface ProcessIdentity {
  pid: number
  /** When the process began, as the system reports it; null where it does not. */
  processStart: string | null
  /** Milliseconds since 1970 when this was noted, by its machine's clock, which may be set: older versions judge by it, this one does not. */
  claimedAt: number
}

/** Where a process runs, for those who may run elsewhere. */
export interface ProcessPlace {
  host: string
  /** Within one of these every process has a number of its own: Linux's boot and PID namespace, elsewhere the host; null: not known. */
  numbers: string | null
  /** The machine, over reboots; null where no id is known to be its alone, as in containers. */
  machine: string | null
}

/** Linux gives its first PID namespace this number (PROC_PID_INIT_INO); containers have others. */
const FIRST_NAMESPACE = 'pid:[4026531836]'

/** What identifies this process among all that ever had its number since 1970, as far as the system says. */
export function thisProcess(): ProcessIdentity {
  return { pid: process.pid, processStart: processStartOf(process.pid), claimedAt: Date.now() }
}

export function thisPlace(): ProcessPlace {
  const host = hostname()
  if (process.platform !== 'linux') return { host, numbers: host, machine: null }
  const [boot, namespace] = [bootId(), pidNamespace()]
  if (boot === null || namespace === null) return { host, numbers: null, machine: null }
  const id = namespace === FIRST_NAMESPACE ? machineId() : null // images of containers bring a copy of their own
  return { host, numbers: `${boot} ${namespace}`, machine: id && `${id} ${host}` }
}

/**
 * `unknown`: the process, if it lives, has its number from another system, or another may have got the number since, as where the system
 * tells no start. An absent place, of older versions, counts as this one.
 */
export function lifeOf({ pid, processStart }: ProcessIdentity, place?: ProcessPlace): 'living' | 'gone' | 'unknown' {
  if (place && !isHere(place))
    return place.machine !== null && place.machine === thisPlace().machine ? 'gone' : 'unknown' // by an earlier boot
  if (!isGivenOut(pid)) return 'gone'
  const startNow = processStartOf(pid)
  if (processStart !== null && startNow !== null) return processStart === startNow ? 'living' : 'gone'
  return place ? 'unknown' : 'living' // older versions gave no signs of life by which to tell
}

/** True if numbers of that place are this one's. */
export function isHere({ numbers }: ProcessPlace): boolean {
  return numbers !== null && numbers === thisPlace().numbers
}

/** True while a process has this number. */
function isGivenOut(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return systemCode(error) === 'EPERM'
  }
}

/** Linux: boot and clock tick at which the process began (proc(5), field 22). Elsewhere null, and where /proc shows another namespace's processes. */
function processStartOf(pid: number): string | null {
  const boot = bootId()
  if (boot === null || attempt(() => readlinkSync('/proc/self')) !== String(process.pid)) return null
  return attempt(() => `${boot} ${statFields(readFileSync(`/proc/${pid}/stat`, 'utf8'))[19]}`)
}

const bootId = () => linuxFile('/proc/sys/kernel/random/boot_id')
const machineId = () => /^[0-9a-f]{32}$/.exec(linuxFile('/etc/machine-id') ?? '')?.[0] ?? null
const pidNamespace = () => attempt(() => readlinkSync('/proc/self/ns/pid'))

const linuxFile = (path: string) =>
  process.platform === 'linux' ? attempt(() => readFileSync(path, 'utf8').trim()) : null

function attempt<T>(read: () => T): T | null {
  try {
    return read()
  } catch {
    return null
  }
}
