// What the application leaves on the disk is its user's alone, tried with real modes and from a second account.
import { spawnSync } from 'node:child_process'
import { chmodSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it, type TestContext } from 'vitest'

const NOBODY = 65_534

const place = mkdtempSync(join(tmpdir(), 'private-'))
const home = join(place, 'home')
const outside = join(place, 'outside')
const program = join(process.cwd(), 'out', 'main', 'index.js')
afterAll(() => rmSync(place, { recursive: true, force: true }))

const needsModes = (context: TestContext) =>
  context.skip(process.platform === 'win32', 'needs file modes, which Windows does not have')

/** As by a user whose umask lets everybody read and write what is made. */
function lab(...argv: string[]) {
  const args = ['-c', 'umask 0; exec "$@"', 'sh', process.execPath, program, ...argv]
  const { status, stderr } = spawnSync('sh', args, {
    env: { ...process.env, BOTTLENECK_LAB_HOME: home },
    encoding: 'utf8'
  })
  expect({ status, stderr: status === 0 ? '' : stderr }).toEqual({ status: 0, stderr: '' })
}

beforeAll(() => {
  if (process.platform === 'win32') return
  chmodSync(place, 0o755)
  const experiment = ['--train-limit', '512', '--epochs', '2', '--dims', '2', '--device', 'cpu']
  lab('run', ...experiment)
  lab('run', ...experiment, '--out', outside)
  lab('devices')
}, 120_000)

const below = (folder: string): string[] => [
  folder,
  ...readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name)
    return entry.isDirectory() ? below(path) : [path]
  })
]

it('folders are 0700 and files 0600, whatever the umask', (context) => {
  needsModes(context)
  const entries = [...below(home), ...below(outside)]
  const names = entries.map((path) => path.slice(path.lastIndexOf('/') + 1))
  for (const name of ['run.json', 'digits.bin', 'checkpoint.safetensors', 'report.pdf', 'bottleneck-lab.log']) {
    expect(names).toContain(name)
  }
  const open = entries.filter((path) => {
    const status = statSync(path)
    return (status.mode & 0o777) !== (status.isDirectory() ? 0o700 : 0o600)
  })
  expect(open).toEqual([])
})

it('a report that goes where the user says is as the umask has it', (context) => {
  needsModes(context)
  const report = join(place, 'report.pdf')
  lab('report', outside, '--out', report)
  expect(statSync(report).mode & 0o777).toBe(0o666)
})

it('another account reads none of it', (context) => {
  needsModes(context)
  context.skip(process.getuid?.() !== 0, 'needs root, to become another account')
  const script = `
    process.setgroups([]); process.setgid(${NOBODY}); process.setuid(${NOBODY})
    const { readFileSync, readdirSync } = require('node:fs')
    const outcome = (attempt) => { try { attempt(); return 'read' } catch ({ code }) { return code } }
    const [place, ...paths] = process.argv.slice(1)
    console.log(JSON.stringify([outcome(() => readdirSync(place)), ...paths.map((path) =>
      [outcome(() => readFileSync(path)), outcome(() => readdirSync(path))])].flat()))`
  const paths = [...below(home), ...below(outside)]
  const { stdout } = spawnSync(process.execPath, ['-e', script, place, ...paths], { encoding: 'utf8' })
  const [seesPlace, ...outcomes] = JSON.parse(stdout) as string[]
  expect(seesPlace).toBe('read')
  expect(outcomes).toHaveLength(2 * paths.length)
  expect(new Set(outcomes)).toEqual(new Set(['EACCES']))
})
