// A `lab serve` in a process of its own, and what the system says of it while it works.
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { statFields } from '../../src/main/system/process-activity'

/** What the server and its trainer hold at a moment; bytes, and counts of open descriptors. */
export interface Sample {
  serverBytes: number
  trainerBytes: number
  serverDescriptors: number
  trainerDescriptors: number
  /** Children that have ended and were never waited for. */
  zombies: number
}

export interface Server {
  /** The next link that opens a page. */
  link(): Promise<string>
  sample(): Sample
  /** Bytes of live objects, after a collection. */
  heapBytes(): Promise<number>
  close(): Promise<void>
}

/** Loaded into the server: says what its heap holds when it is asked. */
const ANSWER = `
import { isMainThread } from 'node:worker_threads'
if (isMainThread) {
  process.on('message', () => { gc(); gc(); process.send(process.memoryUsage().heapUsed) })
  process.channel.unref()
}`

/** Starts the built application at `entry` as a server on a free port, with `home` for runs, settings, cache and log. */
export function startServer(entry: string, home: string): Server {
  const options = ['--expose-gc', '--import', `data:text/javascript,${encodeURIComponent(ANSWER)}`]
  const server = spawn(process.execPath, [...options, entry, 'serve', '--no-open'], {
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
    env: { ...process.env, BOTTLENECK_LAB_HOME: home }
  })
  const endWithParent = () => void server.kill('SIGKILL')
  process.prependOnceListener('exit', endWithParent) // before its home is removed
  const pid = server.pid ?? NaN
  return {
    link: linksOf(server),
    sample: () => sampleOf(pid),
    async heapBytes() {
      server.send('memory')
      const [bytes] = (await once(server, 'message')) as [number]
      return bytes
    },
    async close() {
      server.kill('SIGINT')
      await once(server, 'close')
      process.removeListener('exit', endWithParent)
    }
  }
}

/** Hands out the links that the server prints, one after another: each opens one page, and the next is printed then. */
function linksOf({ stdout }: ChildProcess): () => Promise<string> {
  let text = ''
  let taken = 0
  stdout?.on('data', (part) => (text += String(part)))
  return async () => {
    const links = () => text.match(/http:\S+(?=\n)/g) ?? []
    while (links().length <= taken) await once(stdout as NodeJS.ReadableStream, 'data')
    return links()[taken++] as string
  }
}

function sampleOf(server: number): Sample {
  const children = childrenOf(server)
  const trainer = children.find(({ command }) => command.includes('trainer.js'))?.pid
  return {
    serverBytes: residentBytes(server),
    trainerBytes: trainer === undefined ? 0 : residentBytes(trainer),
    serverDescriptors: descriptors(server),
    trainerDescriptors: trainer === undefined ? 0 : descriptors(trainer),
    zombies: children.filter(({ state }) => state === 'Z').length
  }
}

function childrenOf(parent: number): { pid: number; state: string; command: string }[] {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name))
  return pids.flatMap((pid) => {
    const [state = '', ofParent] = statFields(read(`/proc/${pid}/stat`))
    return ofParent === String(parent) ? [{ pid: Number(pid), state, command: read(`/proc/${pid}/cmdline`) }] : []
  })
}

function residentBytes(pid: number): number {
  const [, kilobytes = '0'] = /^VmRSS:\s+(\d+) kB$/m.exec(read(`/proc/${pid}/status`)) ?? []
  return 1024 * Number(kilobytes)
}

function descriptors(pid: number): number {
  try {
    return readdirSync(`/proc/${pid}/fd`).length
  } catch {
    return 0 // it has ended
  }
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return '' // it has ended
  }
}
