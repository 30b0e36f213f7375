// `npm run kernels:test`: builds the kernels' own test program (tests/kernels) and runs it wherever this machine can: for each instruction
// set of its processor, under AddressSanitizer and UBSan with random calls, under ThreadSanitizer, for arm64 under qemu and for Windows under wine.
//   npm run kernels:test -- --all     fails where something had to be skipped
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { compilerFlags, missingParts, zig } from './kernels.mjs'

const RANDOM_CALLS = '100000'
const RANDOM_CALLS_OF_THREADS = '5000'
const root = fileURLToPath(new URL('..', import.meta.url))
const tests = join(root, 'tests/kernels')
const folder = mkdtempSync(join(tmpdir(), 'kernels-test-'))
const native = [...zig, 'c++', ...compilerFlags.filter((flag) => !flag.startsWith('-fno-exc'))]
const sanitizing = (names) => [
  ...['clang++', '-std=c++20', '-O1', '-g', '-Wall', '-Wno-psabi', '-pthread'],
  ...[`-fsanitize=${names}`, '-fno-sanitize-recover=all']
]

/** A run that takes so long hangs. */
const LONGEST_MILLISECONDS = 20 * 60_000
/** Wine with a folder of its own, and without its browser and .NET, which it would ask for. */
const environment = {
  ...process.env,
  WINEPREFIX: join(folder, 'wine'),
  WINEDEBUG: '-all',
  WINEDLLOVERRIDES: 'mscoree,mshtml='
}

/** Where the program runs: how it is built, what starts it, and what it is asked to do. */
const runs = [
  { name: 'this processor', compiler: [...native, `-mcpu=${process.arch === 'x64' ? 'x86_64' : 'baseline'}`] },
  {
    name: 'AddressSanitizer and UBSan',
    compiler: sanitizing('address,undefined'),
    calls: [['all'], ['all', RANDOM_CALLS]]
  },
  // Random calls alone: the self-test forks, which ThreadSanitizer can't follow.
  { name: 'ThreadSanitizer', compiler: sanitizing('thread'), calls: [['all', RANDOM_CALLS_OF_THREADS]] },
  {
    name: 'arm64 under qemu',
    compiler: [...native, '-target', 'aarch64-linux-musl', '-static'],
    starter: 'qemu-aarch64'
  },
  {
    name: 'Windows under wine',
    compiler: [...native, '-target', 'x86_64-windows-gnu', '-mcpu=x86_64'],
    starter: 'wine'
  }
]

const { values } = parseArgs({ options: { all: { type: 'boolean' } } })
const results = runs.map(runTests)
spawnSync('wineserver', ['-k'], { env: environment }) // it outlives the programs; where there is none, nothing is to be ended
rmSync(folder, { recursive: true })
const count = (result) => results.filter((own) => own === result).length
process.stdout.write(`${count('passed')} passed, ${count('failed')} failed, ${count('skipped')} skipped\n`)
process.exitCode = count('failed') > 0 || (values.all && count('skipped') > 0) ? 1 : 0

function runTests({ name, compiler, starter, calls = [['all']] }) {
  const problem = missing(compiler[0], starter)
  if (problem) {
    process.stdout.write(`${name}: skipped, ${problem}\n`)
    return 'skipped'
  }
  const program = join(folder, `test${starter === 'wine' ? '.exe' : ''}`)
  const kernels = join(root, 'src/kernels')
  const sources = readdirSync(kernels).filter((file) => file.endsWith('.cpp') && file !== 'addon.cpp')
  const files = ['test.cpp', ...sources.map((file) => relative(tests, join(kernels, file)))]
  const [command, ...args] = [...compiler, ...files, '-o', program]
  const works =
    succeeds(command, args) &&
    calls.every((call) => succeeds(...(starter ? [starter, [program, ...call]] : [program, call])))
  process.stdout.write(`${name}: ${works ? 'passed' : 'FAILED'}\n`)
  return works ? 'passed' : 'failed'
}

function succeeds(command, args) {
  const options = { cwd: tests, env: environment, stdio: 'inherit', timeout: LONGEST_MILLISECONDS }
  const { status, error } = spawnSync(command, args, options)
  if (error) process.stderr.write(`${command}: ${error.message}\n`)
  return status === 0
}

/** Why a program can't be built or started here; null where it can. */
function missing(compiler, starter) {
  const program = [compiler, starter].find((command) => command && spawnSync(command, ['--version']).error)
  if (program) return `${program} is not installed`
  return compiler === zig[0] ? missingParts() : null
}
