// `npm run kernels`: builds the CPU kernels (src/kernels) for every platform into resources/kernels, with a manifest.
//   npm run kernels                      all platforms
//   npm run kernels -- --only NAME …     some, e.g. linux-x64; a platform beyond the list is built as zig can
//   npm run kernels -- --check           builds into a temporary folder and fails where a byte differs from what is committed
// The compiler is zig, from PyPI: one machine builds for all, and the same source gives the same bytes anywhere.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync
} from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { runProgram, sideBySide } from './side-by-side.mjs'

const ZIG = '0.17.1'
const root = fileURLToPath(new URL('..', import.meta.url))
const sources = join(root, 'src/kernels')
const committed = join(root, 'resources/kernels')
const manifestOf = (folder) => join(folder, 'manifest.json')

// -ffp-contract=fast: a·b + c in one instruction where there is one. A new compiler may change bits; all else here keeps them.
export const compilerFlags = [
  ...['-std=c++20', '-O3', '-fno-math-errno', '-fno-trapping-math', '-ffp-contract=fast'],
  ...['-fno-exceptions', '-fno-rtti', '-fno-threadsafe-statics', '-Wall', '-Wextra']
]
const shared = ['-shared']
const posix = [...shared, '-fPIC']
const mac = (name) => [...posix, `-Wl,-install_name,@rpath/${name}.node`, '-Wl,-undefined,dynamic_lookup']

/** Zig's name of each platform, its least processor, and flags of its own. */
const platforms = {
  'linux-x64': ['x86_64-linux-gnu.2.17', 'x86_64', posix],
  'linux-arm64': ['aarch64-linux-gnu.2.17', 'generic', posix],
  'darwin-x64': ['x86_64-macos.11.0', 'x86_64', mac('darwin-x64')],
  'darwin-arm64': ['aarch64-macos.11.0', 'apple_m1', mac('darwin-arm64')],
  'win32-x64': ['x86_64-windows-gnu', 'x86_64', shared],
  'win32-arm64': ['aarch64-windows-gnu', 'generic', shared],
  wasm: ['wasm32-wasi', 'generic+simd128', ['-mexec-model=reactor']]
}

/** How Python is called: python3 hardly anywhere on Windows. */
const pythons = [['python3'], ['python'], ['py', '-3']]
const python =
  pythons.find((command) => versionOf(zigOf(command)) === ZIG) ?? pythons[process.platform === 'win32' ? 1 : 0]
/** The command that starts zig. */
export const zig = zigOf(python)

function zigOf(command) {
  return [...command, '-m', 'ziglang']
}

/** Platforms beyond the list, as zig calls them: no file of theirs is committed. Of Linux with glibc, as Node's own builds are. */
function otherPlatform(name) {
  const [system, architecture] = name.split('-')
  const cpu = {
    arm: 'arm',
    ia32: 'x86',
    ppc64: 'powerpc64le',
    riscv64: 'riscv64',
    loong64: 'loongarch64'
  }
  const names = { x64: 'x86_64', arm64: 'aarch64', ...cpu }
  const library = system === 'linux' ? `-gnu${architecture === 'arm' ? 'eabihf' : ''}` : ''
  return [`${names[architecture] ?? architecture}-${system}${library}`, 'baseline', posix]
}

if (process.argv[1] === fileURLToPath(import.meta.url)) process.exitCode = await main()

async function main() {
  const { values, positionals } = readArguments()
  const problem = missingParts()
  if (problem) return fail(problem)
  if (values.check) return check()
  mkdirSync(committed, { recursive: true })
  const names = values.only ? positionals : Object.keys(platforms)
  const built = await sideBySide(names, (name) => build(name, committed))
  writeManifest(committed, built)
  return 0
}

function readArguments() {
  try {
    const options = { check: { type: 'boolean' }, only: { type: 'boolean' } }
    const read = parseArgs({ options, allowPositionals: true })
    if (Boolean(read.values.only) !== read.positionals.length > 0) throw new Error('Names of platforms follow --only')
    return read
  } catch (error) {
    process.stderr.write(`${error.message}.\n`)
    process.exit(2)
  }
}

function fail(sentence) {
  process.stderr.write(`${sentence}\n`)
  return 1
}

/** What a build lacks, as a sentence with the command that brings it; null where it lacks nothing. */
export function missingParts() {
  const found = versionOf(zig)
  if (found === ZIG) return null
  const here = found ? `, here is ${found}` : ''
  return `The kernels are built with zig ${ZIG}${here}: run ${python.join(' ')} -m pip install ziglang==${ZIG}`
}

