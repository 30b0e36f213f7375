// Where Electron's program is on this machine, whether it can open a window, and how to get it.
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const packageFolder = fileURLToPath(new URL('../node_modules/electron', import.meta.url))
const names = { darwin: 'Electron.app/Contents/MacOS/Electron', win32: 'electron.exe' }
const PROBE_MILLISECONDS = 10_000
const STALL_MILLISECONDS = 15_000
const LOOK_MILLISECONDS = 500

/** The program's path, or null where it has not been downloaded. ELECTRON_OVERRIDE_DIST_PATH names another folder, as for the npm package. */
export function electronProgram() {
  const override = process.env.ELECTRON_OVERRIDE_DIST_PATH
  // path.txt is written last: a download that was cut off does not count.
  if (!override && !existsSync(join(packageFolder, 'path.txt'))) return null
  const program = join(override || join(packageFolder, 'dist'), names[process.platform] ?? 'electron')
  return existsSync(program) ? program : null
}

const ofOtherPrograms = ['ELECTRON_RUN_AS_NODE', 'NODE_OPTIONS', 'VSCODE_INSPECTOR_OPTIONS']

/**
 * What Electron gets of an environment: not what the terminal of an Electron editor sets for its own children, by which Electron would be
 * Node and open no window, nor the options of the Node that started it.
 */
export function electronEnvironment(given = process.env) {
  return Object.fromEntries(Object.entries(given).filter(([name]) => !ofOtherPrograms.includes(name.toUpperCase())))
}

export function hasDisplay() {
  return process.platform !== 'linux' || Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY)
}

/** Why the program can't even load (a missing system library, another architecture), or null. */
export function loadProblem(program) {
  const { status, stderr, error } = spawnSync(program, ['-e', '0'], {
    env: { ...electronEnvironment(), ELECTRON_RUN_AS_NODE: '1' },
    encoding: 'utf8',
    timeout: PROBE_MILLISECONDS
  })
  return status === 0 ? null : (stderr || String(error ?? 'it does not start')).trim().split('\n')[0]
}

/** Downloads Electron with its own installer. Answers why that is not possible, or null. */
export async function downloadElectron() {
  const unreachable = await downloadProblem(downloadAddress())
  if (unreachable) return unreachable
  process.stderr.write('Downloading Electron (once) …\n')
  const temporary = mkdtempSync(join(tmpdir(), 'bottleneck-lab-electron-')) // the installer downloads to the folder of temporary files
  const env = { ...process.env, TMPDIR: temporary, TEMP: temporary, TMP: temporary }
  const folders = [temporary, join(packageFolder, 'dist')]
  const problem = await runWhileGrowing([join(packageFolder, 'install.js')], { env, folders })
  rmSync(temporary, { recursive: true, force: true, maxRetries: 5 })
  return problem ?? (electronProgram() ? null : 'its installer failed')
}

/** Runs a script of Node's and ends it when the files in `folders` have not grown for so long. Answers why it failed, or null. */
export function runWhileGrowing(args, { env = process.env, cwd, folders, stallMilliseconds = STALL_MILLISECONDS }) {
  const child = spawn(process.execPath, args, { env, cwd, stdio: 'inherit' })
  const latest = { size: sizeOf(folders), at: Date.now() }
  let stalled = false
  const timer = setInterval(() => {
    const size = sizeOf(folders)
    if (size !== latest.size) Object.assign(latest, { size, at: Date.now() })
    stalled = Date.now() - latest.at > stallMilliseconds
    if (stalled) child.kill('SIGKILL')
  }, LOOK_MILLISECONDS)
  return new Promise((resolve) => {
    const end = (problem) => {
      clearInterval(timer)
      resolve(problem)
    }
    child.once('error', (error) => end(error.message))
    child.once('exit', (status) =>
      end(stalled ? 'the download stands still' : status === 0 ? null : 'its installer failed')
    )
  })
}

/** Bytes of all files below the folders; what is gone or not there yet counts nothing. */
function sizeOf(paths) {
  return paths.reduce((sum, path) => {
    const entry = statSync(path, { throwIfNoEntry: false })
    if (!entry?.isDirectory()) return sum + (entry?.size ?? 0)
    return sum + sizeOf(namesIn(path).map((name) => join(path, name)))
  }, 0)
}

function namesIn(folder) {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}

/** The first bytes of the download, since some networks let only the first connection through; an answer within 10 s or a reason. */
async function downloadProblem(address) {
  const abort = new AbortController()
  const timer = setTimeout(() => abort.abort(), PROBE_MILLISECONDS)
  try {
    const response = await fetch(address, { signal: abort.signal })
    if (!response.ok) return `${new URL(response.url).host} answers ${response.status}`
    await response.body.getReader().read()
    return null
  } catch (error) {
    const { host } = new URL(address)
    if (abort.signal.aborted) return `${host} does not answer`
    return `${host} can't be reached: ${error.cause?.code ?? error.cause?.message ?? error.message}`
  } finally {
    clearTimeout(timer)
    abort.abort()
  }
}

/** As Electron's installer finds it (@electron/get, artifact-utils.js); a mirror is named as for that. */
function downloadAddress() {
  const { version } = JSON.parse(readFileSync(join(packageFolder, 'package.json'), 'utf8'))
  const { env } = process
  const mirror =
    env.npm_config_electron_mirror ||
    env.NPM_CONFIG_ELECTRON_MIRROR ||
    env.npm_package_config_electron_mirror ||
    env.ELECTRON_MIRROR ||
    'https://github.com/electron/electron/releases/download/'
  return `${mirror}v${version}/electron-v${version}-${process.platform}-${process.arch}.zip`
}
