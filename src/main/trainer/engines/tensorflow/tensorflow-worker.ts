// Entry of the thread that trains with TensorFlow, built to out/main/tensorflow-worker.js.
import { parentPort, workerData } from 'node:worker_threads'
import { serveSessions } from '../serve-sessions'
import type { ThreadData } from './session-thread'
import { openSession } from './tensorflow-session'

const { packageFolder } = workerData as ThreadData

serveSessions((job) => openSession(job, packageFolder), {
  send: (message) => parentPort?.postMessage(message, [...new Set(memoryOf(message))]),
  onMessage: (listener) => parentPort?.on('message', listener)
})

/** The memory of all typed arrays in an answer, which moves to the asking thread instead of being copied. */
function memoryOf(value: unknown): ArrayBuffer[] {
  if (ArrayBuffer.isView(value)) return [value.buffer as ArrayBuffer]
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(memoryOf) : []
}
