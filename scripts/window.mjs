// Opens the application's window with Electron, for `npm start` and `npm run dev`.
import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { downloadElectron, electronEnvironment, electronProgram, hasDisplay, loadProblem } from './electron.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const EARLY_MILLISECONDS = 10_000
const STDERR_TAIL = 4_000

/** Why no window can open here, or null. Downloads Electron where that is all that lacks. */
export async function noWindowReason() {
  if (!hasDisplay()) return 'there is no display (neither DISPLAY nor WAYLAND_DISPLAY is set)'
  const missing = electronProgram() ? null : await downloadElectron()
  if (missing) return `Electron can't be downloaded (${missing})`
  const problem = loadProblem(electronProgram())
  return problem ? `Electron can't start (${problem})` : null
}

/**
 * Starts Electron; the first of `args` names the application. `ended` resolves with its exit code (null: killed), the end of its stderr
 * and, where it failed so early that it can't have opened its window, with the reason as `problem`, else null.
 */
export function startElectron(args, env = electronEnvironment()) {
  const switches = isRoot() ? ['--no-sandbox'] : []
  const child = spawn(electronProgram(), [...args, ...switches], {
    cwd: root,
    env,
    stdio: ['ignore', 'inherit', 'pipe']
  })
  const startedAt = Date.now()
  let stderr = ''
  child.stderr.on('data', (chunk) => (stderr = (stderr + chunk).slice(-STDERR_TAIL)))
  const ended = new Promise((resolve) => {
    child.on('error', ({ message }) => resolve({ code: null, stderr, problem: `Electron can't start (${message})` }))
    child.on('close', (code) => {
      const isEarly = code !== 0 && Date.now() - startedAt < EARLY_MILLISECONDS
      resolve({ code, stderr, problem: isEarly ? `the window did not open (${lastLine(stderr)})` : null })
    })
  })
  return { child, ended }
}

/** Says why Chromium's sandbox is off, where it is. */
export function warnRoot() {
  if (!isRoot()) return
  process.stderr.write("Started by root: Chromium's sandbox is off, since it refuses to work for root.\n")
}

const isRoot = () => process.platform === 'linux' && process.getuid() === 0

/** Chromium writes `[pid:date:FATAL:file(line)] sentence`. */
function lastLine(stderr) {
  const lines = stderr.trim().split('\n')
  const fatal = lines.find((line) => line.includes(':FATAL:')) ?? lines[lines.length - 1]
  return fatal.replace(/^\[[^\]]*\]\s*/, '') || 'it ended at once'
}