/** Empty where there is no zig. */
function versionOf([command, ...args]) {
  const { stdout, status } = spawnSync(command, [...args, 'version'], { encoding: 'utf8' })
  return status === 0 ? stdout.trim() : ''
}

/** What zig leaves beside a file for Windows. */
function byproducts(name) {
  return [`${name}.pdb`, `${name}.lib`, 'addon.lib']
}

/** Compiles for one platform. The folder's path leaves no trace in the file, whose name is the answer. */
async function build(name, folder, from = sources) {
  const [target, cpu, flags] = platforms[name] ?? otherPlatform(name)
  const file = name === 'wasm' ? 'kernels.wasm' : `${name}.node`
  const headers = join(dirname(createRequire(import.meta.url).resolve('node-api-headers/package.json')), 'include')
  const args = ['-target', target, `-mcpu=${cpu}`, ...compilerFlags, '-nostdlib++', '-s', `-I${headers}`]
  const leftOut = name === 'wasm' ? ['addon.cpp', 'pool.cpp', 'self-test.cpp'] : ['wasm.cpp']
  const files = readdirSync(sources).filter((source) => source.endsWith('.cpp') && !leftOut.includes(source))
  const [command, ...start] = zig
  const compile = [...start, 'c++', ...args, ...flags, ...files.sort(), '-o', join(folder, file)]
  const { works, output } = await runProgram(command, compile, { cwd: from })
  process.stderr.write(output)
  if (!works) throw new Error(`${file} could not be built`)
  for (const other of byproducts(name)) rmSync(join(folder, other), { force: true })
  process.stdout.write(`${file}: ${statSync(join(folder, file)).size} bytes\n`)
  return file
}

function sha256(data) {
  return createHash('sha256').update(data).digest('hex')
}

/** Digest of all sources, by which a file that is older than them is found. */
function sourceDigest() {
  const files = readdirSync(sources).sort()
  return sha256(files.map((file) => `${file} ${sha256(readFileSync(join(sources, file)))}\n`).join(''))
}

/** What files are that were just built, as the manifest has it. */
function describe(folder, names) {
  const made = { source: sourceDigest(), compiler: `zig ${ZIG}` }
  return names.map((file) => {
    const data = readFileSync(join(folder, file))
    return [file, { sha256: sha256(data), bytes: data.length, ...made }]
  })
}

function readManifest(folder) {
  return existsSync(manifestOf(folder)) ? JSON.parse(readFileSync(manifestOf(folder), 'utf8')) : { files: {} }
}

/** Files that were not built just now stand there as they did. */
function writeManifest(folder, built) {
  const stands = Object.entries(readManifest(folder).files).filter(([file]) => existsSync(join(folder, file)))
  const all = Object.entries(Object.fromEntries([...stands, ...describe(folder, built)]))
  const files = Object.fromEntries(all.sort(([a], [b]) => (a < b ? -1 : 1)))
  writeFileSync(manifestOf(folder), `${JSON.stringify({ files }, null, 2)}\n`)
}

/** Builds anew from a copy of the sources in another folder, and compares. */
async function check() {
  const folder = mkdtempSync(join(tmpdir(), 'kernels-'))
  try {
    const [copy, out] = [join(folder, 'copy'), join(folder, 'out')]
    cpSync(sources, copy, { recursive: true })
    mkdirSync(out)
    const files = await sideBySide(Object.keys(platforms), (name) => build(name, out, copy))
    const [built, stands] = [Object.fromEntries(describe(out, files)), readManifest(committed).files]
    const names = new Set([...files, ...Object.keys(stands), ...readdirSync(committed)])
    names.delete('manifest.json')
    const differing = [...names].filter(
      (name) =>
        JSON.stringify(built[name]) !== JSON.stringify(stands[name]) ||
        built[name]?.sha256 !== digestOf(join(committed, name))
    )
    if (differing.length > 0) return fail(`Not what the source builds: ${differing.join(', ')}. Run npm run kernels`)
    process.stdout.write(`${names.size} files are byte for byte what the source builds\n`)
    return 0
  } finally {
    rmSync(folder, { recursive: true })
  }
}

function digestOf(path) {
  try {
    return sha256(readFileSync(path))
  } catch {
    return 'missing'
  }
}
