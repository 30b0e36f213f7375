// `npm start`: the window where Electron and a display are there, else the same interface on 127.0.0.1 for a browser.
import { spawn } from 'node:child_process'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { buildIfStale } from './build-if-stale.mjs'
import { downloadElectron, electronProgram, hasDisplay, loadProblem } from './electron.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const EARLY_MILLISECONDS = 10_000
const STDERR_TAIL = 4_000

buildIfStale()
const reason = (await noWindowReason()) ?? (await openWindow())
if (reason !== null) serveForBrowser(reason)

/** Why no window can open here, or null. Downloads Electron where that is all that lacks. */
async function noWindowReason() {
  if (!hasDisplay()) return 'there is no display (neither DISPLAY nor WAYLAND_DISPLAY is set)'
  const missing = electronProgram() ? null : await downloadElectron()
  if (missing) return `Electron can't be downloaded (${missing})`
  const problem = loadProblem(electronProgram())
  return problem ? `Electron can't start (${problem})` : null
}

/** Resolves with null when the window has closed, or with the reason why it did not open. */
function openWindow() {
  const args = ['.', ...process.argv.slice(2)]
  if (process.platform === 'linux' && process.getuid() === 0) {
    process.stderr.write("Started by root: Chromium's sandbox is off, since it refuses to work for root.\n")
    args.push('--no-sandbox')
  }
  const startedAt = Date.now()
  const child = spawn(electronProgram(), args, { cwd: root, stdio: ['ignore', 'inherit', 'pipe'] })
  let stderr = ''
  child.stderr.on('data', (chunk) => (stderr = (stderr + chunk).slice(-STDERR_TAIL)))
  let asked = false
  process.on('SIGINT', () => (asked = true)) // the terminal sends it to the window's process too, which may still save
  process.on('SIGTERM', () => (asked = child.kill('SIGTERM')))
  return new Promise((resolve) => {
    child.on('error', (error) => resolve(`Electron can't start (${error.message})`))
    child.on('close', (code) => {
      const ended = code === 0 || asked
      if (!ended && Date.now() - startedAt < EARLY_MILLISECONDS)
        return resolve(`the window did not open (${lastLine(stderr)})`)
      if (!ended) process.stderr.write(stderr)
      process.exitCode = ended ? 0 : 1
      resolve(null)
    })
  })
}

function serveForBrowser(reason) {
  process.stderr.write(`No window: ${reason}. The same interface is served for a browser instead.\n`)
  const args = process.argv.slice(2)
  const isCommand = args[0] !== undefined && !args[0].startsWith('-')
  process.argv.splice(2, Infinity, ...(isCommand ? args : ['serve', ...args]))
  createRequire(import.meta.url)('../out/main/index.js')
}

/** Chromium writes `[pid:date:FATAL:file(line)] sentence`. */
function lastLine(stderr) {
  const lines = stderr.trim().split('\n')
  const fatal = lines.find((line) => line.includes(':FATAL:')) ?? lines[lines.length - 1]
  return fatal.replace(/^\[[^\]]*\]\s*/, '') || 'it ended at once'
}
