// One reader in a process of its own, as scripts/fuzz.mjs starts it: `worker.js READER COUNT SEED FOLDER PROGRESS`. Its line on stdout is
// what it found, as JSON; PROGRESS holds the number of the input at hand, for whoever finds the process dead or hanging: `worker.js READER
// INDEX SEED FILE keep` writes that input to FILE.
import { mkdirSync, mkdtempSync, openSync, rmSync, writeFileSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { tryInput } from './fuzzer'
import { inputAt } from './inputs'
import type { FuzzReader } from './reader'
import { readers } from './readers'

const MOST_FAILURES = 20

async function main([name, count, seed, folder, progress]: string[]): Promise<void> {
  const reader = readers.find((one) => one.name === name)
  if (!reader) return print({ readers: readers.map((one) => one.name) })
  if (progress === 'keep') return keep(reader, Number(count), Number(seed), String(folder))
  const place = mkdtempSync(join(tmpdir(), 'bottleneck-lab-fuzz-'))
  try {
    print(await fuzz(reader, Number(count), Number(seed), String(folder), String(progress), place))
  } finally {
    rmSync(place, { recursive: true, force: true })
  }
}

async function fuzz(reader: FuzzReader, count: number, seed: number, folder: string, progress: string, place: string) {
  const [own, aside] = [join(place, 'own'), join(place, 'seeds')]
  for (const made of [own, aside]) mkdirSync(made)
  const seeds = await reader.seeds(aside)
  const progressFile = openSync(progress, 'w')
  const open = await reader.open(own)
  const failures = new Map<string, string>()
  const stray: unknown[] = []
  process.on('unhandledRejection', (reason) => stray.push(reason))
  process.on('uncaughtException', (error) => stray.push(error))
  const warmUp = Math.min(1000, Math.floor(count / 4))
  let slowest = 0
  let before = 0
  for (let index = 0; index < count; index++) {
    writeSync(progressFile, `${index} `, 0)
    if (index === warmUp) before = await memory()
    const input = inputAt(reader, seeds, seed, index)
    const { fault: found, milliseconds } = await tryInput(open, input)
    slowest = Math.max(slowest, milliseconds)
    const fault = stray.length > 0 ? `nobody caught ${String((stray.splice(0)[0] as Error)?.stack)}` : found
    if (fault !== null && keepInput(failures, folder, fault, input) >= MOST_FAILURES) break
  }
  const after = await memory()
  await open.close?.()
  const peak = process.resourceUsage().maxRSS * 1024
  return { failures: [...failures].map(([fault, path]) => ({ fault, path })), slowest, before, after, peak }
}

async function keep(reader: FuzzReader, index: number, seed: number, path: string): Promise<void> {
  const aside = mkdtempSync(join(tmpdir(), 'bottleneck-lab-fuzz-'))
  mkdirSync(join(path, '..'), { recursive: true })
  writeFileSync(path, inputAt(reader, await reader.seeds(aside), seed, index))
  rmSync(aside, { recursive: true })
  print({ path })
}

/** Keeps one input a fault, named by it; answers with how many there are. */
function keepInput(failures: Map<string, string>, folder: string, fault: string, input: Buffer): number {
  const kind = kindOf(fault)
  if ([...failures.keys()].some((known) => kindOf(known) === kind)) return failures.size
  const name = kind.toLowerCase().replace(/[^a-z]+/g, '-')
  const path = join(folder, `${name}-${failures.size + 1}`)
  mkdirSync(folder, { recursive: true })
  writeFileSync(path, input)
  failures.set(fault, path)
  return failures.size
}

/** The first words of a fault, whatever was found. */
const kindOf = (fault: string) => fault.replace(/"[^"]*"?|\/\S+/g, '').slice(0, 60)

/** Bytes in use, after all that can be freed is. */
async function memory(): Promise<number> {
  for (let times = 0; times < 3; times++) {
    await nextTurn()
    globalThis.gc?.()
  }
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}

const print = (found: object): void => void process.stdout.write(`${JSON.stringify(found)}\n`)

main(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`The fuzzer itself failed: ${error instanceof Error ? error.stack : String(error)}\n`)
  process.exitCode = 1
})
