// Texts of the kernels, and WebGPU's own types.
/// <reference types="@webgpu/types" />
declare module '*.wgsl?raw' {
  const text: string
  export { text as default }
}
