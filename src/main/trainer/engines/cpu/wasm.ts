// The kernels as a WebAssembly module, for platforms without a native file: the same functions, on one thread between other work.
import { readFile } from 'node:fs/promises'
import { LabError } from '@shared/errors'
import { createInOrder } from '../in-order'
import type { Done, Kernels, KernelSession } from './load-kernels'

/** Work goes on for so long before other work of this thread has its turn. */
const SLICE_MILLISECONDS = 20

/** Where a description says what the session shares (Session::describe in src/kernels/session.h). */
const [SIZE, BATCH_SIZE, THREADS, MODELS] = [0, 1, 2, 3] as const
/** All values that `forward` may be asked for, as bits. */
const ALL_VALUES = 15

/** Node has it; the types of Node 20 don't say so. */
declare const WebAssembly: { instantiate(bytes: Uint8Array): Promise<{ instance: { exports: object } }> }

type Calls = 'steps' | 'forward' | 'save' | 'load' | 'advance' | 'stop' | 'batches' | 'stateFloats' | 'answerFloats'
type Name = '_initialize' | 'allocate' | 'release' | 'bytes' | 'open' | 'close' | Calls
/** What src/kernels/wasm.cpp exports: functions of numbers and of addresses in its memory. */
type Module = Record<Name, (...given: number[]) => number> & { memory: { buffer: ArrayBuffer } }
type Numbers = Uint8Array | Int32Array | Float32Array | Float64Array

/** A session and what it has in the module's memory. */
interface Opened {
  address: number
  pixels: number
  images: number
  shared: Float64Array // size, batch size, threads, models
  isClosing: boolean
  stopped: Set<number> // calls
  running: { id: number; job: number } | null
}

const bytesOf = (numbers: Numbers) => new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength)

