// Two commands at once after a change: one builds, the other waits. In a copy of the repository whose builder is a stand-in that counts.
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'

let root: string
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'stale-'))
  for (const folder of ['src', 'resources', 'scripts', 'out', 'node_modules/electron-vite/bin']) {
    mkdirSync(join(root, folder), { recursive: true })
  }
  for (const name of ['package.json', 'package-lock.json', 'electron.vite.config.ts', 'scripts/gpu-page.mjs'])
    writeFileSync(join(root, name), '')
  cpSync('scripts/build-if-stale.mjs', join(root, 'scripts/build-if-stale.mjs'))
  const builder = "require('node:fs').appendFileSync('builds', 'x'); setTimeout(() => undefined, 500)"
  writeFileSync(join(root, 'node_modules/electron-vite/bin/electron-vite.js'), builder)
})
afterEach(() => rmSync(root, { recursive: true }))

async function ended(child: ChildProcess): Promise<unknown> {
  return (await once(child, 'close'))[0]
}

const build = () => spawn(process.execPath, [join(root, 'scripts/build-if-stale.mjs')], { stdio: 'ignore' })
const builds = () => readFileSync(join(root, 'builds'), 'utf8').length

it('builds once for two that start together, and again after another package-lock.json', async () => {
  expect(await Promise.all([ended(build()), ended(build())])).toEqual([0, 0])
  expect(builds()).toBe(1)
  const later = Date.now() / 1000 + 10
  utimesSync(join(root, 'package-lock.json'), later, later)
  await ended(build())
  expect(builds()).toBe(2)
})

it('does not wait for a process that has ended', async () => {
  const child = spawn(process.execPath, ['-e', ''])
  await once(child, 'exit')
  writeFileSync(join(root, 'out', '.building'), String(child.pid))
  expect(await ended(build())).toBe(0)
  expect(builds()).toBe(1)
})

it.each([
  ['a file in the place of out', (out: string) => writeFileSync(out, '')],
  ['a folder in the place of the lock', (out: string) => mkdirSync(join(out, '.building', 'in'), { recursive: true })]
])('says in one sentence that out/ can’t be written: %s', async (_, block) => {
  const out = join(root, 'out')
  rmSync(out, { recursive: true })
  block(out)
  if (existsSync(join(out, '.building'))) utimesSync(join(out, '.building'), 1, 1) // abandoned, yet no file to remove
  const child = spawn(process.execPath, [join(root, 'scripts/build-if-stale.mjs')], { stdio: 'pipe' })
  let stderr = ''
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()))
  expect(await ended(child)).toBe(1)
  expect(stderr).toMatch(/^The application can't be built: \S+out\S*: [^\n]+\. Run it as the owner [^\n]+\.\n$/)
  expect(stderr).not.toContain('node:')
})
