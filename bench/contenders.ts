// Who takes part: ours on each device and with other work, and the peers that there are.
import { join } from 'node:path'
import { contenderKinds, type Contender } from './contender'
import { createOurs, findOurs, inverted } from './ours'
import { openPythonPeers } from './python-peers'
import type { Setup } from './setup'
import { openTfjs } from './tfjs'

/** Copies of the six models: 24 in all. */
const COPIES = 4

/** In the order in which they are listed: products, ours, variants, peers. */
export async function openContenders(setup: Setup): Promise<Contender[]> {
  const scripts = join(setup.root, 'bench/peers')
  const contenders = [
    ...(await openPythonPeers(setup, scripts)),
    ...(await openTfjs(setup, scripts)),
    ...(await findOurs(setup)),
    ...variants(setup)
  ]
  return contenders.sort((a, b) => contenderKinds.indexOf(a.kind) - contenderKinds.indexOf(b.kind))
}

/** Ours on the processor with other work: four times the models, and images that are hardly anywhere black. */
function variants({ engineOf, dataset, threads }: Setup): Contender[] {
  const engine = engineOf('cpu')
  if (!engine) return []
  const cpu = { kind: 'variant', engine, device: 'cpu', dataset, threads } as const
  return [
    createOurs({ ...cpu, name: 'cpu/24', title: `ours, cpu, 24 models`, copies: COPIES }),
    createOurs({ ...cpu, name: 'cpu/dense', title: 'ours, cpu, inverted digits', dataset: inverted(dataset) })
  ]
}
