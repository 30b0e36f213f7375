// Builds out/ when a source, a resource or the target is newer than the last build; prints nothing when there is nothing to do.
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const stamp = join(root, 'out', '.built')
const lock = join(root, 'out', '.building')
const WAIT_MILLISECONDS = 200
const LONGEST_BUILD_MILLISECONDS = 300_000
const target = process.env.BOTTLENECK_LAB_TARGET ?? 'current'

function newest(path) {
  const entry = statSync(path)
  if (!entry.isDirectory()) return entry.mtimeMs
  return Math.max(entry.mtimeMs, ...readdirSync(path).map((name) => newest(join(path, name))))
}

function isFresh() {
  const sources = [
    'src',
    'resources',
    'package.json',
    'package-lock.json',
    'electron.vite.config.ts',
    'scripts/gpu-page.mjs'
  ]
  const changed = Math.max(...sources.map((path) => newest(join(root, path))))
  return existsSync(stamp) && statSync(stamp).mtimeMs > changed && readFileSync(stamp, 'utf8') === target
}

/** Brings out/ up to date with the sources; waits for another process that does so. */
export function buildIfStale() {
  try {
    if (isFresh()) return
    mkdirSync(join(root, 'out'), { recursive: true })
    takeLock()
    try {
      if (!isFresh()) build()
    } finally {
      rmSync(lock, { force: true })
    }
  } catch (error) {
    if (error.syscall === undefined) throw error
    fail(`The application can't be built: ${error.path ?? join(root, 'out')}: ${reasonOf(error)}. ${remedy}`)
  }
}

const remedy = 'Run it as the owner of this folder, on a disk that can be written and has space, or copy the folder'

/** `permission denied` of Node's `EACCES: permission denied, open 'out/.building'`. */
const reasonOf = ({ message, code }) => /^\w+: ([^,]+),/.exec(message)?.[1] ?? code

function fail(text) {
  process.stderr.write(`${text}.\n`)
  process.exit(1)
}

/** The lock is a file with the number of the process that builds; one that has ended, or builds far too long, holds nothing. */
function takeLock() {
  for (;;) {
    try {
      return writeFileSync(lock, String(process.pid), { flag: 'wx' })
    } catch (error) {
      if (error.code !== 'EEXIST') throw error
    }
    if (isAbandoned()) rmSync(lock, { force: true })
    else Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, WAIT_MILLISECONDS)
  }
}

function isAbandoned() {
  try {
    if (Date.now() - statSync(lock).mtimeMs > LONGEST_BUILD_MILLISECONDS) return true
    const holder = Number(readFileSync(lock, 'utf8'))
    if (holder > 0) process.kill(holder, 0)
    return false
  } catch (error) {
    return error.code === 'ESRCH'
  }
}

function build() {
  process.stderr.write('Building the application (once after each change) …\n')
  try {
    execFileSync(
      process.execPath,
      [join(root, 'node_modules/electron-vite/bin/electron-vite.js'), 'build', '--logLevel', 'warn'],
      {
        cwd: root,
        stdio: ['ignore', 'pipe', 'pipe'],
        encoding: 'utf8'
      }
    )
  } catch (error) {
    process.stderr.write(`${error.stdout ?? ''}${error.stderr ?? ''}\nThe build failed; the lines above say where.\n`)
    rmSync(lock, { force: true })
    process.exit(1)
  }
  writeFileSync(stamp, target)
}

if (process.argv[1] === fileURLToPath(import.meta.url)) buildIfStale()
