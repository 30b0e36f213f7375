// The native kernels (src/kernels) as JavaScript has them, and where their file is found.
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { errorKinds, LabError, messageOf, type ErrorKind } from '@shared/errors'
import { resourcesFolder } from '../../../system/resources'
import { loadWasm } from './wasm'

/** An open session; whoever lets go of it without closing it gives back its memory with the next garbage collection. */
export type KernelSession = object & { readonly brand: unique symbol }

/** What a call has done: batches only of `steps`. */
export interface Done {
  batches: number
  milliseconds: number
}

/**
 * The functions of src/kernels/addon.cpp. They throw errors with a `code`: bad-value, out-of-memory or internal. What they work on after
 * they have returned lies on shared memory, which nothing can detach. Calls are done one after another, whichever session they are of.
 */
export interface Kernels {
  /** Those that this processor runs, fastest first. */
  instructionSets(): string[]
  /** Whether its kernels work here: a child process, on Windows a thread, does work with known answers. Takes some milliseconds. */
  isWorking(instructionSet: string): boolean
  /** What a session will take at most beside its images; of images of few pixels it may be a little more. */
  bytes(description: Float64Array): number
  open(instructionSet: string, description: Float64Array, pixels: Uint8Array): KernelSession
  /** `losses`: [batches × models]. `id` is for `stop`. */
  steps(session: KernelSession, order: Int32Array, losses: Float32Array, id: number): Promise<Done>
  /** Ends the steps of this id as soon as it can; does nothing where they have ended. */
  stop(session: KernelSession, id: number): void
  /** `values`: bits in the order of forwardValues. `answers`: [values that are wanted][models][images × width of the value]. */
  forward(
    session: KernelSession,
    pixels: Uint8Array,
    indices: Int32Array,
    values: number,
    answers: Float32Array
  ): Promise<Done>
  /** `state`: of each model its weights and then each slot, all tensors in order. `steps`: of each model. */
  save(session: KernelSession, state: Float32Array, steps: Float64Array): Promise<Done>
  load(session: KernelSession, state: Float32Array, steps: Float64Array): Promise<Done>
  close(session: KernelSession): Promise<Done>
}

/** The kernels of a platform, and what is to be said of them. */
export interface LoadedKernels {
  kernels: Kernels
  /** Why they are slower than they could be, and in a checkout the command that helps; empty where they are not. */
  remark: string
  /** The WebAssembly module, where `kernels` are native: should none of their instruction sets work. */
  portable?: () => Promise<Kernels>
}

/** Loads the native kernels of this platform, or where it has none the WebAssembly module. */
export async function loadKernels(platform = `${process.platform}-${process.arch}`): Promise<LoadedKernels> {
  const folder = join(await resourcesFolder(), 'kernels')
  const path = join(folder, `${platform}.node`)
  const portable = () => loadWasm(join(folder, 'kernels.wasm'))
  try {
    return { kernels: createRequire(__filename)(path) as Kernels, remark: '', portable }
  } catch (error) {
    return { kernels: await portable(), remark: remarkOn(path, platform, error) }
  }
}

function remarkOn(path: string, platform: string, error: unknown): string {
  if (existsSync(path)) return `the kernels of ${platform} can’t be loaded (${messageOf(error)})`
  const isCheckout = existsSync(join(path, '../../../src/kernels'))
  const command = isCheckout ? `: npm run kernels -- --only ${platform} builds them` : ''
  return `there are no kernels for ${platform}${command}`
}

/** What the kernels threw, as a LabError. */
export function kernelError(thrown: unknown): LabError {
  if (thrown instanceof LabError) return thrown
  if (thrown instanceof RangeError) return new LabError('out-of-memory', 'There is not enough memory for these models')
  const { code } = thrown as { code?: ErrorKind }
  const kind = code !== undefined && errorKinds.includes(code) ? code : 'internal'
  return new LabError(kind, messageOf(thrown))
}
