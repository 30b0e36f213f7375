// onnxruntime-node, loaded on first use: its sessions, tensors and errors as the rest of the engine takes them.
import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import type { InferenceSession, Tensor } from 'onnxruntime-node'
import { LabError, messageOf } from '@shared/errors'

export type Feeds = Record<string, Tensor>

/** A session, its outputs by position, and how it is given back. */
export interface Session {
  /** Runs the graph; answers with the outputs that were asked for by position, all of them if none was named. */
  run(feeds: Feeds, outputs?: number[]): Promise<Tensor[]>
  release(): Promise<void>
}

/** The runtime's module. Throws `device-unavailable` where it can't be loaded. */
export async function loadRuntime() {
  try {
    return await import('onnxruntime-node')
  } catch (error) {
    throw new LabError('device-unavailable', 'ONNX Runtime could not be loaded', {
      found: messageOf(error),
      remedy: 'Install the application again; on Windows install the Visual C++ 2022 redistributable'
    })
  }
}

/** Makes tensors; `data` is used in place, not copied. */
export type MakeTensor = (
  type: 'float32' | 'int32' | 'int64' | 'uint8',
  data: Float32Array | Int32Array | BigInt64Array | Uint8Array,
  shape: number[]
) => Tensor

/** The tensor factory of the loaded runtime. Throws `device-unavailable` where it can't be loaded. */
export async function tensorFactory(): Promise<MakeTensor> {
  const { Tensor } = await loadRuntime()
  return (type, data, shape) => new Tensor(type, data, shape)
}

/** Version of the loaded runtime. Throws `device-unavailable` where it can't be loaded. */
export async function runtimeVersion(): Promise<string> {
  const { env } = await loadRuntime()
  return env.versions.node ?? env.versions.common
}

/** Names of the backends in this build of the runtime, e.g. `cpu`, `webgpu`. Throws as loadRuntime does. */
export async function supportedBackends(): Promise<string[]> {
  const { listSupportedBackends } = await loadRuntime()
  return listSupportedBackends().map(({ name }) => name)
}

/** Else the runtime takes a DequantizeLinear for part of a quantized model, and computes it anew for every node that reads it. */
export const wholeDequantizing = { disable_quant_qdq: '1' }

/** Loads a graph to run on the CPU with `threads` threads. `arena`: what a run frees is kept for the next, which is faster. */
export async function openSession(graph: Uint8Array, threads: number, arena = true): Promise<Session> {
  const { InferenceSession } = await loadRuntime()
  const options: InferenceSession.SessionOptions = {
    executionProviders: ['cpu'],
    executionMode: 'sequential',
    graphOptimizationLevel: 'all',
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    enableCpuMemArena: arena,
    logSeverityLevel: 3,
    extra: { session: wholeDequantizing },
    ...profiling()
  }
  const session = await explaining(() => InferenceSession.create(graph, options))
  const names = session.outputNames
  return {
    run: (feeds, outputs) =>
      explaining(async () => {
        const wanted = outputs ? outputs.map((place) => names[place] as string) : [...names]
        const results = await session.run(feeds, wanted)
        return wanted.map((name) => results[name] as Tensor)
      }),
    async release() {
      if (options.enableProfiling) session.endProfiling()
      await session.release()
    }
  }
}

/** `npm run bench -- --profile` names a folder: there each session writes what its nodes cost, to a file of its own. */
export function profiling(): InferenceSession.SessionOptions {
  const folder = process.env.BOTTLENECK_LAB_PROFILE
  return folder ? { enableProfiling: true, profileFilePrefix: join(folder, randomUUID()) } : {}
}

/** Passes on what `work` gives; what it throws becomes a LabError. */
async function explaining<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work()
  } catch (error) {
    throw asLabError(error)
  }
}

/** An exception of the runtime as `out-of-memory` or `internal`; a LabError stays what it is. */
export function asLabError(error: unknown): LabError {
  if (error instanceof LabError) return error
  const message = messageOf(error)
  if (/bad_alloc|alloc\w* failed|failed to alloc|out of memory|not enough memory/i.test(message)) {
    return new LabError('out-of-memory', 'The memory of this machine does not suffice for training', {
      remedy: 'Choose a smaller batch, fewer or narrower models, or close other programs'
    })
  }
  return new LabError('internal', `ONNX Runtime failed (${message})`, { remedy: 'The log file has the details' })
}
