// The command line as built, started as a user starts it: bad input, a small real run, Ctrl-C, continue, report, serve.
import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import {
  copyFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync
} from 'node:fs'
import { get } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { strFromU8, unzipSync } from 'fflate'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { mnistFolder } from '../../src/main/data/mnist'
import { copyOlderRun } from '../fixtures/older-runs'

const home = mkdtempSync(join(tmpdir(), 'cli-'))
const runsFolder = join(home, 'data', 'runs')
const program = join(process.cwd(), 'out', 'main', 'index.js')
const small = ['--train-limit', '512', '--epochs', '2', '--dims', '2,4', '--device', 'cpu']
const long = ['--train-limit', '2000', '--epochs', '1000', '--dims', '2']
const isWindows = process.platform === 'win32'
const noSignals = 'needs signals, which Windows does not have'

afterAll(() => rmSync(home, { recursive: true, force: true }))

interface Ended {
  code: number | null
  stdout: string
  stderr: string
}

interface Started {
  child: ChildProcess
  ended: Promise<Ended>
  /** What it has written so far. */
  output: { stdout: string; stderr: string }
  /** Resolves when stdout or stderr holds `text`. */
  shows(text: string): Promise<void>
}

/** `detached`: as the first of a process group of its own. */
function start(
  argv: string[],
  environment: Record<string, string> = {},
  wrapper: string[] = [],
  detached = false
): Started {
  const [executable = process.execPath, ...args] = [...wrapper, process.execPath, program, ...argv]
  const child = spawn(executable, args, {
    env: { ...process.env, BOTTLENECK_LAB_HOME: home, ...environment },
    cwd: home,
    detached
  })
  const output = { stdout: '', stderr: '' }
  const listeners = new Set<() => void>()
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8')
    child[name].on('data', (part: string) => {
      output[name] += part
      listeners.forEach((listener) => listener())
    })
  }
  const ended = once(child, 'close').then(([code]) => ({ code: code as number | null, ...output }))
  const shows = (text: string) =>
    new Promise<void>((resolve, reject) => {
      const look = () => {
        if (output.stdout.includes(text) || output.stderr.includes(text)) resolve()
      }
      listeners.add(look)
      look()
      void ended.then((end) => reject(new Error(`ended without “${text}”: ${JSON.stringify(end)}`)))
    })
  return { child, ended, output, shows }
}

const lab = (argv: string[], environment?: Record<string, string>) => start(argv, environment).ended

const jsonLines = (text: string) =>
  text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>)

interface History {
  trainLoss: number[]
  valLoss: number[]
}

/** The losses of each model of the run in `folder`. */
function historiesIn(folder: string): History[] {
  const { models } = JSON.parse(readFileSync(join(folder, 'run.json'), 'utf8')) as { models: { history: History }[] }
  return models.map(({ history }) => history)
}

/** One line that a person can read, and nothing of the program's inside. */
function expectOneSentence(stderr: string): void {
  expect(stderr).toMatch(/^[^\n]+\.\n$/)
  expect(stderr).not.toMatch(/\bat .*\.(js|ts):\d+|node:internal|Error:/)
}

describe('bad values', () => {
  // All others are in tests/unit/cli/usage.test.ts, without a process.
  const bad: [argv: string[], part: string][] = [
    [['--dims', '0'], '--dims'],
    [['--dims', '785'], 'latent dimension: found 785, expected a whole number from 1 to 784'],
    [['--train-limit', '60001'], 'training images: found 60001, expected a whole number from 1 to 60,000'],
    [['--epochs', '0.5'], '--epochs'],
    [['--vary', 'activation=step'], '--vary'],
    [['--engine', 'onnxruntime'], '--engine has been replaced by --device'],
    [['--frobnicate'], '--frobnicate'],
    [['--device', 'abacus'], '--device is not usable: found abacus, expected cpu'],
    [['--out', '/proc/run'], '--out is not usable: found /proc/run, ']
  ]
  it.each(bad)('run %j: exit 2, one line, no run folder', async (argv, part) => {
    const { code, stdout, stderr } = await lab(['run', ...small, ...argv])
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expectOneSentence(stderr)
    expect(stderr).toContain(part)
    expect(existsSync(runsFolder) ? readdirSync(runsFolder) : []).toEqual([])
  })

  it.each([
    ['report', 'nothing'],
    ['continue', './nothing'],
    ['serve', '--port', '0']
  ])('%s %s: exit 2, one line', async (...argv) => {
    const { code, stdout, stderr } = await lab(argv.filter((argument) => argument !== undefined))
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expectOneSentence(stderr)
  })
})

