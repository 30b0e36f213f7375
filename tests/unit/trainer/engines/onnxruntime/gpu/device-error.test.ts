import { expect, it } from 'vitest'
import { LabError } from '@shared/errors'
import { asDeviceError, runtimeWords } from '../../../../../../src/main/trainer/engines/onnxruntime/gpu/device-error'
import { providerOf } from '../../../../../../src/main/trainer/engines/onnxruntime/gpu/provider'

const webgpu = providerOf('webgpu')
const mapped = (words: string) => {
  if (!webgpu) throw new Error('webgpu is no device')
  return asDeviceError(new Error(words), webgpu).data
}
const source =
  '/onnxruntime_src/onnxruntime/core/providers/webgpu/webgpu_context.cc:136 onnxruntime::webgpu::WebGpuContext::Initialize(const X&)::<lambda()> adapter_result.status == wgpu::RequestAdapterStatus::Success was false. Failed to get a WebGPU adapter: No supported adapters\n'

// Words as Dawn, Vulkan, D3D12, CUDA and ONNX Runtime write them.
it.each([
  ['vkAllocateMemory failed with VK_ERROR_OUT_OF_DEVICE_MEMORY', 'out-of-memory'],
  ['Failed to allocate memory for requested buffer of size 4816896000', 'out-of-memory'],
  ['CUDA failure 2: out of memory', 'out-of-memory'],
  ['Error: vkQueueSubmit failed with VK_ERROR_DEVICE_LOST', 'device-unavailable'],
  ['Device was lost', 'device-unavailable'],
  ['DXGI_ERROR_DEVICE_HUNG (0x887A0006)', 'device-unavailable'],
  ['Failed to wait for the operation:3', 'device-unavailable'],
  [source, 'device-unavailable'],
  ['no available backend found. ERR: [dml] backend not found.', 'device-unavailable'],
  ['Non-zero status code returned while running Gemm node', 'internal']
])('%s', (words, kind) => {
  const error = mapped(words)
  expect(error.kind).toBe(kind)
  expect(error.remedy).toContain('cpu')
})

it('tells the runtime’s sentence without its source line', () => {
  expect(runtimeWords(new Error(source))).toBe('Failed to get a WebGPU adapter: No supported adapters')
  expect(runtimeWords(new Error('x'.repeat(1000))).length).toBeLessThan(310)
})

it('leaves an error for people as it is', () => {
  const error = new LabError('internal', 'Something')
  if (webgpu) expect(asDeviceError(error, webgpu)).toBe(error)
})
