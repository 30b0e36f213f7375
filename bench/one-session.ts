// The layout that was not taken (docs/decisions/0001-groups.md): all models in one session with all threads.
import { join } from 'node:path'
import type { Engine } from '../src/main/trainer/engine'
import { openGroupIn } from '../src/main/trainer/engines/onnxruntime/place'
import type { Contender } from './contender'
import { createOurs } from './ours'
import type { Setup } from './setup'

const STEPS_PER_CALL = 10

/** Beside onnxruntime on the processor, whose device it shares; none where that can't be used. */
export async function openOneSession(setup: Setup): Promise<Contender[]> {
  const device = await cpuDevice(setup)
  if (!device) return []
  const workerPath = join(setup.root, 'out/main/onnxruntime-worker.js')
  const engine: Pick<Engine, 'open'> = {
    open: async (job) => ({ ...(await openGroupIn({ workerPath }, job)), stepsPerCall: STEPS_PER_CALL, turns: 1 })
  }
  const title = `ours, all models in one session, ${setup.threads} threads`
  return [{ ...createOurs(engine, device, setup), name: 'onnxruntime/one-session', title, kind: 'other layout' }]
}

async function cpuDevice({ engines }: Setup) {
  const engine = engines.find(({ name }) => name === 'onnxruntime')
  return (await engine?.devices())?.find(({ name, usable }) => name === 'cpu' && usable)
}
