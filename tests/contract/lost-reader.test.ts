// Commands whose reader has had enough, `| head -1` say: what prints ends as always, and what works goes on without it.
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterAll, describe, expect, it, type TestContext } from 'vitest'
import { openPage, tokenOf } from '../fixtures/page'

const home = mkdtempSync(join(tmpdir(), 'lost-reader-'))
const folder = join(home, 'run')
afterAll(() => rmSync(home, { recursive: true, force: true }))

const program = join(process.cwd(), 'out', 'main', 'index.js')
const experiment = ['--train-limit', '512', '--epochs', '100', '--dims', '2', '--device', 'cpu']

function start(script: string, ...argv: string[]): ChildProcess {
  const environment = Object.entries(process.env).filter(([name]) => !['DISPLAY', 'WAYLAND_DISPLAY'].includes(name))
  return spawn(process.execPath, [script, ...argv], {
    env: { ...Object.fromEntries(environment), BOTTLENECK_LAB_HOME: home },
    stdio: ['ignore', 'pipe', 'pipe']
  })
}

/** Nobody reads what the command prints from here on. */
function leave({ stdout, stderr }: ChildProcess): void {
  stdout?.destroy()
  stderr?.destroy()
}

/** The first line of stdout that holds `text`. */
async function lineWith(child: ChildProcess, text: string): Promise<string> {
  if (!child.stdout) throw new Error('no output')
  for await (const line of createInterface(child.stdout)) if (line.includes(text)) return line
  throw new Error(`ended without “${text}”`)
}

const codeOf = async (child: ChildProcess) => ((await once(child, 'exit')) as [number | null])[0]

const needsPipes = (context: TestContext) =>
  context.skip(process.platform === 'win32', 'needs pipes that say when nobody reads them')

it('a run goes on to its end', async (context) => {
  needsPipes(context)
  const run = start(program, 'run', ...experiment, '--json', '--out', folder)
  await lineWith(run, '"epoch":1,')
  leave(run)
  expect(await codeOf(run)).toBe(0)
  expect(JSON.parse(readFileSync(join(folder, 'run.json'), 'utf8'))).toMatchObject({ status: 'finished' })
})

it.each([
  ['help', 0],
  ['runs', 0],
  ['runs --json', 0],
  ['devices', 0],
  [`report ${folder}`, 0],
  ['fly', 2],
  ['report nowhere', 2]
])('%s ends with %i', async (command, code) => {
  const child = start(program, ...command.split(' '))
  leave(child) // it has not even begun
  expect(await codeOf(child)).toBe(code)
})

describe.each([
  ['lab serve', program, ['serve', '--no-open']],
  ['npm start', join(process.cwd(), 'scripts', 'start.mjs'), ['--no-open']]
])('%s', (_name, script, argv) => {
  it('goes on, though it can print no further link', async (context) => {
    context.skip(process.platform !== 'linux', 'needs a system where a display can be missing, else a window opens')
    const server = start(script, ...argv)
    const link = (await lineWith(server, '#link=')).trim()
    leave(server)
    const port = Number(new URL(link).port)
    const page = await openPage(port, { link: tokenOf(link) }) // prints the next one
    expect(await page.lab.calls.listRuns()).toHaveLength(0)
    page.socket.terminate()
    const again = await openPage(port, { session: page.session })
    expect(await again.lab.calls.listRuns()).toHaveLength(0)
    const ended = codeOf(server)
    server.kill('SIGINT')
    expect(await ended).toBe(0)
  })
})
