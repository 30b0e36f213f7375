// A runs folder with thousands of runs: how long a list takes, and what it costs.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { copyFileSync, cpSync, linkSync, mkdirSync, readdirSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { megabytes, type Verdict } from './judge'
import { openLink } from './page'
import { startServer } from './server'

const MOST_MILLISECONDS = 1000
const MOST_GROWTH = 1.1
const LISTS = 100

/** Fills `home` with copies of the run in `original`, as many as are wanted, which share its files but run.json. */
export function copyRuns(original: string, home: string, count: number): void {
  const inside = readdirSync(original, { recursive: true, withFileTypes: true })
  const others = inside
    .filter((entry) => entry.isFile())
    .map((entry) => relative(original, join(entry.parentPath, entry.name)))
  for (let index = 0; index < count; index++) {
    const id = `2026-01-01-${String(index).padStart(6, '0')}-article`
    const folder = join(home, 'data', 'runs', id)
    mkdirSync(folder, { recursive: true })
    copyFileSync(join(original, 'run.json'), join(folder, 'run.json')) // the name of its folder is its id
    for (const path of others.filter((path) => path !== 'run.json')) {
      mkdirSync(dirname(join(folder, path)), { recursive: true })
      link(join(original, path), join(folder, path))
    }
  }
}

function link(from: string, to: string): void {
  try {
    linkSync(from, to)
  } catch {
    cpSync(from, to) // a file system without links
  }
}

/** Lists them on the command line and by a server, in which nothing is known of them at first. */
export async function listMany(entry: string, home: string, count: number): Promise<Verdict[]> {
  const commandCold = await timed(() => listOnCommandLine(entry, home))
  const commandWarm = await timed(() => listOnCommandLine(entry, home))
  const server = startServer(entry, home)
  const page = await openLink(await server.link())
  const before = { heap: await server.heapBytes(), ...server.sample() }
  const cold = await timed(async () => expectCount(await page.calls.listRuns(), count))
  const warm = await timed(() => page.calls.listRuns())
  const heap = await server.heapBytes()
  const listOften = async () => {
    for (let list = 0; list < LISTS; list++) await page.calls.listRuns()
    return server.sample().serverBytes
  }
  const [first, last] = [await listOften(), await listOften()] // the engine collects when it likes: its memory is first taken
  const heapLast = await server.heapBytes()
  await page.close()
  await server.close()
  const held = `${megabytes(before.serverBytes)} before, ${megabytes(first)} after ${LISTS} lists, ${megabytes(last)} after ${LISTS} more`
  const live = `${megabytes(before.heap)} before, ${megabytes(heap)} after the first list, ${megabytes(heapLast)} after the last`
  return [
    quick(`listed by the server: ${milliseconds(cold)} the first time, ${milliseconds(warm)} the second`, cold),
    quick(
      `lab runs: ${milliseconds(commandCold)} the first time, ${milliseconds(commandWarm)} the second`,
      commandCold
    ),
    { line: `memory of the server: ${held}`, isMet: last <= MOST_GROWTH * first },
    { line: `live objects of the server: ${live}`, isMet: heapLast <= MOST_GROWTH * heap }
  ]
}

const quick = (line: string, took: number): Verdict => ({ line, isMet: took < MOST_MILLISECONDS })
const milliseconds = (time: number) => `${Math.round(time)} ms`

async function timed(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now()
  await work()
  return performance.now() - began
}

async function listOnCommandLine(entry: string, home: string): Promise<void> {
  const child = spawn(process.execPath, [entry, 'runs'], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, BOTTLENECK_LAB_HOME: home }
  })
  const [code] = (await once(child, 'close')) as [number | null]
  if (code !== 0) throw new Error(`lab runs ended with ${code}`)
}

function expectCount(runs: readonly unknown[], count: number): void {
  if (runs.length !== count) throw new Error(`${runs.length} runs were listed instead of ${count}`)
}
