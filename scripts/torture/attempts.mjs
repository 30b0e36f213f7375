// One case after another, each on a run of its own; afterwards the run is brought to its end and compared with one that nothing was done to.
import { cpSync, existsSync, mkdirSync, readdirSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { cases } from './cases.mjs'
import { differences, fingerprint, leftoversIn, readRun, temporaryFilesIn } from './compare.mjs'
import { unmountBelow } from './full-disk.mjs'
import { linesOf, processesOf, startLab } from './lab-process.mjs'
import { nextArguments } from './next-arguments.mjs'

/** Small and yet with every part: two models, epochs that end often. */
const SMALL = ['--preset', 'keras-blog', '--dims', '2,8', '--epochs', '10', '--train-limit', '10000']
/** Long enough to be slowed down from start to end. */
const WHOLE = ['--preset', 'article', '--epochs', '4', '--train-limit', '10000']
const MOST_CONTINUES = 4
/** Cases in which a disk does not take what is written: a run goes on without weights then. */
const FAULTS_OF_DISKS = ['a write fails', 'full disk']

/** Makes the undisturbed run in `place`. `whole`: hardships last from start to end. Answers with what does a case by its name. */
export async function prepare({ place, random, whole = false }) {
  const experiment = whole ? WHOLE : SMALL
  const reference = await undisturbed(newPlace(place, 'undisturbed', experiment))
  let attempts = 0

  /** Answers as the case does, its `faults` with what is wrong with the run in the end. */
  return async function attempt(kind) {
    const own = newPlace(place, String(attempts++), experiment)
    const isCached = !whole && random() < 0.7 // as on a machine that has computed PCA before: less of the run follows its training
    if (isCached) cpSync(join(reference.home, 'cache'), join(own.home, 'cache'), { recursive: true })
    const { operations, bytes, parts, spans } = reference
    const span = isCached ? spans.cached : spans.first
    const result = await cases[kind]({ ...own, random, span, operations, bytes, whole })
    if (!result.skipped) result.faults.push(...(await faultsInTheEnd(own, parts, FAULTS_OF_DISKS.includes(kind))))
    unmountBelow(own.home)
    if (result.skipped || result.faults.length === 0) removeAll(own.home)
    return result
  }
}

/** The run that all others have to equal, what it does with files, and how long it takes. */
async function undisturbed({ home, folder, args }) {
  const counts = join(home, 'counts')
  const first = await timed(home, args, { TORTURE_COUNTS: counts })
  const parts = fingerprint(folder)
  const bytes = readdirSync(folder).reduce((sum, name) => sum + statSync(join(folder, name)).size, 0)
  removeAll(folder)
  const cached = await timed(home, args)
  return { home, parts, bytes, operations: operationsIn(counts), spans: { first, cached } }
}

async function timed(home, args, env) {
  const began = performance.now()
  const { code, text } = await startLab(home, args, env).ended
  if (code !== 0) throw new Error(`The undisturbed run ended with ${code}: ${text}`)
  return performance.now() - began
}

/** `{ role, operation, count }` of each kind of file operation; of two threads of a process the one that does more of it. */
function operationsIn(path) {
  const most = new Map()
  for (const { role, counts } of linesOf(path).map((line) => JSON.parse(line))) {
    for (const [operation, count] of Object.entries(counts)) {
      const key = `${role} ${operation}`
      most.set(key, { role, operation, count: Math.max(count, most.get(key)?.count ?? 0) })
    }
  }
  return [...most.values()]
}

function newPlace(place, name, experiment) {
  const home = join(place, name)
  const folder = join(home, 'disk', 'run')
  mkdirSync(join(home, 'disk'), { recursive: true })
  return { home, folder, args: ['run', ...experiment, '--out', folder] }
}

async function faultsInTheEnd(own, parts, mayLackWeights) {
  const { home, folder } = own
  const found = await bringToItsEnd(own)
  if (isFinished(folder)) {
    found.push(...differences(fingerprint(folder), parts, mayLackWeights).map((part) => `unequal: ${part}`))
    found.push(...leftoversIn(folder).map((name) => `left over: ${name}`))
  } else found.push('unequal: no finished run')
  found.push(...temporaryFilesIn(home).map((path) => `left over: ${path}`))
  found.push(...(await livingProcesses(home)).map((pid) => `left over: process ${pid}`))
  return found
}

/** Goes on with what the case left, or begins anew where it left nothing. Answers with what went wrong. */
async function bringToItsEnd(own) {
  for (let count = 0; count < MOST_CONTINUES; count++) {
    const isDone = isFinished(own.folder)
    if (isDone && leftoversIn(own.folder).length === 0) return []
    const { code, isStuck, text } = await startLab(own.home, nextArguments(own)).ended
    if (isStuck) return ['stuck']
    if (isDone) return [] // `continue` has taken away what it could; the rest is left over
    if (code !== 0 && count === MOST_CONTINUES - 1) return [`can't be ended: ${text.slice(-300)}`]
  }
  return []
}

/** Finished and measured: a trainer that is killed while it measures leaves that to `continue`. */
function isFinished(folder) {
  if (!existsSync(join(folder, 'run.json'))) return false
  const { status, models } = readRun(folder)
  return status === 'finished' && models.every(({ metrics }) => metrics.psnr !== null)
}

/** Processes of the application that are still there some seconds after the end. */
async function livingProcesses(home) {
  for (let count = 0; count < 50 && processesOf(home).length > 0; count++) await wait(100)
  return processesOf(home)
}

/** Removes a folder whose files others may still be removing. */
export function removeAll(folder) {
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
}
