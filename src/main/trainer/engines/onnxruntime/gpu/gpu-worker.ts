// The other end of gpu-thread.ts: trainings by their numbers, calls in, answers out, one after another.
import type { MessagePort } from 'node:worker_threads'
import type { Answer } from '../../thread'
import { createCollectorOfCalls } from '../../training-thread'
import type { Group } from '../group'
import { asLabError } from '../session'
import { openDeviceSession, type DeviceSession } from './device-session'
import { openGpuGroups, type GpuJob } from './gpu-group'
import { probe } from './probe'
import type { Provider } from './provider'
import { uploadGraph } from './transfer-graphs'

/** A call of Group by name on one of the open trainings, or one that needs none. `open` answers with the training's number. */
export interface GpuCall {
  id: number
  call: keyof Group | 'open' | 'probe'
  argument: unknown
  training?: number
}

/** Answers the calls that come through the port. */
export function serveGpu(port: MessagePort): void {
  const trainings = new Map<number, Group>()
  const contexts = createContexts()
  const collectAfter = createCollectorOfCalls()
  let last: Promise<void> = Promise.resolve()

  async function perform({ id, call, argument, training }: GpuCall): Promise<unknown> {
    if (call === 'probe') {
      await probe(argument as Provider)
      return contexts.keep(argument as Provider)
    }
    if (call === 'open') {
      const { job, provider } = argument as { job: GpuJob; provider: Provider }
      trainings.set(id, await openGpuGroups(job, provider))
      await contexts.keep(provider)
      return id
    }
    const group = trainings.get(training ?? -1)
    if (!group) throw new Error(`No training ${training} is open on the GPU`)
    if (call === 'close') trainings.delete(training ?? -1)
    return (group[call] as (argument: unknown) => Promise<unknown>)(argument)
  }

  port.on('message', (asked: GpuCall) => {
    last = last
      .then(() => perform(asked))
      .then(
        (value) => {
          port.postMessage({ id: asked.id, value } satisfies Answer)
          collectAfter(asked.call)
        },
        async (error) => {
          await contexts.giveUp() // a device that was lost comes back in a new one
          port.postMessage({ id: asked.id, error: asLabError(error).data } satisfies Answer)
        }
      )
  })
}

/** The runtime gives up its device, and all programs compiled for it, with the last session: one that does nothing keeps them. */
function createContexts() {
  const keepers = new Map<Provider['name'], DeviceSession>()
  return {
    async keep(provider: Provider): Promise<void> {
      if (provider.name !== 'webgpu' || keepers.has(provider.name)) return
      const session = await openDeviceSession(uploadGraph(), { provider, traffic: { toDevice: 0, fromDevice: 0 } })
      keepers.set(provider.name, session)
    },
    async giveUp(): Promise<void> {
      for (const [name, session] of keepers) {
        keepers.delete(name)
        await session.release().catch(() => undefined)
      }
    }
  }
}