describe('bad data', () => {
  const images = 'train-images-idx3-ubyte'
  const labels = 'train-labels-idx1-ubyte'
  const bad: [string, string, (bytes: Buffer) => Buffer | null][] = [
    ['a truncated image file', images, (bytes) => bytes.subarray(0, bytes.length - 1)],
    ['a flipped bit in a pixel', images, (bytes) => flipped(bytes, 1_000_000)],
    ['a flipped bit in a label', labels, (bytes) => flipped(bytes, 5000)],
    ['a missing file', 't10k-labels-idx1-ubyte', () => null]
  ]
  it.each(bad)('%s: exit 2, one line that names the file, nothing left', async (_what, name, damage) => {
    const folder = mkdtempSync(join(home, 'idx-'))
    for (const file of readdirSync(mnistFolder()).filter((entry) => entry.endsWith('ubyte'))) {
      if (file !== name) symlinkSync(join(mnistFolder(), file), join(folder, file))
    }
    const damaged = damage(readFileSync(join(mnistFolder(), name)))
    if (damaged) writeFileSync(join(folder, name), damaged)
    const out = join(home, 'never')
    const { code, stdout, stderr } = await lab(['run', ...small, '--out', out], { BOTTLENECK_LAB_DATA: folder })
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expectOneSentence(stderr)
    expect(stderr).toContain(name)
    expect(existsSync(out)).toBe(false)
    rmSync(folder, { recursive: true })
  })
})

/** Linux lets a user make a small disk in a namespace of its own, unless it is told not to. */
const canMount = spawnSync('unshare', ['-rm', 'mount', '-t', 'tmpfs', 'tmpfs', tmpdir()]).status === 0

describe('a full disk', () => {
  it('exit 1, one line, finished as failed; run.json is whole', async (context) => {
    context.skip(!canMount, 'needs a Linux that lets a user mount a small disk in a namespace')
    const disk = mkdtempSync(join(home, 'disk-'))
    const script =
      'mount -t tmpfs -o size=400k tmpfs "$0" && "$@"; code=$?; cat "$0/run/run.json" > "$0.json"; exit $code'
    const wrapper = ['unshare', '-rm', 'sh', '-c', script, disk]
    const argv = ['run', ...small, '--epochs', '40', '--json', '--out', join(disk, 'run')]
    const { code, stdout, stderr } = await start(argv, {}, wrapper).ended
    expect(code).toBe(1)
    expect(stderr).toMatch(/^The disk is full, [^\n]+\.\n$/)
    const lines = jsonLines(stdout)
    expect(new Set(lines.map(({ event }) => event))).toEqual(new Set(['epoch', 'finished']))
    expect(lines[lines.length - 1]).toMatchObject({ status: 'failed', error: { kind: 'disk-full' } })
    expect(JSON.parse(readFileSync(`${disk}.json`, 'utf8'))).toMatchObject({ format: 2 })
  })
})

