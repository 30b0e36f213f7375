// Where TensorFlow's native part lies, and whether it loads here: asked in a process of its own, since a broken library may
// end a process (a processor without AVX, a truncated file), and the trainer has other engines to offer.
import { execFile } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

/** The npm packages that bring TensorFlow: the first whose native part is there is taken. */
const packageNames = ['@tensorflow/tfjs-node-gpu', '@tensorflow/tfjs-node']
const NATIVE_PART = 'tfjs_binding.node'
const LONGEST_LOAD_MILLISECONDS = 60_000

export interface Library {
  packageFolder: string
  /** The native part's path. */
  binding: string
}

/** What loading the library told, or why it did not load. */
export type LibraryState =
  | { loads: true; version: string; usesGpu: boolean; log: string }
  | { loads: false; reason: string; missing: 'package' | 'native part' | null }

/** Folders of the installed packages; BOTTLENECK_LAB_TENSORFLOW, if set, names the one to use instead. */
export function packageFolders(environment: NodeJS.ProcessEnv = process.env): string[] {
  if (environment.BOTTLENECK_LAB_TENSORFLOW) return [environment.BOTTLENECK_LAB_TENSORFLOW]
  const { resolve } = createRequire(__filename)
  return packageNames.flatMap((name) => {
    try {
      return [dirname(resolve(`${name}/package.json`))]
    } catch {
      return []
    }
  })
}

/** The first package whose native part is there for this Node, or null. */
export function findLibrary(folders: readonly string[]): Library | null {
  const found = folders.flatMap((packageFolder) => {
    const binding = newestBinding(packageFolder)
    return binding === null ? [] : [{ packageFolder, binding }]
  })
  return found[0] ?? null
}

/** lib/napi-v8/tfjs_binding.node, say: the newest that this Node's version of Node-API can load. */
function newestBinding(packageFolder: string): string | null {
  const folder = join(packageFolder, 'lib')
  const versions = (existsSync(folder) ? readdirSync(folder) : [])
    .flatMap((name) => /^napi-v(\d+)$/.exec(name)?.[1] ?? [])
    .map(Number)
    .filter((version) => version <= Number(process.versions.napi))
    .filter((version) => existsSync(join(folder, `napi-v${version}`, NATIVE_PART)))
  return versions.length === 0 ? null : join(folder, `napi-v${Math.max(...versions)}`, NATIVE_PART)
}

/** Loads the native part in a process of its own and tells what came of it; takes a second or so. */
export async function tryLibrary(folders: readonly string[]): Promise<LibraryState> {
  const library = findLibrary(folders)
  if (library) return load(library.binding)
  const [folder] = folders
  if (folder === undefined) {
    return { loads: false, missing: 'package', reason: `the npm package ${packageNames[0]} is not installed` }
  }
  return { loads: false, missing: 'native part', reason: `${join(folder, 'lib')} has no ${NATIVE_PART}` }
}

/** Run by `node -e`: the answer goes to stdout, what TensorFlow logs to stderr. */
const LOAD_SCRIPT = `
let answer
try {
  const binding = require(process.argv[1])
  answer = { version: binding.TF_Version, usesGpu: binding.isUsingGpuDevice() }
} catch (error) {
  answer = { reason: error.message }
}
process.stdout.write(JSON.stringify(answer))`

function load(binding: string): Promise<LibraryState> {
  // Electron's own program runs as Node, and TensorFlow tells which of CUDA's libraries it has found.
  const env = { ...process.env, ELECTRON_RUN_AS_NODE: '1', TF_CPP_MIN_LOG_LEVEL: '0' }
  const options = { env, timeout: LONGEST_LOAD_MILLISECONDS, windowsHide: true }
  return new Promise((resolve) => {
    execFile(process.execPath, ['-e', LOAD_SCRIPT, binding], options, (error, stdout, stderr) => {
      const answer = parsed(stdout)
      if (answer && 'version' in answer) return resolve({ loads: true, ...answer, log: stderr })
      const reason = answer?.reason ?? howItEnded(error, stderr)
      resolve({ loads: false, missing: null, reason: firstLine(reason) })
    })
  })
}

function parsed(stdout: string): { version: string; usesGpu: boolean } | { reason: string } | null {
  try {
    return JSON.parse(stdout)
  } catch {
    return null // it ended before it could answer
  }
}

/** What it last logged, without the place in TensorFlow's source that a line begins with. */
function howItEnded(error: { signal?: unknown; code?: unknown } | null, stderr: string): string {
  const last = stderr.trim().split('\n').pop() ?? ''
  return last.replace(/^.*?\.cc:\d+\] /, '').trim() || `loading it ended with ${String(error?.signal ?? error?.code)}`
}

const firstLine = (text: string) => text.trim().split('\n')[0] ?? ''

export interface MissingLibrary {
  name: string
  /** The loader's own words. */
  reason: string
}

/** The libraries of CUDA and cuDNN that TensorFlow could not load, from its log. */
export function missingLibraries(log: string): MissingLibrary[] {
  const found = [...log.matchAll(/Could not load dynamic library '([^']+)'; dlerror: ([^;\n]+)/g)]
  const reasons = new Map(found.map(([, name = '', reason = '']) => [name, reason.trim()]))
  return [...reasons].map(([name, reason]) => ({ name, reason }))
}
