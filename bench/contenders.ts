// Opens all that is compared: the products alone, ours on each device, and the peers that there are.
import { join } from 'node:path'
import { balance, type Share } from '../src/main/trainer/engines/onnxruntime/balance'
import { modelSpecs } from '../src/main/trainer/model-specs'
import { contenderKinds, type Contender } from './contender'
import { openOneSession } from './one-session'
import { findOurs } from './ours'
import { createProducts } from './products'
import { openPythonPeers } from './python-peers'
import { experiment, recipe, type Setup } from './setup'
import { openTfjs } from './tfjs'

/** In the order in which they are listed: products, ours, peers. */
export async function openContenders(setup: Setup): Promise<Contender[]> {
  const scripts = join(setup.root, 'bench/peers')
  const peers = [...(await openPythonPeers(setup, scripts)), ...(await openTfjs(setup, scripts))]
  const ours = await findOurs(setup)
  const contenders = [...openProducts(setup.threads), ...ours, ...(await openOneSession(setup)), ...peers]
  return contenders.sort((a, b) => contenderKinds.indexOf(a.kind) - contenderKinds.indexOf(b.kind))
}

/** In the sessions that training has, and in one of all threads. */
function openProducts(threads: number): Contender[] {
  const { latentDims } = recipe
  const inGroups = balance(modelSpecs(experiment), threads)
  const inOne = [{ models: latentDims.map((_, index) => index), threads }]
  const sets = inGroups.map((share) => `{${share.models.map((model) => latentDims[model]).join(', ')}}`)
  const layouts: { name: string; title: string; shares: Share[] }[] = [
    {
      name: 'products/groups',
      title: `products alone, ${sets.join(' and ')}, ${threadsOf(inGroups)}`,
      shares: inGroups
    },
    { name: 'products/one', title: `products alone, one session, ${threadsOf(inOne)}`, shares: inOne }
  ]
  return layouts.map((layout) => createProducts({ ...layout, latentDims }))
}

/** `1 thread each`, `2 threads`; `2 and 1 threads` where sessions have different numbers. */
function threadsOf(shares: readonly Share[]): string {
  const counts = [...new Set(shares.map((share) => share.threads))]
  const threads = `${counts.join(' and ')} thread${counts.join() === '1' ? '' : 's'}`
  return shares.length > 1 && counts.length === 1 ? `${threads} each` : threads
}
