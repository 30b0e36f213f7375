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
import { runProgram, sideBySide } from './side-by-side.mjs'

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
const results = await sideBySide([...runs].reverse(), runTests) // the slowest first
spawnSync('wineserver', ['-k'], { env: environment }) // it outlives the programs; where there is none, nothing is to be ended
rmSync(folder, { recursive: true })
const count = (result) => results.filter((own) => own === result).length
process.stdout.write(`${count('passed')} passed, ${count('failed')} failed, ${count('skipped')} skipped\n`)
process.exitCode = count('failed') > 0 || (values.all && count('skipped') > 0) ? 1 : 0

async function runTests({ name, compiler, starter, calls = [['all']] }) {
  const problem = missing(compiler[0], starter)
  if (problem) {
    process.stdout.write(`${name}: skipped, ${problem}\n`)
    return 'skipped'
  }
  const program = join(folder, `${name.replaceAll(' ', '-')}${starter === 'wine' ? '.exe' : ''}`)
  const kernels = join(root, 'src/kernels')
  const sources = readdirSync(kernels).filter((file) => file.endsWith('.cpp') && file !== 'addon.cpp')
  const files = ['test.cpp', ...sources.map((file) => relative(tests, join(kernels, file)))]
  const commands = [
    [...compiler, ...files, '-o', program],
    ...calls.map((call) => [...(starter ? [starter] : []), program, ...call])
  ]
  const works = await allSucceed(commands, (output) => process.stdout.write(output.replace(/^(?=.)/gm, `${name}: `)))
  process.stdout.write(`${name}: ${works ? 'passed' : 'FAILED'}\n`)
  return works ? 'passed' : 'failed'
}

/** One after another, until one fails. */
async function allSucceed(commands, write) {
  for (const [command, ...args] of commands) {
    const options = { cwd: tests, env: environment, timeout: LONGEST_MILLISECONDS }
    const { works, output } = await runProgram(command, args, options)
    write(output)
    if (!works) return false
  }
  return true
}

/** Why a program can't be built or started here; null where it can. */
function missing(compiler, starter) {
  const program = [compiler, starter].find((command) => command && spawnSync(command, ['--version']).error)
  if (program) return `${program} is not installed`
  return compiler === zig[0] ? missingParts() : null
}