describe('a small run', () => {
  const folder = join(home, 'first')
  let ended: Ended
  beforeAll(async () => {
    ended = await lab(['run', ...small, '--name', 'first', '--json', '--out', folder])
  })

  it('exits 0 and prints JSON lines alone: two epochs, then finished', () => {
    expect(ended).toMatchObject({ code: 0, stderr: '' })
    const lines = jsonLines(ended.stdout)
    expect(lines.map(({ event }) => event)).toEqual(['epoch', 'epoch', 'finished'])
    expect(lines[0]).toMatchObject({ epoch: 1, epochs: 2, models: [{ id: 'd=2', name: 'd=2' }, { id: 'd=4' }] })
    expect(lines[2]).toMatchObject({
      status: 'finished',
      folder,
      device: 'cpu',
      models: [{ id: 'd=2', latentDim: 2, parameters: 3922 }, { id: 'd=4' }]
    })
  })

  it('writes the run folder: run.json with the same figures, the report, the weights', () => {
    const file = JSON.parse(readFileSync(join(folder, 'run.json'), 'utf8')) as Record<string, unknown>
    const [first, second, last] = jsonLines(ended.stdout)
    expect(file).toMatchObject({ format: 2, device: 'cpu', segments: [{ device: 'cpu' }], status: 'finished' })
    const models = file.models as { history: { valLoss: number[] }; metrics: object }[]
    const losses = [first, second].map((line) => (line?.models as { valLoss: number }[])[0]?.valLoss)
    expect(models[0]?.history.valLoss).toEqual(losses)
    expect(models.map(({ metrics }) => metrics)).toEqual(
      (last?.models as { metrics: object }[]).map(({ metrics }) => metrics)
    )
    expect(readFileSync(join(folder, 'report.pdf')).subarray(0, 5).toString()).toBe('%PDF-')
    expect(existsSync(join(folder, 'checkpoint.safetensors'))).toBe(true)
  })

  it('ends in the same bits on one thread, and says that it had one', async () => {
    const out = join(home, 'one-thread')
    expect(await lab(['run', ...small, '--threads', '1', '--json', '--out', out])).toMatchObject({
      code: 0,
      stderr: ''
    })
    const weights = (of: string) => readFileSync(join(of, 'digits.bin'))
    expect(historiesIn(out)).toEqual(historiesIn(folder))
    expect(Buffer.compare(weights(out), weights(folder))).toBe(0)
    const { segments } = JSON.parse(readFileSync(join(out, 'run.json'), 'utf8')) as { segments: object[] }
    expect(segments).toMatchObject([{ title: 'CPU · 1 thread', hardware: expect.stringMatching(/^CPU · 1 thread, /) }])
  })

  it('is reported again by its folder, into a file of choice', async () => {
    const out = join(home, 'first.pdf')
    expect(await lab(['report', folder, '--out', out])).toMatchObject({ code: 0, stdout: `${out}\n`, stderr: '' })
    expect(readFileSync(out).subarray(0, 5).toString()).toBe('%PDF-')
    expect(await lab(['report', folder, '--out', out])).toEqual({
      code: 2,
      stdout: '',
      stderr: `${out} is there already. Give --force to replace it, or another name.\n`
    })
    expect(await lab(['report', folder, '--out', out, '--force'])).toMatchObject({ code: 0 })
  })

  it('gives the source of its report, for Typst, as a ZIP', async () => {
    const out = join(home, 'source.zip')
    expect(await lab(['report', folder, '--source', '--out', out])).toMatchObject({ code: 0, stdout: `${out}\n` })
    const files = unzipSync(readFileSync(out))
    expect(Object.keys(files)).toEqual(expect.arrayContaining(['main.typ', 'fonts/OFL.txt', 'run.json']))
    const run = JSON.parse(strFromU8(files['run.json'] ?? new Uint8Array())) as object
    expect(JSON.parse(readFileSync(join(folder, 'run.json'), 'utf8'))).toMatchObject(run)
    expect(run).toHaveProperty('models')
  })

  it('is reported into that file alone: a run may lie where nothing can be written', async () => {
    rmSync(join(folder, 'report.pdf'))
    const files = () => readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
    const contents = () => files().map((file) => [file.name, readFileSync(join(file.parentPath, file.name))])
    const before = contents()
    expect(await lab(['report', folder, '--out', join(home, 'alone.pdf')])).toMatchObject({ code: 0, stderr: '' })
    expect(contents()).toEqual(before)
    expect((await lab(['report', folder])).stdout).toBe(`${join(folder, 'report.pdf')}\n`)
  })

  it('is never overwritten by its own report', async () => {
    const path = join(folder, 'run.json')
    const before = readFileSync(path)
    for (const out of [path, join(folder, '..', 'first', '.', 'run.json')]) {
      expect(await lab(['report', folder, '--out', out])).toEqual({
        code: 2,
        stdout: '',
        stderr: `--out is not usable: found ${path}, run.json of the run in ${folder}, expected a file that is no part of a run. Choose another name.\n`
      })
    }
    expect(readFileSync(path)).toEqual(before)
  })

  it('in a pipe: a line an epoch, then a table and where the files are; runs and report find it by its beginning', async () => {
    const { code, stdout, stderr } = await lab(['run', ...small, '--name', 'second'])
    expect(code).toBe(0)
    expect(stderr).toMatch(
      /^Training on CPU [^\n]+\nepoch 1\/2 {2}validation BCE d=2 0\.\d{4} d=4 0\.\d{4}.*\nepoch 2\/2 .*\nAll epochs are trained\. .*\n$/
    )
    expect(stdout).toMatch(/^\nmodel +parameters +BCE +MSE +PSNR \(dB\) +SSIM +gap closed\n/)
    const id = /run folder {2}.*\/(\S+)\n/.exec(stdout)?.[1] ?? ''
    expect(existsSync(join(runsFolder, id, 'run.json'))).toBe(true)
    const runs = await lab(['runs', '--json'])
    expect(jsonLines(runs.stdout)).toMatchObject([{ id, name: 'second', state: 'finished', epochsDone: 2 }])
    expect((await lab(['runs'])).stdout).toContain(`${id}  finished     2/2  cpu`)
    expect(await lab(['report', id.slice(0, 12)])).toMatchObject({
      code: 0,
      stdout: `${join(runsFolder, id, 'report.pdf')}\n`
    })
  })
})

