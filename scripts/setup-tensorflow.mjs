// `npm run setup:tensorflow`: brings TensorFlow's native part, which no `npm ci` downloads, and says what it trains on here.
//   npm run setup:tensorflow             the library for NVIDIA GPUs where their driver is found, else the one for CPUs
//   npm run setup:tensorflow -- --gpu    one of the two by name, also where another is there already
//   npm run setup:tensorflow -- --cpu
// It is the package's own installer that works here, from Google's storage; TFJS_NODE_CDN_STORAGE names a mirror, as for it.
// Exit codes: 0 TensorFlow can train, 1 it can't, 2 wrong usage.
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { buildIfStale } from './build-if-stale.mjs'
import { runWhileGrowing } from './electron.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const require = createRequire(import.meta.url)
const ANSWER_MILLISECONDS = 10_000
const STALL_MILLISECONDS = 60_000 // unpacking and compiling may be silent for a while
const driverFiles = { linux: '/proc/driver/nvidia/version', win32: 'C:\\Windows\\System32\\nvcuda.dll' }

process.exitCode = await setUp(wantedLibrary())

async function setUp(wanted) {
  buildIfStale()
  const { report } = require(join(root, 'out/main/tensorflow-report.js'))
  const before = await report()
  if (before.isUsable && wanted === null) return tell(before)

  const folder = packageFolder()
  if (!existsSync(join(folder, 'scripts/install.js'))) {
    return fail('The npm package @tensorflow/tfjs-node-gpu is not installed. Run npm ci first.')
  }
  const library = wanted ?? (hasNvidiaDriver() ? 'gpu' : 'cpu')
  process.stdout.write(`Downloading TensorFlow's library for ${library === 'gpu' ? 'NVIDIA GPUs' : 'CPUs'} …\n`)
  const problem = (await unreachable()) ?? (await install(folder, library))
  if (problem) return fail(`TensorFlow's library was not installed: ${problem}.`)
  return tell(await report())
}

/** `gpu` or `cpu` where one was asked for, else null. */
function wantedLibrary() {
  try {
    const { values } = parseArgs({ options: { gpu: { type: 'boolean' }, cpu: { type: 'boolean' } } })
    if (values.gpu && values.cpu) throw new Error('--gpu and --cpu exclude each other')
    return values.gpu ? 'gpu' : values.cpu ? 'cpu' : null
  } catch (error) {
    process.stderr.write(`${error.message}.\n`)
    process.exit(2)
  }
}

function tell({ isUsable, sentences }) {
  for (const sentence of sentences) process.stdout.write(`${sentence}\n`)
  return isUsable ? 0 : 1
}

function fail(sentence) {
  process.stderr.write(`${sentence}\n`)
  return 1
}

function packageFolder() {
  if (process.env.BOTTLENECK_LAB_TENSORFLOW) return process.env.BOTTLENECK_LAB_TENSORFLOW
  try {
    return dirname(require.resolve('@tensorflow/tfjs-node-gpu/package.json'))
  } catch {
    return ''
  }
}

function hasNvidiaDriver() {
  return existsSync(driverFiles[process.platform] ?? '')
}

/** Why the storage can't be reached, or null. Behind a proxy only the installer itself can tell. */
async function unreachable() {
  const { env } = process
  if (env.HTTPS_PROXY || env.https_proxy || env.HTTP_PROXY || env.http_proxy) return null
  const storage = env.TFJS_NODE_BASE_URI || env.TFJS_NODE_CDN_STORAGE || 'https://storage.googleapis.com/'
  const { host } = new URL(storage)
  try {
    await fetch(storage, { method: 'HEAD', signal: AbortSignal.timeout(ANSWER_MILLISECONDS) })
    return null
  } catch (error) {
    const reason = error.name === 'TimeoutError' ? 'no answer' : (error.cause?.code ?? error.message)
    return `${host} can't be reached (${reason}); TFJS_NODE_CDN_STORAGE may name a mirror of it`
  }
}

/** Runs the package's installer. Answers why it failed, or null. */
function install(folder, library) {
  const env = { ...process.env, PATH: [join(root, 'node_modules/.bin'), process.env.PATH].join(delimiter) }
  const folders = ['deps', 'lib', 'build'].map((name) => join(folder, name))
  const options = { env, cwd: folder, folders, stallMilliseconds: STALL_MILLISECONDS }
  return runWhileGrowing([join(folder, 'scripts/install.js'), library, 'download'], options)
}
