// Opens a GPU with all the memory that it allows, and translates its failures into LabErrors.
import { LabError, messageOf } from '@shared/errors'
import { formatBytes } from '@shared/format'

const FEWER = 'Train fewer or smaller models at once, or on the CPU'

/** A device of a session's own, and its failures. */
export interface OpenDevice {
  /** Held as long as the device is: without it Dawn ends, and the process with it. */
  gpu: GPU
  device: GPUDevice
  /** Does what may fail on the GPU; whatever is thrown becomes a LabError (`device-lost`, `out-of-memory`, `internal`). */
  guard<Result>(work: () => Promise<Result>): Promise<Result>
}

/** Throws LabError `device-unavailable` where there is no adapter or it gives no device. */
export async function openDevice(gpu: GPU): Promise<OpenDevice> {
  const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' })
  if (!adapter) throw new LabError('device-unavailable', 'WebGPU finds no adapter on this machine')
  const { maxStorageBufferBindingSize, maxBufferSize } = adapter.limits
  const requiredLimits = { maxStorageBufferBindingSize, maxBufferSize }
  const device = await adapter.requestDevice({ requiredLimits }).catch((error: unknown) => {
    throw new LabError('device-unavailable', `The GPU can’t be opened (${messageOf(error)})`)
  })
  const failures: unknown[] = []
  const lost: GPUDeviceLostInfo[] = []
  void device.lost.then((info) => info.reason !== 'destroyed' && lost.push(info))
  device.onuncapturederror = ({ error }) => failures.push(error)

  async function guard<Result>(work: () => Promise<Result>): Promise<Result> {
    try {
      const result = await work()
      if (failures.length > 0) throw failures[0]
      return result
    } catch (thrown) {
      if (thrown instanceof LabError) throw thrown
      // What failed because the device was lost may say so before the device does.
      await Promise.race([device.lost, new Promise((resolve) => setTimeout(resolve, 100))])
      throw asLabError(failures[0] ?? thrown, lost[0])
    }
  }
  return { gpu, device, guard }
}

function asLabError(thrown: unknown, lost: GPUDeviceLostInfo | undefined): LabError {
  if (lost) {
    const reason = lost.message.split('\n')[0] ?? ''
    return new LabError('device-lost', `The GPU was lost${reason && ` (${reason})`}`, {
      remedy: 'Its driver may have been reset or updated; start again, or train on the CPU'
    })
  }
  const message =
    thrown && typeof thrown === 'object' && 'message' in thrown ? String(thrown.message) : messageOf(thrown)
  const isMemory = thrown?.constructor?.name === 'GPUOutOfMemoryError'
  if (isMemory) return new LabError('out-of-memory', `The GPU is out of memory (${message})`, { remedy: FEWER })
  return new LabError('internal', `WebGPU could not do its work (${message})`)
}

/** Sizes of buffers in bytes. Throws LabError `out-of-memory` where one is larger than the device allows. */
export function checkSizes({ limits }: GPUDevice, sizes: Readonly<Record<string, number>>): void {
  const largest = Math.max(...Object.values(sizes))
  const allowed = Math.min(limits.maxStorageBufferBindingSize, limits.maxBufferSize)
  if (largest <= allowed) return
  throw new LabError('out-of-memory', 'The GPU can’t hold this experiment', {
    found: `${formatBytes(largest)} needed in one piece`,
    expected: `at most ${formatBytes(allowed)}`,
    remedy: FEWER
  })
}

/** Makes buffers of these sizes. Throws LabError `out-of-memory` with their sum where the GPU can't hold them all. */
export async function allocate<Name extends string>(
  device: GPUDevice,
  sizes: Readonly<Record<Name, number>>,
  usage: GPUBufferUsageFlags
): Promise<Record<Name, GPUBuffer>> {
  checkSizes(device, sizes)
  device.pushErrorScope('out-of-memory')
  const entries = Object.entries<number>(sizes).map(([name, size]) => [name, device.createBuffer({ size, usage })])
  if (!(await device.popErrorScope())) return Object.fromEntries(entries)
  const needed = Object.values<number>(sizes).reduce((sum, size) => sum + size, 0)
  throw new LabError('out-of-memory', 'The GPU can’t hold this experiment', {
    found: `${formatBytes(needed)} needed`,
    expected: 'as much free GPU memory',
    remedy: FEWER
  })
}

/** GPUBufferUsage and GPUMapMode, which Node lacks. */
export const Usage = { MAP_READ: 1, COPY_SRC: 4, COPY_DST: 8, UNIFORM: 64, STORAGE: 128 } as const
export const MAP_READ = 1
