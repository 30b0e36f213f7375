// A training of models on one GPU: standard WebGPU alone, the same in Chromium and in Node.
import { decayOf, optimizers } from '@shared/model'
import type { EngineSession, ForwardResult, ForwardValue, Images, ModelState, SessionConfig } from '../engine'
import { createInOrder } from '../in-order'
import { answersOf } from './answers'
import { allocate, openDevice, Usage, type OpenDevice } from './device'
import { createImageSets } from './images'
import { STEP_STRIDE } from './wgsl-kernels'
import { batchesOf, indicesOf, lossesOf, piecesOf, stepsOf, type Piece } from './pieces'
import { planOf, type Plan } from './plan'
import { openStages, type BoundStages, type Stage } from './stages'
import { packStates, unpackStates } from './state'
import { createSubmits, createUnitTime, MOST_UNITS, type Answer } from './submits'

export type GpuJob = Pick<SessionConfig, 'models' | 'train'>

/** Indices that a submit has room for, at least. */
const ORDER_IMAGES = 65_536
/** Bytes of loss parts that a submit may leave. */
const PARTS_BYTES = 32 * 2 ** 20
/** Bytes that one submit may bring back. */
const ANSWER_BYTES = 32 * 2 ** 20

/**
 * Opens a session on the adapter that `gpu` prefers for performance. Throws LabError `device-unavailable`, or `out-of-memory` with the
 * figure.
 */
export async function openGpuSession(gpu: GPU, job: GpuJob): Promise<EngineSession> {
  const opened = await openDevice(gpu)
  try {
    return await opened.guard(() => openOn(opened, job, planOf(job.models, job.train.size)))
  } catch (thrown) {
    opened.device.destroy()
    throw thrown
  }
}

