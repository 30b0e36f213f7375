// The kernels as a WebAssembly module, for platforms without a native file: the same functions, on one thread between other work.
import { readFile } from 'node:fs/promises'
import { LabError } from '@shared/errors'
import type { Done, Kernels, KernelSession } from './kernels'

/** Work goes on for so long before other work of this thread has its turn. */
const SLICE_MILLISECONDS = 20

/** Node has it; the types of Node 20 don't say so. */
declare const WebAssembly: { instantiate(bytes: Uint8Array): Promise<{ instance: { exports: object } }> }

type Pointer = number
type Job = Pointer
/** What src/kernels/wasm.cpp exports. */
interface Module {
  memory: { buffer: ArrayBuffer }
  _initialize(): void
  allocate(bytes: number): Pointer
  release(memory: Pointer): void
  bytes(description: Pointer, numbers: number): number
  open(description: Pointer, numbers: number, pixels: Pointer, count: number): Pointer
  close(session: Pointer): void
  steps(session: Pointer, order: Pointer, count: number, losses: Pointer): Job
  forward(
    session: Pointer,
    pixels: Pointer,
    images: number,
    indices: Pointer,
    count: number,
    values: number,
    answers: Pointer
  ): Job
  save(session: Pointer, state: Pointer, steps: Pointer): Job
  load(session: Pointer, state: Pointer, steps: Pointer): Job
  advance(job: Job): number
  stop(job: Job): void
  batches(job: Job): number
}
type Numbers = Uint8Array | Int32Array | Float32Array | Float64Array

/** A session in the module's memory, and its calls that may be stopped. */
interface Opened {
  pointer: Pointer
  pixels: Pointer
  size: number
  stopped: Set<number>
  running: { id: number; job: Job } | null
}

/** Calls are done one after another, as the native kernels do them. */
export async function loadWasm(path: string): Promise<Kernels> {
  const { instance } = await WebAssembly.instantiate(await readFile(path))
  const module = instance.exports as unknown as Module
  module._initialize()
  const sessions = new WeakMap<KernelSession, Opened>()
  let queue: Promise<unknown> = Promise.resolve()

  const bytesOf = (numbers: Numbers) => new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength)
  /** A copy in the module's memory. */
  const give = (numbers: Numbers): Pointer => {
    const pointer = required(module.allocate(numbers.byteLength))
    new Uint8Array(module.memory.buffer).set(bytesOf(numbers), pointer)
    return pointer
  }
  const take = (pointer: Pointer, numbers: Numbers) =>
    bytesOf(numbers).set(new Uint8Array(module.memory.buffer, pointer, numbers.byteLength))
  /** Runs with copies of these numbers in the module's memory. */
  const withCopies = <Result>(numbers: readonly Numbers[], work: (...pointers: Pointer[]) => Result): Result => {
    const pointers = numbers.map(give)
    try {
      return work(...pointers)
    } finally {
      pointers.forEach((pointer) => module.release(pointer))
    }
  }
  const opened = (session: KernelSession): Opened => {
    const found = sessions.get(session)
    if (!found) throw new LabError('bad-value', 'The session is closed, or no session')
    return found
  }

  /** Queues a call: its inputs are copied when its time has come, and `outputs` filled when it has ended. */
  const call = (
    session: KernelSession,
    [inputs, outputs]: [readonly Numbers[], readonly Numbers[]],
    begin: (own: Opened, ...pointers: Pointer[]) => Job,
    id = NaN
  ): Promise<Done> => {
    const own = opened(session)
    const work = async (): Promise<Done> => {
      const began = performance.now()
      const pointers = [...inputs, ...outputs].map(give)
      const job = required(begin(own, ...pointers))
      own.running = { id, job }
      if (own.stopped.delete(id)) module.stop(job)
      for (let until = performance.now() + SLICE_MILLISECONDS; module.advance(job) !== 0;) {
        if (performance.now() < until) continue
        await new Promise((resolve) => setImmediate(resolve))
        until = performance.now() + SLICE_MILLISECONDS
      }
      own.running = null
      const batches = module.batches(job)
      outputs.forEach((numbers, n) => take(pointers[inputs.length + n] as Pointer, numbers))
      ;[job, ...pointers].forEach((pointer) => module.release(pointer))
      return { batches, milliseconds: performance.now() - began }
    }
    const answer = queue.then(work)
    queue = answer.catch(() => undefined)
    return answer
  }

  return {
    instructionSets: () => ['webassembly'],
    isWorking: () => true,
    bytes(description) {
      const bytes = withCopies([description], (pointer) => module.bytes(pointer, description.length))
      if (bytes < 0) throw new LabError('bad-value', 'The description of the models is not usable')
      return bytes
    },
    open(_, description, pixels) {
      const size = description[0] as number
      const copy = give(pixels)
      const count = pixels.length / size
      const pointer = withCopies([description], (numbers) => module.open(numbers, description.length, copy, count))
      if (pointer === 0) module.release(copy)
      const session = {} as KernelSession
      sessions.set(session, { pointer: required(pointer), pixels: copy, size, stopped: new Set(), running: null })
      return session
    },
    steps(session, order, losses, id) {
      const begin = ({ pointer }: Opened, indices: Pointer, to: Pointer) =>
        module.steps(pointer, indices, order.length, to)
      return call(session, [[order], [losses]], begin, id)
    },
    stop(session, id) {
      const own = opened(session)
      if (own.running?.id === id) module.stop(own.running.job)
      else own.stopped.add(id)
    },
    forward(session, pixels, indices, values, answers) {
      const begin = ({ pointer, size }: Opened, images: Pointer, of: Pointer, to: Pointer) =>
        module.forward(pointer, images, pixels.length / size, of, indices.length, values, to)
      return call(session, [[pixels, indices], [answers]], begin)
    },
    save: (session, state, steps) =>
      call(session, [[], [state, steps]], ({ pointer }, ...to) => module.save(pointer, to[0] ?? 0, to[1] ?? 0)),
    load: (session, state, steps) =>
      call(session, [[state, steps], []], ({ pointer }, ...from) => module.load(pointer, from[0] ?? 0, from[1] ?? 0)),
    close(session) {
      const { pointer, pixels } = opened(session)
      sessions.delete(session)
      const answer = queue.then((): Done => {
        module.close(pointer)
        module.release(pixels)
        return { batches: 0, milliseconds: 0 }
      })
      queue = answer
      return answer
    }
  }
}

/** Throws LabError `out-of-memory` for a null pointer. */
function required(pointer: Pointer): Pointer {
  if (pointer === 0) throw new LabError('out-of-memory', 'There is not enough memory for these models')
  return pointer
}
