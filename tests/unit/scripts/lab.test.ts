// `npm run lab` and `npm start` from another folder than the clone's: npm goes to the clone, paths mean the user's folder.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, expect, it } from 'vitest'

const home = realpathSync(mkdtempSync(join(tmpdir(), 'lab-')))
afterAll(() => rmSync(home, { recursive: true, force: true }))

const options = {
  cwd: home,
  encoding: 'utf8' as const,
  shell: process.platform === 'win32',
  env: { ...process.env, BOTTLENECK_LAB_HOME: home, DISPLAY: '', WAYLAND_DISPLAY: '', ELECTRON_OVERRIDE_DIST_PATH: '' }
}

const isDesktop = process.platform !== 'linux' // has a display, and npm start a window

it.each(isDesktop ? ['lab'] : ['lab', 'start'])('npm run %s', (script) => {
  const args = ['run', '-s', '--prefix', resolve('.'), script, '--', 'report', './nothing']
  const { stderr, status } = spawnSync('npm', args, options)
  expect(stderr).toContain(`There is no run at ${join(home, 'nothing')}`)
  expect(status).toBe(2)
})
