// The native kernels as an interface to the outside: whatever they are given, they answer or throw an error with a code.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { expect, test } from 'vitest'
import { randomStream } from '@shared/random'
import { loadKernels, type Kernels } from '../../src/main/trainer/engines/cpu/load-kernels'
import { description } from '../../src/main/trainer/engines/cpu/cpu-session'
import { configOf, imagesOf, modelOf, orderOf } from './cpu-models'

const CALLS = 100_000
const folder = resolve('resources/kernels')
const file = join(folder, `${process.platform}-${process.arch}.node`)
const codes = ['bad-value', 'out-of-memory', 'internal']
const functions = ['bytes', 'open', 'steps', 'stop', 'forward', 'save', 'load', 'close'] as const

/** Values of all kinds, sensible ones among them. */
function anything(random: () => number, sessions: readonly unknown[]): unknown {
  const below = (most: number) => Math.floor(random() * most)
  const detached = new Float32Array(8)
  const kinds: (() => unknown)[] = [
    () => sessions[below(sessions.length)],
    () => sessions[below(sessions.length)],
    () => [undefined, null, true, {}, [], () => 0, Symbol('x'), 5n, new Date(), new Proxy({}, {})][below(10)],
    () => [0, 1, 3, 15, 16, -1, 0.5, NaN, Infinity, 1e300][below(10)],
    () => ['avx2', 'sse2', 'neon', '', 'x'.repeat(100), '\0'][below(6)],
    () => new Float64Array(below(30)).map(() => [1, 2, 8, 20, 0.001, -1, NaN, 1e9][below(8)] as number),
    () => description(configOf([modelOf({ size: 20, hidden: [1 + below(5)] })], imagesOf(10, 20, 0.5))),
    () => new Int32Array(below(40)).map(() => below(12) - below(2)),
    () => new Int32Array(new SharedArrayBuffer(4 * below(40))),
    () => new Float32Array(below(40)),
    () => new Float32Array(new SharedArrayBuffer(4 * [0, 1, 2, 3, 5, 200, 249, 372, 1000][below(9)]!)),
    () => new Float64Array(new SharedArrayBuffer(8 * below(3))),
    () => new Uint8Array(new SharedArrayBuffer(20 * below(12))),
    () => new Uint8Array(below(300)),
    () => new DataView(new ArrayBuffer(16)),
    () => new SharedArrayBuffer(64),
    () => (structuredClone(detached, { transfer: [detached.buffer] }), detached),
    () => new Float32Array(new SharedArrayBuffer(64), 4, 3)
  ]
  return kinds[below(kinds.length)]?.()
}

test(`${CALLS.toLocaleString('en-US')} random calls neither crash nor hang`, { timeout: 600_000 }, async () => {
  const { kernels } = await loadKernels()
  const random = randomStream(1, 'calls', '')
  const train = imagesOf(12, 20, 0.5)
  const open = () =>
    kernels.open(
      kernels.instructionSets()[0] as string,
      description(configOf([modelOf({ size: 20, hidden: [3] })], train)),
      train.pixels
    )
  const sessions: unknown[] = [open(), open(), open()]
  let answered = 0
  let refused = 0
  for (let call = 0; call < CALLS; call++) {
    const name = functions[Math.floor(random() * functions.length)] as (typeof functions)[number]
    const given = Array.from({ length: Math.floor(random() * 6) }, () => anything(random, sessions))
    if (random() < 0.3) given.splice(0, given.length, ...sensible(name, random, sessions))
    try {
      const answer = (kernels[name] as (...given: unknown[]) => unknown)(...given)
      answered++
      if (name === 'open') sessions[Math.floor(random() * 3)] = answer
      if (answer instanceof Promise && random() < 0.2) await answer
    } catch (thrown) {
      refused++
      if (!codes.includes((thrown as { code: string }).code)) throw thrown
    }
    if (random() < 0.02) sessions[Math.floor(random() * 3)] = open() // the old one is left to the garbage collector
  }
  expect(answered).toBeGreaterThan(CALLS / 20)
  expect(refused).toBeGreaterThan(CALLS / 20)
})

