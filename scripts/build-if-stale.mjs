// Builds out/ when a source, a resource or the target is newer than the last build; prints nothing when there is nothing to do.
import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const stamp = join(root, 'out', '.built')
const target = process.env.BOTTLENECK_LAB_TARGET ?? 'current'

function newest(path) {
  const entry = statSync(path)
  if (!entry.isDirectory()) return entry.mtimeMs
  return Math.max(entry.mtimeMs, ...readdirSync(path).map((name) => newest(join(path, name))))
}

/** Brings out/ up to date with the sources. */
export function buildIfStale() {
  const sources = ['src', 'resources', 'package.json', 'electron.vite.config.ts'].map((path) =>
    newest(join(root, path))
  )
  const fresh =
    existsSync(stamp) && statSync(stamp).mtimeMs > Math.max(...sources) && readFileSync(stamp, 'utf8') === target
  if (fresh) return
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
    process.exit(1)
  }
  writeFileSync(stamp, target)
}

if (process.argv[1] === fileURLToPath(import.meta.url)) buildIfStale()
