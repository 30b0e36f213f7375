// `npm run kernels`: builds the CPU kernels (src/kernels) for every platform into resources/kernels, with a manifest.
//   npm run kernels                      all platforms
//   npm run kernels -- --only NAME …     some, e.g. linux-x64; a platform beyond the list is built as zig can
//   npm run kernels -- --check           builds into a temporary folder and fails where a byte differs from what is committed
// The compiler is zig, from PyPI: one machine builds for all, and the same source gives the same bytes anywhere.
import { execFileSync, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'

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

/** Platforms beyond the list, as zig calls them: no file of theirs is committed. */
function otherPlatform(name) {
  const [system, architecture] = name.split('-')
  const cpu = {
    arm: 'arm',
    ia32: 'x86',
    ppc64: 'powerpc64le',
    s390x: 's390x',
    riscv64: 'riscv64',
    loong64: 'loongarch64'
  }
  const names = { x64: 'x86_64', arm64: 'aarch64', ...cpu }
  return [`${names[architecture] ?? architecture}-${system}`, 'baseline', posix]
}

if (process.argv[1] === fileURLToPath(import.meta.url)) process.exitCode = main()

function main() {
  const { values, positionals } = readArguments()
  const problem = missingParts()
  if (problem) return fail(problem)
  if (values.check) return check()
  const names = values.only ? positionals : Object.keys(platforms)
  mkdirSync(committed, { recursive: true })
  for (const name of names) build(name, committed)
  writeManifest(committed)
  return 0
}

function readArguments() {
  try {
    return parseArgs({ options: { check: { type: 'boolean' }, only: { type: 'boolean' } }, allowPositionals: true })
  } catch (error) {
    process.stderr.write(`${error.message}.\n`)
    process.exit(2)
  }
}

function fail(sentence) {
  process.stderr.write(`${sentence}\n`)
  return 1
}

/** What lacks for a build, as a sentence with the command that brings it; null where nothing does. */
export function missingParts() {
  const { stdout, status } = spawnSync('python3', ['-m', 'ziglang', 'version'], { encoding: 'utf8' })
  const found = status === 0 ? stdout.trim() : ''
  if (found === ZIG) return null
  return `The kernels are built with zig ${ZIG}${found ? `, here is ${found}` : ''}: run python3 -m pip install ziglang==${ZIG}`
}

/** What zig leaves beside a file for Windows. */
function byproducts(name) {
  return [`${name}.pdb`, `${name}.lib`, 'addon.lib']
}

/** Compiles for one platform. The folder's path leaves no trace in the file. */
function build(name, folder, from = sources) {
  const [target, cpu, flags] = platforms[name] ?? otherPlatform(name)
  const file = name === 'wasm' ? 'kernels.wasm' : `${name}.node`
  const headers = join(dirname(createRequire(import.meta.url).resolve('node-api-headers/package.json')), 'include')
  const args = ['-target', target, `-mcpu=${cpu}`, ...compilerFlags, '-nostdlib++', '-s', `-I${headers}`]
  const leftOut = name === 'wasm' ? ['addon.cpp', 'pool.cpp', 'self-test.cpp'] : ['wasm.cpp']
  const files = readdirSync(sources).filter((source) => source.endsWith('.cpp') && !leftOut.includes(source))
  execFileSync('python3', ['-m', 'ziglang', 'c++', ...args, ...flags, ...files.sort(), '-o', join(folder, file)], {
    cwd: from,
    stdio: 'inherit'
  })
  for (const other of byproducts(name)) rmSync(join(folder, other), { force: true })
  process.stdout.write(`${file}: ${statSync(join(folder, file)).size} bytes\n`)
}

function sha256(data) {
  return createHash('sha256').update(data).digest('hex')
}

/** Digest of all sources, by which a build that is older than them is found. */
export function sourceDigest() {
  const files = readdirSync(sources).sort()
  return sha256(files.map((file) => `${file} ${sha256(readFileSync(join(sources, file)))}\n`).join(''))
}

/** What a folder's files are, as the manifest has it. */
function describe(folder) {
  const names = readdirSync(folder).filter((file) => file !== 'manifest.json')
  const files = names.sort().map((file) => {
    const data = readFileSync(join(folder, file))
    return [file, { sha256: sha256(data), bytes: data.length }]
  })
  return { source: sourceDigest(), compiler: `zig ${ZIG}`, files: Object.fromEntries(files) }
}

function writeManifest(folder) {
  writeFileSync(manifestOf(folder), `${JSON.stringify(describe(folder), null, 2)}\n`)
}

/** Builds anew from a copy of the sources in another folder, and compares. */
function check() {
  const folder = mkdtempSync(join(tmpdir(), 'kernels-'))
  try {
    const [copy, out] = [join(folder, 'copy'), join(folder, 'out')]
    cpSync(sources, copy, { recursive: true })
    mkdirSync(out)
    for (const name of Object.keys(platforms)) build(name, out, copy)
    const [built, stands] = [describe(out), JSON.parse(readFileSync(manifestOf(committed), 'utf8'))]
    const names = new Set([...Object.keys(built.files), ...Object.keys(stands.files), ...readdirSync(committed)])
    names.delete('manifest.json')
    const differing = [...names].filter((name) => {
      const digests = [built.files[name]?.sha256, stands.files[name]?.sha256, digestOf(join(committed, name))]
      return new Set(digests).size > 1
    })
    if (built.source !== stands.source || built.compiler !== stands.compiler) differing.push('manifest.json')
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
