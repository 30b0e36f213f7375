// The kernels as programs of a device: their texts put together, the shapes of their tiles, what they read and write.
import type { Optimizer } from '@shared/model'
import activations from './kernels/activations.wgsl?raw'
import back from './kernels/back.wgsl?raw'
import common from './kernels/common.wgsl?raw'
import forward from './kernels/forward.wgsl?raw'
import images from './kernels/images.wgsl?raw'
import inputs from './kernels/inputs.wgsl?raw'
import output from './kernels/output.wgsl?raw'
import product from './kernels/product.wgsl?raw'
import sum from './kernels/sum.wgsl?raw'
import update from './kernels/update.wgsl?raw'
import { optimizerKernels } from './optimizers'

/**
 * Tiles of the products: 4·R4 rows by 4·C4 columns, KS slices of the sum, KB of its terms staged at a time. Long sums of small results
 * (forward, back) are sliced to give a GPU enough threads. R4·C4·KS ≤ 256 threads; (R4 + C4)·(KB + 1) and 4·R4·C4·KS ≤ 1,024 vec4s,
 * the 16 KiB that every GPU has; KB a multiple of 4. Of `output` KS is 1, and 56 columns divide 784.
 */
export const tileShapes = {
  forward: { R4: 8, C4: 4, KS: 8, KB: 80 },
  output: { R4: 8, C4: 14, KS: 1, KB: 32 },
  back: { R4: 8, C4: 4, KS: 8, KB: 80 },
  update: { R4: 8, C4: 8, KS: 4, KB: 32 }
} as const
export type ProductKernel = keyof typeof tileShapes

/** The most workgroups that a dispatch of `update` has side by side; WebGPU allows 65,535. */
export const WIDEST = 32_768
const SUM_THREADS = 64

/** Bindings by their number in the kernels. */
const names = [
  'step',
  'images',
  'order',
  'tiles',
  'state',
  'activations',
  'gradients',
  'parts',
  'rates',
  'losses'
] as const
export type BufferName = (typeof names)[number]
export type Buffers = Record<BufferName, GPUBuffer>

interface Kernel {
  texts: string[]
  constants: Record<string, number | boolean>
  reads: BufferName[]
  writes: BufferName[]
}

function productConstants(kernel: ProductKernel) {
  const { R4, C4, KS, KB } = tileShapes[kernel]
  const THREADS = R4 * C4 * KS
  return { R4, C4, KS, KB, THREADS, SHARED: Math.max((R4 + C4) * (KB + 1), 4 * THREADS) }
}

/** Sizes that are the session's own: MODELS, PARTS, COLUMNS, ROWS (plan.ts). */
export type Sizes = Record<'MODELS' | 'PARTS' | 'COLUMNS' | 'ROWS', number>

export function kernelsOf(sizes: Sizes, chunked: boolean) {
  const layer: BufferName[] = ['images', 'order', 'tiles', 'state']
  const outputs = (TRAINS: boolean): Kernel => ({
    texts: [common, images, product, inputs, output],
    constants: { ...productConstants('output'), ...sizes, TRAINS },
    reads: [...layer, 'activations'],
    writes: ['gradients', 'parts']
  })
  return {
    forward: {
      texts: [common, images, activations, product, inputs, forward],
      constants: productConstants('forward'),
      reads: layer,
      writes: ['activations']
    },
    output: outputs(true),
    answer: outputs(false),
    back: {
      texts: [common, activations, product, back],
      constants: productConstants('back'),
      reads: ['tiles', 'state', 'activations'],
      writes: ['gradients']
    },
    sum: { texts: [sum], constants: { ...sizes, THREADS: SUM_THREADS }, reads: ['parts'], writes: ['losses'] },
    update: (optimizer: Optimizer): Kernel => {
      const { text, constants } = optimizerKernels[optimizer]
      return {
        texts: [common, images, product, text, update],
        constants: { ...productConstants('update'), ...sizes, CHUNKED: chunked, WIDEST, ...constants },
        reads: ['images', 'order', 'tiles', 'activations', 'gradients', 'rates'],
        writes: ['state']
      }
    }
  } satisfies Record<string, Kernel | ((optimizer: Optimizer) => Kernel)>
}

/** A compiled kernel; `bind` makes its bind group of the buffers that it reads and writes. */
export interface Program {
  pipeline: GPUComputePipeline
  bind(buffers: Partial<Buffers>): GPUBindGroup
}

/** Bytes from one step to the next in the buffer of steps: the least distance of dynamic offsets, and a step's size. */
export const STEP_STRIDE = 256
export const STEP_BYTES = 32

export async function compile(device: GPUDevice, { texts, constants, reads, writes }: Kernel): Promise<Program> {
  const code = [declarations(constants), ...texts].join('\n')
  const bound = names.filter((name) =>
    name === 'step' ? reads.includes('tiles') : [...reads, ...writes].includes(name)
  )
  const layout = device.createBindGroupLayout({
    entries: bound.map((name) => ({
      binding: names.indexOf(name),
      visibility: 4, // GPUShaderStage.COMPUTE
      buffer:
        name === 'step'
          ? { type: 'uniform', hasDynamicOffset: true }
          : { type: writes.includes(name) ? 'storage' : 'read-only-storage' }
    }))
  })
  const pipeline = await device.createComputePipelineAsync({
    layout: device.createPipelineLayout({ bindGroupLayouts: [layout] }),
    compute: { module: device.createShaderModule({ code }), entryPoint: 'main' }
  })
  const bind = (buffers: Partial<Buffers>) =>
    device.createBindGroup({
      layout,
      entries: bound.map((name) => ({
        binding: names.indexOf(name),
        resource: { buffer: buffers[name] as GPUBuffer, ...(name === 'step' && { size: STEP_BYTES }) }
      }))
    })
  return { pipeline, bind }
}

/** Constants stand before the text instead of being overrides: compilers unroll loops with them, and 1 - 0.999 is formed in double precision. */
function declarations(constants: Kernel['constants']): string {
  const number = (value: number) => (Number.isInteger(value) ? `${value}u` : String(value))
  return Object.entries(constants)
    .map(([name, value]) => `const ${name} = ${typeof value === 'boolean' ? value : number(value)};`)
    .join('\n')
}