describe('an experiment of another kind', () => {
  const two = ['--train-limit', '512', '--epochs', '2', '--device', 'cpu', '--json']

  it('varies the activation of deep models, each with two seeds, as each seed does alone', async () => {
    const deep = ['--vary', 'activation=relu,tanh', '--dims', '4', '--hidden', '32', '--loss', 'mse']
    const both = join(home, 'both')
    const ended = await lab(['run', ...two, ...deep, '--seed', '3', '--seeds', '2', '--out', both])
    expect(ended).toMatchObject({ code: 0, stderr: '' })
    const ids = ['relu.seed=3', 'relu.seed=4', 'tanh.seed=3', 'tanh.seed=4'].map((id) => `activation=${id}`)
    expect(jsonLines(ended.stdout).pop()).toMatchObject({
      status: 'finished',
      models: ids.map((id) => ({
        id,
        latentDim: 4,
        parameters: 784 * 32 + 32 + 32 * 4 + 4 + 4 * 32 + 32 + 32 * 784 + 784
      }))
    })
    for (const [index, seed] of [3, 4].entries()) {
      const alone = join(home, `seed-${seed}`)
      expect((await lab(['run', ...two, ...deep, '--seed', String(seed), '--out', alone])).code).toBe(0)
      expect(historiesIn(alone)).toEqual([historiesIn(both)[index], historiesIn(both)[2 + index]])
    }
  }, 180_000)

  it('varies the number of epochs: a model of fewer keeps its last values', async () => {
    const out = join(home, 'epochs')
    const ended = await lab([
      'run',
      ...two.slice(0, 2),
      ...two.slice(4),
      '--dims',
      '2',
      '--vary',
      'epochs=1,3',
      '--out',
      out
    ])
    expect(ended).toMatchObject({ code: 0, stderr: '' })
    expect(jsonLines(ended.stdout).map(({ event }) => event)).toEqual(['epoch', 'epoch', 'epoch', 'finished'])
    const [short, long] = historiesIn(out)
    expect(short?.valLoss).toEqual(Array.from({ length: 3 }, () => short?.valLoss[0]))
    expect(long?.valLoss[0]).toBe(short?.valLoss[0])
    expect(new Set(long?.valLoss).size).toBe(3)
  })
})

describe('a run of the previous version', () => {
  it('is listed, reported and continued', async () => {
    const id = copyOlderRun('stopped', runsFolder)
    expect((await lab(['runs'])).stdout).toContain(`${id}  stopped      2/6  onnxruntime cpu`)
    const out = join(home, 'older.pdf')
    expect(await lab(['report', id, '--out', out])).toMatchObject({ code: 0, stderr: '' })
    const { code, stdout, stderr } = await lab(['continue', id])
    expect(stderr).toContain('Training went on after epoch 2 on CPU')
    expect(stderr).toContain(
      'in place of onnxruntime cpu. From there the figures agree with those of the other device to rounding'
    )
    expect(stdout).toContain('finished: 6 of 6 epochs')
    expect(code).toBe(0)
    const [first] = historiesIn(join(runsFolder, id))
    expect(first?.valLoss.slice(0, 2)).toEqual([0.6365785438226194, 0.5888820957222763])
    expect(first?.valLoss[5]).toBeLessThan(0.5) // it has gone on from those weights, not from new ones
  })
})

