// Sessions on a GPU: whole on the device or refused; and every byte that crosses to it and back is counted.
import type { InferenceSession, Tensor } from 'onnxruntime-node'
import { loadRuntime, profiling, wholeDequantizing, type Feeds } from '../session'
import { asDeviceError, isFallbackRefusal, notWhole } from './device-error'
import type { Provider } from './provider'
import { refusedNodes } from './refused-nodes'

/** Bytes of tensors that crossed between CPU and device. */
export interface Traffic {
  toDevice: number
  fromDevice: number
}

/** A graph for a device, and the names of its outputs by position. */
export interface DeviceGraph {
  bytes: Uint8Array
  outputs: string[]
}

export interface DeviceSession {
  /** Answers with the outputs asked for by position. One that stays on the device is the caller's to dispose of. */
  run(feeds: Feeds, outputs: number[]): Promise<Tensor[]>
  release(): Promise<void>
}

export interface DeviceSessionOptions {
  provider: Provider
  traffic: Traffic
  /** Positions of the outputs that stay on the device; the others are copied to the CPU. */
  staying?: number[]
}

/**
 * Opens a graph on the provider's device. Throws LabError `not-supported`, naming the nodes, if parts of it would have to run on the
 * CPU, and `device-unavailable` if there is no such device.
 */
export async function openDeviceSession(graph: DeviceGraph, given: DeviceSessionOptions): Promise<DeviceSession> {
  const { provider, traffic, staying = [] } = given
  const { InferenceSession } = await loadRuntime()
  const { name, deviceId } = provider
  const locations = graph.outputs.map((output, place) => [output, staying.includes(place) ? 'gpu-buffer' : 'cpu'])
  const options: InferenceSession.SessionOptions = {
    executionProviders: [name === 'webgpu' ? name : { name, deviceId }],
    executionMode: 'sequential',
    graphOptimizationLevel: 'all',
    enableMemPattern: false, // DirectML asks for it
    logSeverityLevel: 4, // what it logs it also throws
    extra: { session: { ...wholeDequantizing, disable_cpu_ep_fallback: '1' } },
    ...profiling(),
    ...(staying.length > 0 && { preferredOutputLocation: Object.fromEntries(locations) as Locations })
  }
  const session = await InferenceSession.create(graph.bytes, options).catch(async (error: unknown) => {
    if (isFallbackRefusal(error)) throw notWhole(await refusedNodes(graph.bytes, options), provider)
    throw asDeviceError(error, provider)
  })
  return {
    async run(feeds, outputs) {
      try {
        const wanted = outputs.map((place) => graph.outputs[place] as string)
        const results = await session.run(feeds, wanted)
        const tensors = wanted.map((output) => results[output] as Tensor)
        traffic.toDevice += bytesOnCpu(Object.values(feeds))
        traffic.fromDevice += bytesOnCpu(tensors)
        return tensors
      } catch (error) {
        throw asDeviceError(error, provider)
      }
    },
    async release() {
      try {
        if (options.enableProfiling) session.endProfiling()
      } finally {
        await session.release()
      }
    }
  }
}

type Locations = Exclude<NonNullable<InferenceSession.SessionOptions['preferredOutputLocation']>, string>

function bytesOnCpu(tensors: Tensor[]): number {
  const onCpu = tensors.filter((tensor) => tensor.location === 'cpu')
  return onCpu.reduce((sum, tensor) => sum + (tensor.data as Uint8Array).byteLength, 0)
}
