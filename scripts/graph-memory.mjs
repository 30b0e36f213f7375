// `npm run graph-memory`: what graphs of some models take in training, measured beside the estimate that the memory budget goes by, and
// what parts that take turns save, with runs of one step. Each line is a process of its own. WebGPU is measured where a program plays it (SwiftShader), as
// the memory of such a device is the process's own.
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { bundleBench } from './bundle-bench.mjs'
import { trainerEnvironment } from './trainer-environment.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))

const repeated = (latentDim, count) => Array.from({ length: count }, () => latentDim)
const widest = Array.from({ length: 12 }, (_, index) => 773 + index)

/** Latent dimensions, batch size, and parts that take turns (0: one graph as ever); `estimate`: nothing is measured. */
const cases = {
  cpu: [
    ...[1, 4, 12].map((count) => [repeated(32, count), 1024, 0]),
    ...[128, 4096, 16384].map((batch) => [repeated(32, 4), batch, 0]),
    ...[2, 784].map((latentDim) => [repeated(latentDim, 4), 128, 0]),
    ...[0, 1, 2, 4, 8].map((parts) => [repeated(32, 8), 4096, parts])
  ],
  webgpu: [
    ...[1, 4, 12].map((count) => [repeated(32, count), 128, 0]),
    ...[128, 400].map((latentDim) => [repeated(latentDim, 4), 128, 0]),
    ...[1, 2, 4].map((parts) => [repeated(8, 4), 1024, parts])
  ],
  /** The widest experiment that may be asked for: in one graph estimated, each model alone measured. */
  widest: [
    [widest, 60_000, 0, 'estimate'],
    [widest, 60_000, 12]
  ],
  'widest-webgpu': [
    [widest, 60_000, 0, 'estimate'],
    [widest, 60_000, 12, 'estimate']
  ]
}

/** Bundles bench/graph-memory.ts; answers with the built file. */
export async function buildGraphMemory() {
  return join(await bundleBench('graph-memory', ['graph-memory']), 'graph-memory.js')
}

/** Measures one case in a process of its own. Answers with bytes: `estimate` of the largest part, `measured` in all or null. */
export function measureGraph(entry, device, [latentDims, batch, parts, only = '']) {
  const given = [entry, device, latentDims.join(), String(batch), String(parts), only]
  const ended = spawnSync(process.execPath, given, {
    encoding: 'utf8',
    cwd: root,
    env: { ...process.env, ...trainerEnvironment }
  })
  if (ended.status === 0) return JSON.parse(ended.stdout)
  throw new Error(`${device} did not train: ${ended.stderr.trim().split('\n').slice(-3).join('\n')}`)
}

async function print() {
  const entry = await buildGraphMemory()
  const inMegabytes = (bytes) => `${Math.round(bytes / 1e6).toLocaleString('en-US')} MB`
  const megabytes = (bytes) => (bytes === null ? '–' : inMegabytes(bytes)).padStart(11)
  const wanted = process.argv.slice(2)
  for (const name of wanted.length > 0 ? wanted : ['cpu', 'webgpu']) {
    if (!cases[name]) throw new Error(`Expected ${Object.keys(cases).join(', ')}`)
    console.log(`\n${name}: models, widest, batch, parts, estimate of one graph, measured in all`)
    for (const one of cases[name]) {
      const [latentDims, batch, parts] = one
      const { estimate, measured } = measureGraph(entry, name.endsWith('webgpu') ? 'webgpu' : 'cpu', one)
      const shape = [latentDims.length, Math.max(...latentDims), batch, parts === 0 ? 'ever' : parts]
      console.log(
        `${shape.map((side) => String(side).padStart(7)).join('')}${megabytes(estimate)}${megabytes(measured)}`
      )
    }
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await print()
