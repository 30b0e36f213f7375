// The peers in Python: which there are, and how each gets a folder of its own with pinned packages on first use.
import { execFile } from 'node:child_process'
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { openPeer } from './peer'
import type { Contender, ContenderKind } from './contender'
import { attempt, type Setup } from './setup'

interface PythonPeer {
  name: string
  title: string
  kind: ContenderKind
  script: string
  /** Names requirements-….txt and the folder that is made from it. */
  requirements: string
}

const peer = (name: string, title: string, script: string, requirements = name): PythonPeer => {
  return { name, title, kind: 'peer', script, requirements }
}

export const pythonPeers: readonly PythonPeer[] = [
  { ...peer('numpy', 'NumPy, its BLAS', 'numpy_products.py'), kind: 'other products' },
  peer('jax', 'JAX, all in one scan', 'jax_scan.py'),
  peer('pytorch-compiled', 'PyTorch, compiled, all in one module', 'pytorch_compiled.py', 'pytorch'),
  peer('pytorch', 'PyTorch, eager, one by one', 'pytorch_eager.py'),
  peer('keras', 'Keras on TensorFlow, one by one', 'keras_fit.py')
]

const execute = promisify(execFile)

/** Installs what is missing and starts those that were asked for; one that can't be had joins `skipped` and costs none of the others. */
export async function openPythonPeers(setup: Setup, scripts: string): Promise<Contender[]> {
  const opened: Contender[] = []
  for (const one of pythonPeers.filter(({ name }) => setup.options.peers.includes(name))) {
    const contender = await attempt(setup, one, () => open(one, setup, scripts))
    if (contender) opened.push(contender)
  }
  return opened
}

async function open(one: PythonPeer, setup: Setup, scripts: string): Promise<Contender> {
  const python = await installed(one.requirements, setup, scripts)
  const { dataFolder, threads } = setup
  const args = [join(scripts, one.script), '--data', dataFolder, '--threads', String(threads)]
  return openPeer({ name: one.name, kind: one.kind, command: python, args, threads })
}

/** The Python of the folder that holds what a requirements file asks for; made anew when the file has changed. */
async function installed(requirements: string, { options, say }: Setup, scripts: string): Promise<string> {
  const { python, peersHome: home } = options
  const file = join(scripts, `requirements-${requirements}.txt`)
  const folder = join(home, requirements)
  const stamp = join(folder, 'installed.txt')
  const wanted = await readFile(file, 'utf8')
  const own = process.platform === 'win32' ? join(folder, 'Scripts', 'python.exe') : join(folder, 'bin', 'python')
  if ((await readFile(stamp, 'utf8').catch(() => '')) === wanted) return own

  say(`Installing ${requirements} into ${folder} (once) …`)
  await rm(folder, { recursive: true, force: true })
  await mkdir(home, { recursive: true })
  await succeed(python, ['-m', 'venv', folder])
  const pip = [
    '-m',
    'pip',
    'install',
    '--quiet',
    '--disable-pip-version-check',
    '--only-binary=:all:',
    '--retries',
    '1'
  ]
  await succeed(own, [...pip, '-r', file])
  await writeFile(stamp, wanted)
  return own
}

/** Rejects with the last line that the program wrote about its failure. */
async function succeed(program: string, args: readonly string[]): Promise<void> {
  try {
    await execute(program, args, { maxBuffer: 1 << 26 })
  } catch (error) {
    const { stderr = '', stdout = '', code } = error as { stderr?: string; stdout?: string; code?: string | number }
    if (code === 'ENOENT') throw new Error(`there is no ${program} on this machine`)
    const lines = `${stdout}\n${stderr}`.split('\n').filter((line) => line.trim() !== '')
    throw new Error(lines.filter((line) => line.startsWith('ERROR')).at(-1) ?? lines.at(-1) ?? String(error))
  }
}
