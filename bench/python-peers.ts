// The peers in Python: which there are, and how they are started.
import { join } from 'node:path'
import type { Contender, ContenderKind } from './contender'
import { openPeer } from './peer'
import { installed } from './python'
import { attempt, type Setup } from './setup'

interface PythonPeer {
  /** Names requirements-….txt as well. */
  name: string
  title: string
  kind: ContenderKind
  script: string
}

export const pythonPeers: readonly PythonPeer[] = [
  { name: 'numpy', title: 'NumPy, the products alone', kind: 'products', script: 'numpy_products.py' },
  { name: 'jax', title: 'JAX, all in one scan', kind: 'peer', script: 'jax_scan.py' },
  { name: 'pytorch', title: 'PyTorch, compiled, all in one module', kind: 'peer', script: 'pytorch_compiled.py' },
  { name: 'keras', title: 'Keras on TensorFlow, one by one', kind: 'peer', script: 'keras_fit.py' }
]

/** Installs what is missing and starts those that were asked for; one that can't be had joins `skipped` and costs none of the others. */
export async function openPythonPeers(setup: Setup, scripts: string): Promise<Contender[]> {
  const opened: Contender[] = []
  for (const one of pythonPeers.filter(({ name }) => setup.options.peers.includes(name))) {
    const contender = await attempt(setup, one, () => open(one, setup, scripts))
    if (contender) opened.push(contender)
  }
  return opened
}

async function open({ name, kind, script }: PythonPeer, setup: Setup, scripts: string): Promise<Contender> {
  const { options, dataFolder, threads, say } = setup
  const command = await installed(name, { ...options, scripts, say })
  const args = [join(scripts, script), '--data', dataFolder, '--threads', String(threads)]
  return openPeer({ name, kind, command, args, threads })
}