describe('Ctrl-C', () => {
  it('stops at the next batch, keeps complete epochs, exits 130; continue goes on from there', async (context) => {
    context.skip(isWindows, noSignals)
    const folder = join(home, 'stopped')
    const run = start(['run', ...long, '--json', '--out', folder])
    await run.shows('"epoch":2')
    run.child.kill('SIGINT')
    const { code, stdout } = await run.ended
    expect(code).toBe(130)
    const lines = jsonLines(stdout)
    const epochs = lines.filter(({ event }) => event === 'epoch').length
    expect(lines[lines.length - 1]).toMatchObject({ event: 'finished', status: 'stopped', folder })
    const file = () =>
      JSON.parse(readFileSync(join(folder, 'run.json'), 'utf8')) as {
        status: string
        models: { history: { valLoss: number[] } }[]
      }
    expect(file().status).toBe('stopped')
    expect(file().models[0]?.history.valLoss).toHaveLength(epochs)

    const goneOn = start(['continue', folder, '--json'])
    await goneOn.shows(`"epoch":${epochs + 1},`)
    goneOn.child.kill('SIGINT')
    const [first] = jsonLines((await goneOn.ended).stdout)
    expect(first).toMatchObject({ event: 'epoch', epoch: epochs + 1 })
    expect(file().models[0]?.history.valLoss.length).toBeGreaterThan(epochs)
  })

  it('that every process of the group hears, as a service sends it, does the same', async (context) => {
    context.skip(isWindows, noSignals)
    const folder = join(home, 'group')
    const run = start(['run', ...long, '--json', '--out', folder], {}, [], true)
    await run.shows('"epoch":1,')
    process.kill(-(run.child.pid ?? NaN), 'SIGTERM')
    const { code, stdout } = await run.ended
    expect(code).toBe(130)
    expect(jsonLines(stdout).pop()).toMatchObject({ event: 'finished', status: 'stopped', folder })
  })

  it('a second one ends at once', async (context) => {
    context.skip(isWindows, noSignals)
    const run = start(['run', ...long, '--out', join(home, 'killed')])
    await run.shows('epoch    1/1000')
    run.child.kill('SIGINT')
    await run.shows('Ctrl-C again')
    run.child.kill('SIGINT')
    expect((await run.ended).code).toBe(130)
  })
})

it('two runs at once on one home: each tells its own epochs alone', async (context) => {
  context.skip(isWindows, noSignals)
  const runs = [1, 2].map(() => start(['run', ...long, '--json']))
  await Promise.all(runs.map((run) => run.shows('"epoch":1,')))
  await sleep(5_000) // the folder of runs is looked at every two seconds
  for (const run of runs) run.child.kill('SIGINT')
  for (const { stdout } of await Promise.all(runs.map((run) => run.ended))) {
    const epochs = jsonLines(stdout).filter(({ event }) => event === 'epoch')
    expect(epochs.map(({ epoch }) => epoch)).toEqual(epochs.map((_, index) => index + 1))
  }
})

describe('output that goes nowhere', () => {
  it('on a full disk is one sentence and exit 1', async (context) => {
    context.skip(!existsSync('/dev/full'), 'needs /dev/full, which Linux has')
    const wrapper = ['sh', '-c', 'exec "$@" > /dev/full', 'sh']
    for (const argv of [['help'], ['runs'], ['run', ...small, '--json']]) {
      const { code, stderr } = await start(argv, {}, wrapper).ended
      expect({ code, stderr }).toEqual({ code: 1, stderr: 'The output could not be written: the disk is full.\n' })
    }
  })
})

it('a home where nothing can be made ends with a sentence', async (context) => {
  context.skip(!existsSync('/proc/version'), 'needs /proc, which Linux has')
  const { code, stdout, stderr } = await lab(['run', ...small], { BOTTLENECK_LAB_HOME: '/proc/lab' })
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
  expectOneSentence(stderr)
})

it('a broken installation ends with a sentence', async () => {
  const folder = mkdtempSync(join(home, 'broken-'))
  copyFileSync(program, join(folder, 'index.js'))
  const { status, stderr } = spawnSync(process.execPath, [join(folder, 'index.js'), 'runs'], { encoding: 'utf8' })
  expect(status).toBe(1)
  expect(stderr).toMatch(/^Bottleneck Lab could not start: [^\n]+\n$/)
})

it('serve prints a link that opens, and ends on Ctrl-C with 0', async () => {
  const served = start(['serve', '--no-open'])
  await served.shows('/#link=')
  const link = /http:\S+/.exec(served.output.stdout)?.[0] ?? ''
  const status = await new Promise<number | undefined>((resolve) =>
    get(link, (response) => resolve(response.resume().statusCode))
  )
  expect(status).toBe(200)
  served.child.kill('SIGINT')
  expect(await served.ended).toMatchObject({
    code: 0,
    stderr: 'Closing. A run that trains stops at its next batch and can be continued …\n'
  })
})

function flipped(bytes: Buffer, position: number): Buffer {
  const copy = Buffer.from(bytes)
  copy[position] = (copy[position] ?? 0) ^ 1
  return copy
}