/** Arguments that fit an open session of the test. */
function sensible(name: keyof Kernels, random: () => number, sessions: readonly unknown[]): unknown[] {
  const session = sessions[Math.floor(random() * sessions.length)]
  const floats = (length: number) => new Float32Array(new SharedArrayBuffer(4 * length))
  const state = () => [session, floats(3 * (20 * 3 + 3 + 3 * 20 + 20)), new Float64Array(new SharedArrayBuffer(8))]
  switch (name) {
    case 'steps':
      return [session, orderOf(24, 12), floats(3), 1]
    case 'forward':
      return [session, imagesOf(12, 20, 0.5).pixels, orderOf(9, 12), 15, floats(9 * (1 + 1 + 20 + 3))]
    case 'stop':
      return [session, 1]
    case 'save':
    case 'load':
      return state()
    default:
      return [session]
  }
}

/** Runs a program that has the kernels, ends on its own, and answers with its exit code. */
function exitOf(program: string) {
  const { status, signal, stderr } = spawnSync(process.execPath, ['-e', program, file], { encoding: 'utf8' })
  return { status, signal, stderr }
}
const opened = `
  const kernels = require(process.argv[1])
  const shared = (Kind, length) => new Kind(new SharedArrayBuffer(length * Kind.BYTES_PER_ELEMENT))
  const numbers = Float64Array.of(784, 64, 2, 1, 0.001, 0, 0, 2, 200, 1, 784, 2)
  const session = kernels.open(kernels.instructionSets()[0], numbers, shared(Uint8Array, 784 * 10))
  const order = new Int32Array(64 * 1000)
  const steps = () => kernels.steps(session, order, shared(Float32Array, 1000), 1)
`
const well = { status: 0, signal: null, stderr: '' }

test('a process ends while its kernels are at work', () => {
  expect(exitOf(`${opened} steps(); steps(); setTimeout(() => process.exit(0), 20)`)).toEqual(well)
  expect(exitOf(`${opened} steps(); process.exit(0)`)).toEqual(well)
})

test('a process with an open session ends on its own, not before its calls are answered', () => {
  expect(exitOf(`${opened} steps().then(() => (process.exitCode = 7))`)).toEqual({ ...well, status: 7 })
})

test('a thread ends while its kernels are at work, and others load them after it', () => {
  const source = `${opened} const again = () => kernels.steps(session, order.subarray(0, 128), shared(Float32Array, 2), 1).then(again)
    again(); again(); steps(); again()`
  const thread = `const { Worker } = require('node:worker_threads')
    const source = 'process.argv[1] = ' + JSON.stringify(process.argv[1]) + ';' + ${JSON.stringify(source)}
    const run = (milliseconds) => new Promise((resolve) => {
      const worker = new Worker(source, { eval: true })
      worker.on('error', (error) => { throw error })
      worker.on('online', () => setTimeout(() => worker.terminate().then(resolve), milliseconds))
    })
    const all = async () => {
      for (let n = 0; n < 5; n++) await Promise.all([run(40 + 10 * n), run(100), run(90 + n)])
      await run(100)
    }
    all()`
  expect(exitOf(thread)).toEqual(well)
})

test('the manifest lists each file as it is', () => {
  interface Manifest {
    files: Record<string, { sha256: string; bytes: number }>
  }
  const { files } = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8')) as Manifest
  const found = readdirSync(folder)
    .filter((name) => name !== 'manifest.json')
    .map((name) => {
      const data = readFileSync(join(folder, name))
      return [name, { sha256: createHash('sha256').update(data).digest('hex'), bytes: data.length }]
    })
  expect(Object.fromEntries(found)).toEqual(files)
})
