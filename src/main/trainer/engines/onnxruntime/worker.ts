// Entry of a thread (built to out/main/onnxruntime-worker.js) that trains one group, or does all GPU work: calls in, answers out, one at a time.
import { parentPort, workerData } from 'node:worker_threads'
import type { LabErrorData } from '@shared/errors'
import { serveGpu } from './gpu/gpu-worker'
import { openGroup, type Group, type GroupJob } from './group'
import { asLabError } from './session'

/** A call of Group by name; `open` comes first and is answered when the sessions stand. */
export interface GroupCall {
  id: number
  call: keyof Group | 'open'
  argument?: unknown
}

export type GroupAnswer = { id: number; value: unknown } | { id: number; error: LabErrorData }

function serve(port: NonNullable<typeof parentPort>, job: GroupJob): void {
  const opening = openGroup(job)
  // Told again to whoever asks; without this a failed opening would end the thread before the question comes.
  opening.catch(() => undefined)
  port.on('message', async ({ id, call, argument }: GroupCall) => {
    try {
      const group = await opening
      const method = call === 'open' ? undefined : (group[call] as (argument: unknown) => Promise<unknown>)
      port.postMessage({ id, value: await method?.(argument) } satisfies GroupAnswer)
    } catch (error) {
      port.postMessage({ id, error: asLabError(error).data } satisfies GroupAnswer)
    }
  })
}

if (parentPort && workerData === 'gpu') serveGpu(parentPort)
else if (parentPort) serve(parentPort, workerData as GroupJob)
