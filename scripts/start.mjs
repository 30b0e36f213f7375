// `npm start`: the window where Electron and a display are there, else the same interface on 127.0.0.1 for a browser.
import { createRequire } from 'node:module'
import { buildIfStale } from './build-if-stale.mjs'
import { goToUsersFolder } from './users-folder.mjs'
import { noWindowReason, startElectron, warnRoot } from './window.mjs'

// Whoever reads the output may have had enough (`| head -1`): window and server go on.
for (const output of [process.stdout, process.stderr]) output.on('error', () => undefined)

buildIfStale()
const reason = (await noWindowReason()) ?? (await openWindow())
if (reason !== null) serveForBrowser(reason)

/** Resolves with null when the window has closed, or with the reason why it did not open. */
async function openWindow() {
  warnRoot()
  const { child, ended } = startElectron(['.', ...process.argv.slice(2)])
  let asked = false
  process.on('SIGINT', () => (asked = true)) // the terminal sends it to the window's process too, which may still save
  process.on('SIGTERM', () => (asked = child.kill('SIGTERM')))
  const { code, stderr, problem } = await ended
  if (asked) return null
  if (problem !== null) return problem
  if (code !== 0) process.stderr.write(stderr)
  process.exitCode = code === 0 ? 0 : 1
  return null
}

function serveForBrowser(reason) {
  process.stderr.write(`No window: ${reason}. The same interface is served for a browser instead.\n`)
  const args = process.argv.slice(2)
  goToUsersFolder()
  const isCommand = args[0] !== undefined && !args[0].startsWith('-')
  process.argv.splice(2, Infinity, ...(isCommand ? args : ['serve', ...args]))
  createRequire(import.meta.url)('../out/main/index.js')
}
