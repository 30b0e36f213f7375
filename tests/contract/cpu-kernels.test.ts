// The native kernels as an interface to the outside: whatever they are given, they answer or throw an error with a code.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { describe, expect, test } from 'vitest'
import { randomStream } from '@shared/random'
import { kernelError, loadKernels, type Kernels } from '../../src/main/trainer/engines/cpu/load-kernels'
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

test('the manifest lists each file as it is, built from the sources as they are', () => {
  interface Manifest {
    files: Record<string, { sha256: string; bytes: number; source: string; compiler: string }>
  }
  const sha256 = (data: Buffer | string) => createHash('sha256').update(data).digest('hex')
  const sources = readdirSync('src/kernels').sort()
  const source = sha256(sources.map((name) => `${name} ${sha256(readFileSync(join('src/kernels', name)))}\n`).join(''))
  const { files } = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8')) as Manifest
  const found = readdirSync(folder)
    .filter((name) => name !== 'manifest.json')
    .map((name) => {
      const data = readFileSync(join(folder, name))
      return [name, { sha256: sha256(data), bytes: data.length, source, compiler: files[name]?.compiler }]
    })
  expect(Object.fromEntries(found)).toEqual(files)
})

test('names of platforms and --only go together', () => {
  const before = readFileSync(join(folder, 'manifest.json'))
  for (const given of [['--only'], ['linux-x64']]) {
    expect(spawnSync(process.execPath, ['scripts/kernels.mjs', ...given]).status).toBe(2)
  }
  expect(readFileSync(join(folder, 'manifest.json'))).toEqual(before)
})

describe.each([
  ['native', undefined],
  ['WebAssembly', 'no-platform']
])('%s kernels', (_, platform) => {
  const train = imagesOf(12, 20, 0.5)
  const numbers = description(configOf([modelOf({ size: 20, hidden: [3] })], train))
  const floats = (length: number) => new Float32Array(new SharedArrayBuffer(4 * length))
  const doubles = (length: number) => new Float64Array(new SharedArrayBuffer(8 * length))
  const openOn = async () => {
    const { kernels } = await loadKernels(platform)
    return { kernels, session: kernels.open(kernels.instructionSets()[0] as string, numbers, train.pixels) }
  }

  test('wrong lengths and indices are refused', async () => {
    const { kernels, session } = await openOn()
    const order = orderOf(24, 12)
    const wrong: (() => unknown)[] = [
      () => kernels.bytes(numbers.slice(1)),
      () => kernels.open(kernels.instructionSets()[0] as string, numbers.slice(1), train.pixels),
      () => kernels.open(kernels.instructionSets()[0] as string, numbers, train.pixels.subarray(1)),
      () => kernels.steps(session, order, floats(4), 1),
      () => kernels.steps(session, Int32Array.of(12), floats(1), 1),
      () => kernels.steps(session, Int32Array.of(-1), floats(1), 1),
      () => kernels.steps(session, new Int32Array(0), floats(0), 1),
      () => kernels.forward(session, train.pixels.subarray(1), Int32Array.of(0), 1, floats(1)),
      () => kernels.forward(session, train.pixels, Int32Array.of(12), 1, floats(1)),
      () => kernels.forward(session, train.pixels, Int32Array.of(0), 16, floats(1)),
      () => kernels.forward(session, train.pixels, Int32Array.of(0), 1, floats(2)),
      () => kernels.save(session, floats(1), doubles(1)),
      () => kernels.load(session, floats(3 * (20 * 3 + 3 + 3 * 20 + 20)), doubles(2))
    ]
    for (const call of wrong) {
      const thrown = await Promise.resolve()
        .then(call)
        .catch((error: unknown) => kernelError(error))
      expect(thrown, String(call)).toMatchObject({ kind: 'bad-value' })
    }
    await kernels.close(session)
  })

  test('a stop of steps leaves other calls alone', async () => {
    const { kernels, session } = await openOn()
    const answers = floats(100_000)
    const call = kernels.forward(session, train.pixels, orderOf(100_000, 12), 1, answers)
    kernels.stop(session, 0)
    await call
    expect(answers.indexOf(0)).toBe(-1)
    await kernels.close(session)
  })
})

test(
  'sessions of the WebAssembly module that nobody has any more give back their memory',
  { timeout: 60_000 },
  async () => {
    setFlagsFromString('--expose-gc')
    const collect = runInNewContext('gc') as () => void
    const { kernels } = await loadKernels('no-platform')
    const train = imagesOf(1, 784, 0.5)
    const numbers = description(configOf([modelOf({ size: 784, hidden: [3000] })], train))
    const most = 2 ** 32 // that the module can have
    for (let bytes = 0; bytes < 1.2 * most; bytes += kernels.bytes(numbers)) {
      kernels.open('webassembly', numbers, train.pixels)
      collect()
      await new Promise((resolve) => setTimeout(resolve, 1))
    }
  }
)
