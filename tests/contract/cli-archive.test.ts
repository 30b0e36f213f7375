// `lab pack`, `lab import` and the table of `lab runs` as built, started as a user starts them, on a small real run.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'

const home = mkdtempSync(join(tmpdir(), 'cli-archive-'))
const other = join(home, 'other')
const at = join(home, 'at')
const program = resolve('out/main/index.js')
const name = '=cmd|x, מודל 🙂'
let id: string

beforeAll(async () => {
  mkdirSync(at)
  const small = ['--epochs', '2', '--dims', '2,4', '--train-limit', '512', '--device', 'cpu', '--json']
  const { code } = await lab(['run', ...small, '--name', name])
  expect(code).toBe(0)
  id = readdirSync(runsOf(home))[0] ?? ''
})
afterAll(() => rmSync(home, { recursive: true, force: true }))

const runsOf = (folder: string) => join(folder, 'data', 'runs')

function start(argv: string[], folder = home) {
  const child = spawn(process.execPath, [program, ...argv], {
    cwd: at,
    env: { ...process.env, BOTTLENECK_LAB_HOME: folder }
  })
  const output = { stdout: '', stderr: '' }
  child.stdout.on('data', (text) => (output.stdout += text))
  child.stderr.on('data', (text) => (output.stderr += text))
  const ended = once(child, 'close').then(([code]) => ({ code: code as number | null, ...output }))
  return { child, ended }
}

const lab = (argv: string[], folder?: string) => start(argv, folder).ended

it('a run goes into one file and comes back whole, with the weights of epochs or without', async () => {
  const file = join(at, `${id}.bottleneck`)
  expect(await lab(['pack', id])).toEqual({ code: 0, stdout: `${file}\n`, stderr: '' })
  expect(await lab(['import', file], other)).toEqual({ code: 0, stdout: `${id}\n`, stderr: '' })
  const without = await lab(['check', id], other)
  expect(without).toMatchObject({ code: 0, stderr: '' })
  expect(without.stdout).not.toContain('weights')
  expect((await lab(['import', file], other)).stderr).toBe('The run is there already.\n')

  rmSync(join(runsOf(other), id), { recursive: true })
  expect(await lab(['pack', id, '--force', '--with-weights'])).toMatchObject({ code: 0 })
  expect(await lab(['import', file], other)).toEqual({ code: 0, stdout: `${id}\n`, stderr: '' })
  const whole = await lab(['check', id], other)
  expect(whole.code).toBe(0)
  expect(whole.stdout).toMatch(/weights +yes +2 epochs/)
  for (const part of ['run.json', 'checkpoint.safetensors', 'digits.bin', 'report.pdf']) {
    expect(readFileSync(join(runsOf(other), id, part)).equals(readFileSync(join(runsOf(home), id, part))), part).toBe(
      true
    )
  }
})

it.each([
  [['pack', 'nothing'], 'There is no such run: found nothing'],
  [['pack'], 'pack needs a run: found nothing'],
  [['import'], 'import needs a path: found nothing, expected a .bottleneck file or a run folder.'],
  [['import', 'nothing.bottleneck'], 'expected a .bottleneck file or a run folder.'],
  [['import', 'torn.bottleneck'], 'The file torn.bottleneck is not usable: found a file that ends too early'],
  [['runs', '--models'], '--models is for --json'],
  [['runs', '--csv', '--json'], '--csv stands alone']
])('%j is refused in a sentence, exit 2', async (argv, part) => {
  await lab(['pack', id, '--out', 'torn.bottleneck', '--force'])
  truncateSync(join(at, 'torn.bottleneck'), 1000)
  const { code, stdout, stderr } = await lab(argv)
  expect([code, stdout]).toEqual([2, ''])
  expect(stderr).toMatch(/^[^\n]+\.\n$/)
  expect(stderr).toContain(part)
})

it('a file that is there stays without --force', async () => {
  writeFileSync(join(at, 'mine'), 'mine')
  const { code, stderr } = await lab(['pack', id, '--out', 'mine'])
  expect([code, readFileSync(join(at, 'mine'), 'utf8')]).toEqual([2, 'mine'])
  expect(stderr).toContain('or replace it with --force')
})

it('given up by Ctrl-C, both exit 130 and leave nothing', async ({ skip }) => {
  skip(process.platform === 'win32', 'needs signals, which Windows does not have')
  const folder = join(home, 'large')
  mkdirSync(folder)
  for (const part of ['run.json', 'digits.bin']) copyFileSync(join(runsOf(home), id, part), join(folder, part))
  writeFileSync(join(folder, 'checkpoint.safetensors'), '')
  truncateSync(join(folder, 'checkpoint.safetensors'), 2 ** 31)
  const before = readdirSync(at)
  const packing = start(['pack', folder, '--out', 'large'])
  await until(() => readdirSync(at).some((one) => one.endsWith('.tmp')))
  packing.child.kill('SIGINT')
  expect(await packing.ended).toEqual({ code: 130, stdout: '', stderr: '' })
  expect(readdirSync(at)).toEqual(before)

  truncateSync(join(folder, 'checkpoint.safetensors'), 2 ** 29)
  expect(await lab(['pack', folder, '--out', '../large.bottleneck'])).toMatchObject({ code: 0 })
  const empty = join(home, 'empty')
  const importing = start(['import', '../large.bottleneck'], empty)
  await until(() => hasAny(runsOf(empty)))
  importing.child.kill('SIGINT')
  expect(await importing.ended).toEqual({ code: 130, stdout: '', stderr: '' })
  expect(readdirSync(runsOf(empty))).toEqual([])
})

it('the table of runs has a row a model, with names that can’t act', async () => {
  const csv = await lab(['runs', '--csv'])
  expect(csv).toMatchObject({ code: 0, stderr: '' })
  const [head, ...rows] = csv.stdout.trimEnd().split('\r\n')
  expect(head).toMatch(/^\ufeffrun,name,/)
  expect(rows.map((row) => row.startsWith(`${id},"'=cmd|x, מודל 🙂",`))).toEqual([true, true])
  const { stdout } = await lab(['runs', '--json', '--models'])
  const models = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>)
  expect(models.map(({ run, name, model, epochsDone }) => [run, name, model, epochsDone])).toEqual([
    [id, name, 'd=2', 2],
    [id, name, 'd=4', 2]
  ])
})

/** Resolves when `is` holds. */
async function until(is: () => boolean): Promise<void> {
  while (!is()) await new Promise((resolve) => setTimeout(resolve, 5))
}

function hasAny(folder: string): boolean {
  try {
    return readdirSync(folder).length > 0
  } catch {
    return false
  }
}