/** Calls are done one after another, as the native kernels do them. */
export async function loadWasm(path: string): Promise<Kernels> {
  const { instance } = await WebAssembly.instantiate(await readFile(path))
  const module = instance.exports as Module
  module._initialize()
  const sessions = new WeakMap<KernelSession, Opened>()
  const inOrder = createInOrder()
  const free = ({ address, pixels }: Opened) => {
    module.close(address)
    module.release(pixels)
  }
  const forgotten = new FinalizationRegistry<Opened>((own) => void inOrder(() => free(own)))
  /** A copy in the module's memory. */
  const give = (numbers: Numbers): number => {
    const address = required(module.allocate(numbers.byteLength))
    new Uint8Array(module.memory.buffer).set(bytesOf(numbers), address)
    return address
  }
  const describe = (description: Float64Array, read: (address: number, count: number) => number): number => {
    const address = give(description.map((value, n) => (n === THREADS ? 1 : value)))
    try {
      return read(address, description.length)
    } finally {
      module.release(address)
    }
  }
  const opened = (session: KernelSession): Opened => {
    const own = sessions.get(session)
    if (!own || own.isClosing) throw new LabError('bad-value', 'The session is closed, or no session')
    return own
  }
  /** Copies inputs at once, as the caller may use them again, and fills outputs when the job has ended. */
  const call = (
    own: Opened,
    { inputs = [], outputs = [], id = NaN }: { inputs?: Numbers[]; outputs?: Numbers[]; id?: number },
    begin: (...addresses: number[]) => number
  ): Promise<Done> => {
    const taken: number[] = []
    const release = () => taken.forEach((address) => module.release(address))
    try {
      for (const numbers of inputs) taken.push(give(numbers))
      for (const numbers of outputs) taken.push(required(module.allocate(numbers.byteLength)))
    } catch (error) {
      release()
      throw error
    }
    return inOrder(async () => {
      try {
        const job = required(begin(...taken))
        taken.push(job)
        own.running = { id, job }
        if (own.stopped.delete(id)) module.stop(job)
        const milliseconds = await finish(module, job)
        const batches = module.batches(job)
        outputs.forEach((numbers, n) => {
          const from = taken[inputs.length + n] as number
          bytesOf(numbers).set(new Uint8Array(module.memory.buffer, from, numbers.byteLength))
        })
        return { batches, milliseconds }
      } finally {
        own.running = null
        release()
      }
    })
  }
  const moveState = (name: 'save' | 'load') => (session: KernelSession, state: Float32Array, steps: Float64Array) => {
    const own = opened(session)
    check(state.length === module.stateFloats(own.address) && steps.length === own.shared[MODELS])
    const arrays = { [name === 'save' ? 'outputs' : 'inputs']: [state, steps] }
    return call(own, arrays, (...addresses) => module[name](own.address, ...addresses))
  }
  const bytes = (description: Float64Array): number => {
    const bytes = describe(description, module.bytes)
    if (bytes < 0) throw new LabError('bad-value', 'The description of the models is not usable')
    return bytes
  }

  return {
    instructionSets: () => ['webassembly'],
    isWorking: () => true,
    bytes,
    open(_, description, pixels) {
      bytes(description) // throws for one that is not usable
      const images = countOf(pixels, description[SIZE] as number)
      const copy = give(pixels)
      try {
        const address = required(describe(description, (from, count) => module.open(from, count, copy, images)))
        const shared = description.slice(0, MODELS + 1)
        const own = {
          address,
          pixels: copy,
          images,
          shared,
          isClosing: false,
          stopped: new Set<number>(),
          running: null
        }
        const session = {} as KernelSession
        sessions.set(session, own)
        forgotten.register(session, own, own)
        return session
      } catch (error) {
        module.release(copy)
        throw error
      }
    },
    steps(session, order, losses, id) {
      const own = opened(session)
      checkIndices(order, own.images)
      check(
        losses.length === Math.ceil(order.length / (own.shared[BATCH_SIZE] as number)) * (own.shared[MODELS] as number)
      )
      return call(own, { inputs: [order], outputs: [losses], id }, (from = 0, to = 0) =>
        module.steps(own.address, from, order.length, to)
      )
    },
    stop(session, id) {
      const own = sessions.get(session)
      if (own?.running?.id === id) module.stop(own.running.job)
      else own?.stopped.add(id)
    },
    forward(session, pixels, indices, values, answers) {
      const own = opened(session)
      const images = countOf(pixels, own.shared[SIZE] as number)
      checkIndices(indices, images)
      check(Number.isInteger(values) && values >= 1 && values <= ALL_VALUES)
      check(answers.length === indices.length * module.answerFloats(own.address, values))
      return call(own, { inputs: [pixels, indices], outputs: [answers] }, (from = 0, of = 0, to = 0) =>
        module.forward(own.address, from, images, of, indices.length, values, to)
      )
    },
    save: moveState('save'),
    load: moveState('load'),
    close(session) {
      const own = opened(session)
      own.isClosing = true
      forgotten.unregister(own)
      return inOrder(() => {
        sessions.delete(session)
        free(own)
        return { batches: 0, milliseconds: 0 }
      })
    }
  }
}

/** Does all tasks of a job, and other work of this thread in between. Answers with the time that the tasks took. */
async function finish(module: Module, job: number): Promise<number> {
  let milliseconds = 0
  for (let hasMore = true; hasMore;) {
    const began = performance.now()
    do hasMore = module.advance(job) !== 0
    while (hasMore && performance.now() < began + SLICE_MILLISECONDS)
    milliseconds += performance.now() - began
    if (hasMore) await new Promise((resolve) => setImmediate(resolve))
  }
  return milliseconds
}

/** An address as a number from 0: they come signed. Throws LabError `out-of-memory` for null. */
function required(address: number): number {
  if (address === 0) throw new LabError('out-of-memory', 'There is not enough memory for these models')
  return address >>> 0
}

/** Throws LabError `bad-value`, as the native kernels do. */
function check(holds: boolean): void {
  if (!holds) throw new LabError('bad-value', 'An argument has a wrong type, length or range')
}

function checkIndices(indices: Int32Array, images: number): void {
  check(indices.length > 0 && indices.every((index) => index >= 0 && index < images))
}

/** Images of a size. */
function countOf(pixels: Uint8Array, size: number): number {
  check(pixels.length > 0 && pixels.length % size === 0)
  return pixels.length / size
}
