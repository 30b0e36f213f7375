// What ONNX Runtime and graphics drivers say when a GPU fails, as errors for people.
import { LabError, messageOf } from '@shared/errors'
import type { Provider } from './provider'

/** How people call a provider's devices. */
export const providerTitles: Record<Provider['name'], string> = { webgpu: 'WebGPU', cuda: 'CUDA', dml: 'DirectML' }

const memorySigns = /out.?of.?(device.?|host.?)?memory|bad_alloc|alloc\w* failed|failed to alloc|not enough memory/i
const lossSigns =
  /device (was |is )?(lost|removed|hung)|device.?lost|DXGI_ERROR_DEVICE|failed to wait|CUDA error|cudaError/i
const absenceSigns =
  /failed to get a WebGPU (adapter|device)|no supported adapters|backend not found|failed to load shared library|no CUDA-capable device/i

/** An exception of the runtime on a GPU: `out-of-memory`, `device-unavailable`, or `internal` with its own words. */
export function asDeviceError(error: unknown, provider: Provider): LabError {
  if (error instanceof LabError) return error
  const found = runtimeWords(error)
  const title = providerTitles[provider.name]
  if (memorySigns.test(found)) {
    return new LabError('out-of-memory', `The memory of the GPU does not suffice for training with ${title}`, {
      found,
      remedy: 'Choose a smaller batch, fewer or narrower models, or the device cpu'
    })
  }
  if (lossSigns.test(found)) {
    return new LabError('device-unavailable', `The GPU stopped working with ${title}`, {
      found,
      remedy: 'Continue the run, on the device cpu if it happens again; a newer graphics driver may help'
    })
  }
  if (absenceSigns.test(found)) {
    return new LabError('device-unavailable', `There is no GPU that ${title} can use`, {
      found,
      remedy: 'Choose the device cpu, or install the driver of the GPU'
    })
  }
  return new LabError('internal', `ONNX Runtime failed with ${title} (${found})`, {
    remedy: 'Choose the device cpu; the log file has the details'
  })
}

/** The error for a graph of which the device can't run these nodes. */
export function notWhole(nodes: string[], provider: Provider): LabError {
  return new LabError('not-supported', `${providerTitles[provider.name]} cannot run the whole training graph`, {
    found: nodes.length > 0 ? `no kernel for ${nodes.join(', ')}` : 'a node without a kernel',
    remedy: 'Choose the device cpu'
  })
}

/** True of the runtime's refusal to leave nodes to the CPU. */
export function isFallbackRefusal(error: unknown): boolean {
  return /fallback to CPU EP has been explicitly disabled/i.test(messageOf(error))
}

/** The runtime's own sentence, without the source line and the condition that it puts first. */
export function runtimeWords(error: unknown): string {
  const message = messageOf(error).replace(/\s+/g, ' ').trim()
  const assertion = / was false\. /.exec(message)
  const words = assertion ? message.slice(assertion.index + assertion[0].length) : message
  return words.length > 300 ? `${words.slice(0, 300)} …` : words
}