async function openOn(opened: OpenDevice, { models, train }: GpuJob, plan: Plan): Promise<EngineSession> {
  const { device, guard } = opened
  const { MODELS, PARTS } = plan.sizes
  const slots = Math.max(1, Math.min(MOST_UNITS, Math.floor(PARTS_BYTES / (4 * MODELS * PARTS))))
  const room = Math.max(ORDER_IMAGES, plan.rows) // for indices
  const sizes = {
    order: 4 * room,
    state: 16 * plan.state4,
    activations: 16 * plan.activations4,
    gradients: 16 * plan.gradients4,
    parts: Math.max(4 * slots * MODELS * PARTS, 8 * MODELS * plan.rows),
    rates: 8 * slots * MODELS, // two floats each
    losses: 4 * slots * MODELS
  }
  const buffers = {
    ...(await allocate(device, sizes, Usage.STORAGE | Usage.COPY_DST | Usage.COPY_SRC)),
    ...(await allocate(device, { step: slots * STEP_STRIDE }, Usage.UNIFORM | Usage.COPY_DST))
  }
  const stages = await openStages(device, plan, buffers)
  const sets = createImageSets(device, stages.bind)
  const ofTraining = await sets.get(train)
  const submits = createSubmits(device)
  const stepTime = createUnitTime()
  const answerTime = createUnitTime()
  const taken = models.map(() => 0)
  const inOrder = createInOrder() // calls are put down one by one; the answers of one may come while the next is put down

  function writePieces(pieces: readonly Piece[], order: Int32Array, keeps: boolean): void {
    device.queue.writeBuffer(buffers.order, 0, indicesOf(pieces, order))
    device.queue.writeBuffer(buffers.step, 0, stepsOf(pieces, plan.pixels, keeps))
  }

  function dispatch(pass: GPUComputePassEncoder, all: readonly Stage[], slot: number, images: number): void {
    for (const { pipeline, group, size } of all) {
      pass.setPipeline(pipeline)
      pass.setBindGroup(0, group, [slot * STEP_STRIDE])
      pass.dispatchWorkgroups(...size(images))
    }
  }

  /** Submits some chunks of batches; resolves with their losses, [pieces × models]. */
  function submitSteps(pieces: readonly Piece[], order: Int32Array): Promise<Answer> {
    writePieces(pieces, order, false)
    const rates = pieces.flatMap(({ ends }) => {
      const now = models.flatMap((model, index) => [
        optimizers[model.optimizer].rate(model.learningRate, (taken[index] ?? 0) + 1),
        decayOf(model)
      ])
      if (ends) taken.forEach((steps, index) => (taken[index] = steps + 1))
      return now
    })
    device.queue.writeBuffer(buffers.rates, 0, Float32Array.from(rates))
    const bytes = 4 * pieces.length * MODELS
    return submits.submit(stepTime, pieces.length, bytes, (encoder, readable) => {
      encoder.clearBuffer(buffers.parts, 0, bytes * PARTS) // a small batch leaves fewer parts
      const pass = encoder.beginComputePass()
      pieces.forEach(({ count }, slot) => dispatch(pass, ofTraining.train, slot, count))
      pass.setPipeline(stages.sum.pipeline)
      pass.setBindGroup(0, stages.sum.group)
      pass.dispatchWorkgroups(pieces.length, MODELS)
      pass.end()
      encoder.copyBufferToBuffer(buffers.losses, 0, readable, 0, bytes)
    })
  }

  async function recordSteps(order: Int32Array, signal: AbortSignal | undefined) {
    const pieces = batchesOf(order.length, models[0]?.batchSize ?? 1, plan.chunk)
    const most = Math.min(slots, Math.floor(room / plan.chunk))
    const answers: Promise<Answer>[] = []
    let next = 0
    while (next < pieces.length) {
      await submits.room()
      if (signal?.aborted) break
      const some = pieces.slice(next, next + Math.min(stepTime.units, most))
      answers.push(submitSteps(some, order))
      next += some.length
    }
    return { answers, pieces: pieces.slice(0, next) }
  }

  async function steps(order: Int32Array, signal?: AbortSignal) {
    const { answers, pieces } = await inOrder(() => recordSteps(order, signal))
    const answered = await Promise.all(answers)
    const parts = answered.flatMap(({ bytes }) => [...new Float32Array(bytes)])
    const milliseconds = answered.reduce((sum, answer) => sum + answer.milliseconds, 0)
    return { losses: lossesOf(pieces, parts, MODELS), milliseconds }
  }

  async function recordForward(set: Images, indices: Int32Array, values: readonly ForwardValue[]) {
    const bound: BoundStages = await sets.get(set)
    const answers = answersOf(plan, buffers, values, indices.length)
    const { bytesAnImage } = answers
    const rows = Math.max(1, Math.min(plan.rows, Math.floor(ANSWER_BYTES / bytesAnImage)))
    const pieces = piecesOf(indices.length, rows)
    const most = Math.max(1, Math.min(slots, Math.floor(Math.min(room, ANSWER_BYTES / bytesAnImage) / rows)))
    const taking: Promise<void>[] = []
    for (let next = 0; next < pieces.length;) {
      await submits.room()
      const some = pieces.slice(next, next + Math.min(answerTime.units, most))
      next += some.length
      const start = some[0]?.first ?? 0
      const at = ({ first }: Piece) => (first - start) * bytesAnImage
      const bytes = some.reduce((sum, { count }) => sum + count, 0) * bytesAnImage
      writePieces(some, indices, values.includes('reconstruction'))
      const read = submits.submit(answerTime, some.length, bytes, (encoder, readable) =>
        some.forEach((piece, slot) => {
          const pass = encoder.beginComputePass()
          dispatch(pass, bound.answer, slot, piece.count)
          pass.end()
          answers.copy(encoder, readable, at(piece), piece.count)
        })
      )
      const taken = read.then(({ bytes }) =>
        some.forEach((piece) => answers.take(bytes, at(piece), piece.first, piece.count))
      )
      taken.catch(() => undefined) // whoever waits for all of them hears of it
      taking.push(taken)
    }
    return { taking, result: answers.result }
  }

  async function recordSave() {
    await submits.room()
    const steps = [...taken]
    const copy = (encoder: GPUCommandEncoder, readable: GPUBuffer) =>
      encoder.copyBufferToBuffer(buffers.state, 0, readable, 0, sizes.state)
    return { steps, answer: submits.submit(createUnitTime(), 1, sizes.state, copy) }
  }

  return {
    steps: (order, signal) => guard(() => steps(order, signal)),
    forward: (images, indices, values) =>
      guard(async () => {
        const { taking, result } = await inOrder(() => recordForward(images, indices, values))
        await Promise.all(taking)
        return result as ForwardResult<(typeof values)[number]>
      }),
    save: () =>
      guard(async () => {
        const { steps, answer } = await inOrder(recordSave)
        return unpackStates(plan, new Float32Array((await answer).bytes), steps)
      }),
    load: (states: readonly ModelState[]) =>
      guard(() =>
        inOrder(async () => {
          states.forEach(({ step }, model) => (taken[model] = step))
          device.queue.writeBuffer(buffers.state, 0, packStates(plan, states))
        })
      ),
    async close() {
      await inOrder(() => submits.idle())
      opened.device.destroy()
    }
  }
}
