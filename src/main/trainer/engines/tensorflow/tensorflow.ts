// @tensorflow/tfjs-node(-gpu), loaded into this thread on first use: the module itself and its errors as the rest takes them.
import { createRequire } from 'node:module'
import type * as Tfjs from '@tensorflow/tfjs-node-gpu'
import { LabError, messageOf } from '@shared/errors'

export type TensorFlow = typeof Tfjs

/** Loads the package in `folder`. Throws `device-unavailable` where that fails. Its functions block this thread while they compute. */
export function loadTensorflow(folder: string): TensorFlow {
  const require = createRequire(__filename)
  restoreUtil(require('node:util') as Record<string, unknown>)
  try {
    return require(folder) as TensorFlow
  } catch (error) {
    throw new LabError('device-unavailable', 'TensorFlow could not be loaded', {
      found: messageOf(error),
      remedy: 'Run npm run setup:tensorflow'
    })
  }
}

/** Node 23 took these functions away; TensorFlow.js 4.22 calls them. */
function restoreUtil(util: Record<string, unknown>): void {
  util.isNullOrUndefined ??= (value: unknown) => value === null || value === undefined
  util.isArray ??= Array.isArray
}

/** True if this thread's TensorFlow computes on a GPU. */
export function usesGpu(tf: TensorFlow): boolean {
  return (tf.backend() as { isUsingGpuDevice?: boolean }).isUsingGpuDevice === true
}

/** An exception of TensorFlow as `out-of-memory` or `internal`; a LabError stays what it is. */
export function asLabError(error: unknown): LabError {
  if (error instanceof LabError) return error
  const message = messageOf(error)
  if (
    /OOM|ResourceExhausted|RESOURCE_EXHAUSTED|out of memory|bad_alloc|failed to alloc|allocation failed/i.test(message)
  ) {
    return new LabError('out-of-memory', 'The memory of this device does not suffice for training', {
      remedy: 'Choose a smaller batch, fewer or narrower models, or close other programs'
    })
  }
  return new LabError('internal', `TensorFlow failed (${message})`, { remedy: 'The log file has the details' })
}
