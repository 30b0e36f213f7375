// What a process of this machine is doing, as its kernel counts it: how much it has computed, and whether it may compute at all.
import { execFile } from 'node:child_process'
import { readdir, readFile } from 'node:fs/promises'

export interface ProcessActivity {
  /** Processor time of all threads since the process began, in steps of 10 ms. */
  processorSeconds: number
  /** Pages that were fetched from a disk; 0 where the system does not say. */
  majorFaults: number
  /** Stopped by a signal (SIGSTOP, Ctrl-Z) or by a debugger. */
  isStopped: boolean
  /** A thread computes, or would if a processor were free. */
  isRunnable: boolean
}

const TICKS_A_SECOND = 100 // USER_HZ, in which proc(5) counts for programs whatever the kernel's own clock is
const ANSWER_MILLISECONDS = 5_000

/** Linux reads /proc, other Unix systems ask `ps`. Null where the process has gone or the system can't be asked, as Windows. */
export async function activityOf(pid: number): Promise<ProcessActivity | null> {
  if (process.platform === 'linux') return fromProc(pid).catch(() => null)
  return process.platform === 'win32' ? null : fromPs(pid)
}

async function fromProc(pid: number): Promise<ProcessActivity> {
  const all = statFields(await readFile(`/proc/${pid}/stat`, 'utf8'))
  const threads = await readdir(`/proc/${pid}/task`)
  const stats = threads.map((thread) => readFile(`/proc/${pid}/task/${thread}/stat`, 'utf8').catch(() => null))
  const states = (await Promise.all(stats)).flatMap((text) => (text === null ? [] : [statFields(text)[0]]))
  return {
    processorSeconds: (Number(all[11]) + Number(all[12])) / TICKS_A_SECOND,
    majorFaults: Number(all[9]),
    isStopped: all[0] === 'T' || all[0] === 't',
    isRunnable: states.includes('R')
  }
}

/** The fields of a `/proc/PID/stat` from the state on, which is field 3 of proc(5); the name before it may hold spaces. */
export function statFields(stat: string): string[] {
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')
}

function fromPs(pid: number): Promise<ProcessActivity | null> {
  return new Promise((resolve) => {
    execFile('ps', ['-o', 'state=,time=', '-p', String(pid)], { timeout: ANSWER_MILLISECONDS }, (error, answer) =>
      resolve(error ? null : activityInPs(answer))
    )
  })
}

/** Of a line such as `R+   1:02.34`; null where it says something else. */
export function activityInPs(line: string): ProcessActivity | null {
  const [, state, days = '0', clock] = /^\s*(\S+)\s+(?:(\d+)-)?([\d:.]+)\s*$/.exec(line) ?? []
  if (state === undefined || clock === undefined) return null
  const seconds = clock.split(':').reduce((sum, part) => 60 * sum + Number(part), 0)
  return {
    processorSeconds: 86_400 * Number(days) + seconds,
    majorFaults: 0,
    isStopped: state.startsWith('T'),
    isRunnable: state.startsWith('R')
  }
}
