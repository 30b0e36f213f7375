// The GPUs that ONNX Runtime can be asked for by name, and what each can and cannot do from Node.

/** Steps unrolled in one graph; what a call shares (picking images, handing over) is then paid once in so many steps. */
const UNROLLED_STEPS = 7

export interface Provider {
  /** ONNX Runtime's name of it. */
  name: 'webgpu' | 'cuda' | 'dml'
  /** Which of several adapters; WebGPU takes the one that the system calls the fastest. */
  deviceId: number
  /** State and images stay on the device from call to call. Elsewhere onnxruntime-node copies what a call takes and gives. */
  resident: boolean
  /** Training steps of one run of the session. */
  steps: number
}

/** The provider that a device's name means, e.g. `webgpu`, `cuda`, `dml:1`; null for any other device. */
export function providerOf(device: string): Provider | null {
  const [, name, id = '0'] = /^(webgpu|cuda|dml)(?::(\d{1,2}))?$/.exec(device) ?? []
  if (name === 'webgpu') return id === '0' ? { name, deviceId: 0, resident: true, steps: UNROLLED_STEPS } : null
  if (name !== 'cuda' && name !== 'dml') return null
  return { name, deviceId: Number(id), resident: false, steps: 4 * UNROLLED_STEPS }
}
