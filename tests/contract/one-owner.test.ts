// One owner of a run where process numbers don't reach: two PID namespaces on one folder, as two containers have. And starts that were cut off.
import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, expect, test, vi } from 'vitest'

const home = mkdtempSync(join(tmpdir(), 'bottleneck-lab-one-owner-'))
const program = resolve('out/main/index.js')
const faults = pathToFileURL(resolve('scripts/torture/faults.mjs')).href
/** A process that sees only its own kind, as in a container; what it starts ends with it. */
const unshare = ['unshare', '--pid', '--fork', '--mount-proc', '--kill-child']
const started: ChildProcess[] = []

afterAll(() => {
  for (const child of started) signal(child, 'SIGKILL')
  rmSync(home, { recursive: true, force: true, maxRetries: 5 })
})

function start(wrapper: string[], args: string[], environment: Record<string, string> = {}) {
  const [command = '', ...rest] = [...wrapper, process.execPath, program, ...args]
  const env = { ...process.env, BOTTLENECK_LAB_HOME: home, ...environment }
  const child = spawn(command, rest, { env, detached: true })
  started.push(child)
  let text = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (part) => (text += part))
  const ended = once(child, 'close').then(([code]) => ({ code: code as number | null, text }))
  return { child, ended }
}

/** To the process and all that it has started. */
function signal({ pid = 0 }: ChildProcess, name: NodeJS.Signals): void {
  try {
    process.kill(-pid, name)
  } catch {
    // it has ended
  }
}

const tokenIn = (folder: string) => JSON.parse(readFileSync(join(folder, 'owner.json'), 'utf8')).token as string

test('a run in another PID namespace is left alone while its owner lives, and taken when it gives no sign of life', async (context) => {
  context.skip(
    spawnSync(unshare[0] ?? '', [...unshare.slice(1), 'true']).status !== 0,
    'needs a right to make PID namespaces'
  )
  const folder = join(home, 'run')
  const size = ['--dims', '2', '--train-limit', '2000', '--epochs', '1000', '--device', 'cpu']
  const first = start(unshare, ['run', ...size, '--out', folder])
  await vi.waitUntil(() => existsSync(join(folder, 'checkpoint.safetensors')), { timeout: 120_000 })

  for (const wrapper of [unshare, []]) {
    const refused = await start(wrapper, ['continue', folder]).ended
    expect(refused).toMatchObject({
      code: 1,
      text: expect.stringMatching(/at work on this run: found process \d+ on /)
    })
  }

  signal(first.child, 'SIGSTOP')
  const lost = tokenIn(folder)
  const second = start(unshare, ['continue', folder])
  await vi.waitUntil(() => existsSync(join(folder, 'owner.json')) && tokenIn(folder) !== lost, { timeout: 200_000 })
  signal(first.child, 'SIGCONT')
  const end = await first.ended
  expect(end.code).toBe(1)
  expect(end.text.slice(-800)).toMatch(/\nThis run has been taken over by process \d+ on .*\. It goes on there/)

  const taken = tokenIn(folder)
  expect(taken).not.toBe(lost)
  signal(second.child, 'SIGINT')
  expect(await second.ended).toMatchObject({ code: 130 })
  expect(readdirSync(folder).sort()).toEqual([
    'checkpoint.safetensors',
    'digits.bin',
    'report.pdf',
    'run.json',
    'weights'
  ])
  expect(JSON.parse(readFileSync(join(folder, 'run.json'), 'utf8'))).toMatchObject({ status: 'stopped', error: null })
}, 600_000)

test.each(['sync,1', 'link,1', 'write,2', 'rename,1'])(
  'a start that was killed at its %s can be made again under the same name',
  async (fault) => {
    const folder = join(home, fault)
    const args = ['run', '--dims', '2', '--train-limit', '512', '--epochs', '1', '--device', 'cpu', '--out', folder]
    const environment = { NODE_OPTIONS: `--import ${faults}`, TORTURE_FAULT: `application,${fault},kill` }
    expect((await start([], args, environment).ended).code).toBe(null)
    expect(existsSync(join(folder, 'run.json'))).toBe(false)
    expect(await start([], args).ended).toMatchObject({ code: 0 })
    expect(readdirSync(folder).sort()).toEqual([
      'checkpoint.safetensors',
      'digits.bin',
      'report.pdf',
      'run.json',
      'weights'
    ])
  },
  180_000
)
