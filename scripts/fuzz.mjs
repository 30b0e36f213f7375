// `npm run fuzz`: damaged and hostile inputs to every reader of what comes from outside, and to both transports (tests/fuzz).
//   npm run fuzz -- --inputs 200000            so many, shared out among the readers
//   npm run fuzz -- --seed 7 --only run-file   other inputs, one reader
// A line a reader, a summary at the end; a call's time is that of the processor. What fails is kept in tests/fuzz/corpus, which `npm test` replays; exits 1 then.
import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { bundle } from './bundle-bench.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const HANGING_MILLISECONDS = 60_000
const LONGEST_CALL_MILLISECONDS = 2000
const MOST_GROWTH = 1.1
const MOST_PEAK_BYTES = 2 ** 29
/** A bound in which a reader of files up to 16 MB has its place. */
const HEAP = '--max-old-space-size=384'

const { values } = parseArgs({
  options: {
    inputs: { type: 'string', default: '20000' },
    seed: { type: 'string', default: '1' },
    only: { type: 'string' }
  }
})
process.chdir(root)
const worker = join(await bundle('fuzz', { worker: 'tests/fuzz/worker.ts' }), 'worker.js')
const place = mkdtempSync(join(tmpdir(), 'bottleneck-lab-fuzzing-'))
try {
  process.exitCode = await fuzzAll()
} finally {
  rmSync(place, { recursive: true, force: true })
}

async function fuzzAll() {
  const { readers } = (await work([])).found
  const chosen = readers.filter((name) => !values.only || name === values.only)
  if (chosen.length === 0) {
    console.error(`--only takes one of: ${readers.join(', ')}`)
    return 2
  }
  const count = Math.ceil(Number(values.inputs) / chosen.length)
  if (!Number.isInteger(count) || count < 1) {
    console.error(`--inputs takes a whole number from 1, found ${values.inputs}`)
    return 2
  }
  console.log('reader             inputs  failures  slowest call  memory before, after, peak')
  let failures = 0
  for (const name of chosen) failures += await fuzzReader(name, count)
  console.log(`${count * chosen.length} inputs, ${failures} failures`)
  return failures > 0 ? 1 : 0
}

/** Prints what was found; answers with how many failures that are. */
async function fuzzReader(name, count) {
  const folder = join('tests/fuzz/corpus', name)
  const ended = await work([name, String(count), values.seed, folder, join(place, 'progress')])
  const faults = ended.found ? faultsOf(ended) : [await deathOf(name, folder, ended)]
  const { slowest = 0, before = 0, after = 0, peak = 0 } = ended.found ?? {}
  const columns = [
    name.padEnd(17),
    String(count).padStart(7),
    String(faults.length).padStart(9),
    `${slowest.toFixed(0)} ms`.padStart(13),
    ` ${[before, after, peak].map((bytes) => `${(bytes / 2 ** 20).toFixed(1)} MB`).join(', ')}`
  ]
  console.log(columns.join(' '))
  for (const fault of faults) console.log(`  ${fault}`)
  return faults.length
}

/** Keeps the input at which a worker died or hung. */
async function deathOf(name, folder, { stderr, ending }) {
  const index = readProgress(join(place, 'progress')).trim()
  const path = join(folder, `${ending.replace(/\W+/g, '-')}-${index}`)
  await work([name, index, values.seed, path, 'keep'])
  return `${path}: ${ending}; ${stderr.slice(0, 500)}`
}

function faultsOf({ found, stderr }) {
  const faults = found.failures.map(({ fault, path }) => `${path}: ${fault}`)
  if (stderr !== '') faults.push(`written to stderr: ${stderr.slice(0, 500)}`)
  if (found.slowest > LONGEST_CALL_MILLISECONDS) faults.push(`a call of ${found.slowest.toFixed(0)} ms`)
  if (found.after > found.before * MOST_GROWTH) faults.push(`memory grew from ${found.before} to ${found.after} bytes`)
  if (found.peak > MOST_PEAK_BYTES) faults.push(`took ${found.peak} bytes at its peak`)
  return faults
}

/** One worker: what it printed last, all of its stderr, and how it ended where it printed nothing. */
function work(args) {
  const child = spawn(process.execPath, ['--expose-gc', HEAP, worker, ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
  const output = { stdout: '', stderr: '' }
  for (const stream of ['stdout', 'stderr'])
    child[stream].setEncoding('utf8').on('data', (text) => (output[stream] += text))
  const watch = watchProgress(child, args.at(-1))
  return new Promise((resolve) => {
    child.on('close', (code, signal) => {
      clearInterval(watch)
      const found = code === 0 && output.stdout ? JSON.parse(output.stdout) : null
      resolve({ found, stderr: output.stderr, ending: `ended with ${signal ?? `exit code ${code}`}` })
    })
  })
}

/** Ends a worker that is at the same input for too long. */
function watchProgress(child, progress) {
  let [last, since] = ['', Date.now()]
  return setInterval(() => {
    const now = progress ? readProgress(progress) : ''
    if (now !== last) [last, since] = [now, Date.now()]
    else if (Date.now() - since > HANGING_MILLISECONDS) child.kill('SIGKILL')
  }, 1000)
}

function readProgress(path) {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}
