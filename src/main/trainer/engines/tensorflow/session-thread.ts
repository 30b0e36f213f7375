// A session in a worker thread of its own: calls go in as messages and are answered in their order, so that the trainer's thread stays free.
import { parentPort, Worker, workerData } from 'node:worker_threads'
import { LabError, messageOf, type LabErrorData } from '@shared/errors'
import type { EngineSession } from '../engine'
import type { TensorflowConfig, ThreadSession } from './session'
import { asLabError } from './tensorflow'

/** A call by its name; `open` comes first and is answered when the session stands. */
interface Call {
  id: number
  method: keyof ThreadSession | 'open'
  args: unknown[]
}
type Answer = { id: number; value: unknown } | { id: number; error: LabErrorData }

/** Opens a session in a thread that runs the built entry at `workerPath`. Rejects with a LabError. */
export async function openInThread(workerPath: string, config: TensorflowConfig): Promise<EngineSession> {
  const worker = new Worker(workerPath, { workerData: config })
  const waiting = new Map<number, { resolve: (value: never) => void; reject: (error: LabError) => void }>()
  let calls = 0
  let end: LabError | null = null

  function endWith(reason: string): void {
    end ??= new LabError('trainer-crashed', `TensorFlow’s thread ended unexpectedly (${reason})`, {
      remedy: 'Continue the run: it goes on after its last complete epoch'
    })
    for (const { reject } of waiting.values()) reject(end)
    waiting.clear()
  }
  worker.on('error', (error) => endWith(messageOf(error)))
  worker.on('exit', (code) => endWith(`exit code ${code}`))
  worker.on('message', (answer: Answer) => {
    const asked = waiting.get(answer.id)
    waiting.delete(answer.id)
    if ('error' in answer) asked?.reject(LabError.from(answer.error))
    else asked?.resolve(answer.value as never)
  })

  const ask = <Value>(method: Call['method'], ...args: unknown[]) =>
    new Promise<Value>((resolve, reject) => {
      if (end) return reject(end)
      const id = calls++
      waiting.set(id, { resolve, reject })
      worker.postMessage({ id, method, args } satisfies Call)
    })

  try {
    await ask('open')
  } catch (error) {
    await worker.terminate()
    throw error
  }
  return {
    async steps(order, signal) {
      const flag = new Int32Array(new SharedArrayBuffer(4))
      const abort = () => void Atomics.store(flag, 0, 1)
      if (signal?.aborted) abort()
      signal?.addEventListener('abort', abort)
      try {
        return await ask('steps', order.slice(), flag)
      } finally {
        signal?.removeEventListener('abort', abort)
      }
    },
    forward: (images, indices, values) => ask('forward', images, indices.slice(), values),
    save: () => ask('save'),
    load: (states) => ask('load', states),
    async close() {
      try {
        if (!end) await ask('close')
      } finally {
        await worker.terminate()
      }
    }
  }
}

/** The thread's side: opens the session that it was started for and answers calls. */
export function serveSession(open: (config: TensorflowConfig) => Promise<ThreadSession>): void {
  const opening = open(workerData as TensorflowConfig)
  // Thrown again to whoever asks; without this a failed opening would end the thread before the question comes.
  opening.catch(() => undefined)
  parentPort?.on('message', async ({ id, method, args }: Call) => {
    try {
      const value = await call(await opening, method, args)
      parentPort?.postMessage({ id, value } satisfies Answer, [...new Set(memoryOf(value))])
    } catch (error) {
      parentPort?.postMessage({ id, error: asLabError(error).data } satisfies Answer)
    }
  })
}

function call(session: ThreadSession, method: Call['method'], args: unknown[]): unknown {
  if (method === 'open') return null
  if (method !== 'steps') return (session[method] as (...args: unknown[]) => unknown)(...args)
  const [order, flag] = args as [Int32Array, Int32Array]
  const signal = {
    get aborted() {
      return Atomics.load(flag, 0) === 1
    }
  }
  return session.steps(order, signal)
}

/** The memory of all typed arrays in an answer, which moves to the asking thread instead of being copied. */
function memoryOf(value: unknown): ArrayBuffer[] {
  if (ArrayBuffer.isView(value)) return [value.buffer as ArrayBuffer]
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(memoryOf) : []
}
