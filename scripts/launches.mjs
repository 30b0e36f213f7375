// `npm run launches`: how many programs a training step of the article's six starts on WebGPU, before and after the GPU's own graph,
// and how many bytes cross between CPU and GPU. Counts are the same on every adapter, a software one too.
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { bundleBench } from './bundle-bench.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))

/** Bundles bench/launches.ts; answers with the built file. */
export async function buildLaunches() {
  return join(await bundleBench('launches', ['launches']), 'launches.js')
}

/** Launches a step, and of which programs; `way` is `apart` or `flat`. */
export function countLaunches(entry, way, batch) {
  const { stdout, stderr } = run(entry, way, batch)
  const { steps } = JSON.parse(stdout)
  const told = stderr.slice(stderr.indexOf('\nfirst step\n'), stderr.indexOf('\nlast step\n'))
  const programs = [...told.matchAll(/Starting program "(\w+)/g)].map(([, program]) => program)
  const byProgram = {}
  for (const program of programs) byProgram[program] = (byProgram[program] ?? 0) + 1 / steps
  return { launches: programs.length / steps, byProgram }
}

/** Bytes a step to the device and back. */
export function countBytes(entry, batch) {
  return JSON.parse(run(entry, 'traffic', batch).stdout)
}

function run(entry, way, batch) {
  const ended = spawnSync(process.execPath, [entry, way, String(batch)], {
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
    cwd: root
  })
  if (ended.status === 0) return ended
  throw new Error(`WebGPU did not train: ${ended.stderr.trim().split('\n').slice(-3).join('\n')}`)
}

async function print() {
  const entry = await buildLaunches()
  const show = (number) => number.toFixed(1)
  for (const [way, title] of [
    ['apart', 'Every tensor apart, steps in a Loop'],
    ['flat', 'Flat state, all models at once']
  ]) {
    const { launches, byProgram } = countLaunches(entry, way, 8)
    const most = Object.entries(byProgram).sort(([, a], [, b]) => b - a)
    console.log(`${title}: ${show(launches)} launches a step`)
    console.log(`  ${most.map(([program, count]) => `${program} ${show(count)}`).join(', ')}`)
  }
  const batch = 256
  const { toDevice, fromDevice } = countBytes(entry, batch)
  console.log(`Batch ${batch}: ${show(toDevice)} bytes a step to the GPU, ${show(fromDevice)} back`)
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await print()
