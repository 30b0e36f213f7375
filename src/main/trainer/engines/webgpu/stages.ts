// All dispatches of a step, and of an answer to images, bound to a session's buffers.
import { LabError } from '@shared/errors'
import { allocate, Usage } from './device'
import { compile, kernelsOf, tileShapes, WIDEST, type Buffers, type ProductKernel, type Program } from './wgsl-kernels'
import { stagesOf, TILE_WORDS, tilesOf, type Layer, type Plan } from './plan'

/** A dispatch, and how many workgroups it has for so many images. */
export interface Stage {
  pipeline: GPUComputePipeline
  group: GPUBindGroup
  size(images: number): [number, number]
}

/** Dispatches over one set of images, in order. */
export interface BoundStages {
  train: Stage[]
  answer: Stage[]
}

export interface Stages {
  bind(images: GPUBuffer): BoundStages
  sum: Pick<Stage, 'pipeline' | 'group'>
}

/** Compiles the kernels that the plan needs. */
export async function openStages(
  device: GPUDevice,
  plan: Plan,
  buffers: Omit<Buffers, 'images' | 'tiles'>
): Promise<Stages> {
  const kernels = kernelsOf(plan.sizes, plan.chunked)
  const depths = stagesOf(plan)
  const optimizers = [...new Set(plan.models.map(({ optimizer }) => optimizer))]
  const programs = [kernels.forward, kernels.output, kernels.answer, kernels.back, kernels.sum]
  const compiled = [...programs, ...optimizers.map(kernels.update)].map((kernel) => compile(device, kernel))
  const [forward, output, answer, back, sum, ...updates] = (await Promise.all(compiled)) as [
    ...[Program, Program, Program, Program, Program],
    ...Program[]
  ]

  async function tiled(program: Program, kernel: ProductKernel | 'answer', layers: readonly Layer[]) {
    const words = tilesOf(kernel, layers)
    const count = words.length / TILE_WORDS
    const size = sizeOf(kernel, count, device.limits.maxComputeWorkgroupsPerDimension)
    const { tiles } = await allocate(device, { tiles: words.byteLength }, Usage.STORAGE | Usage.COPY_DST)
    device.queue.writeBuffer(tiles, 0, words)
    return (images: GPUBuffer): Stage => {
      return { pipeline: program.pipeline, group: program.bind({ ...buffers, images, tiles }), size }
    }
  }

  const hidden = await Promise.all(depths.forward.map((layers) => tiled(forward, 'forward', layers)))
  const train = [
    ...hidden,
    await tiled(output, 'output', depths.last),
    ...(await Promise.all(depths.back.map((layers) => tiled(back, 'back', layers)))),
    ...(await Promise.all(
      optimizers.map((optimizer, index) => {
        const layers = plan.layers.filter((_, model) => plan.models[model]?.optimizer === optimizer).flat()
        return tiled(updates[index] as Program, 'update', layers)
      })
    ))
  ]
  const answers = [...hidden, await tiled(answer, 'answer', depths.last)]
  return {
    bind: (images) => ({ train: train.map((bind) => bind(images)), answer: answers.map((bind) => bind(images)) }),
    sum: { pipeline: sum.pipeline, group: sum.bind(buffers) }
  }
}

/** Workgroups of a dispatch over `count` tiles: an image tile wide and a tile high, but `update` goes over all images in each. */
function sizeOf(kernel: ProductKernel | 'answer', count: number, most: number): Stage['size'] {
  if (kernel === 'update') return () => [Math.min(count, WIDEST), Math.ceil(count / WIDEST)]
  if (count > most) {
    const found = `${count.toLocaleString('en-US')} tiles`
    const expected = `at most ${most.toLocaleString('en-US')}`
    throw new LabError('not-supported', 'WebGPU can’t train so many models of this size at once', { found, expected })
  }
  const images = 4 * tileShapes[kernel === 'answer' ? 'output' : kernel].R4
  return (step) => [Math.ceil(step / images), count]
}
