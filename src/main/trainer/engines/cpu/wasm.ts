// The kernels as a WebAssembly module, for platforms without a native file: the same functions, on one thread between other work.
import { readFile } from 'node:fs/promises'
import { LabError } from '@shared/errors'
import { createInOrder } from '../in-order'
import type { Done, Kernels, KernelSession } from './load-kernels'

/** Work goes on for so long before other work of this thread has its turn. */
const SLICE_MILLISECONDS = 20

/** Node has it; the types of Node 20 don't say so. */
declare const WebAssembly: { instantiate(bytes: Uint8Array): Promise<{ instance: { exports: object } }> }

type Calls = 'steps' | 'forward' | 'save' | 'load' | 'advance' | 'stop' | 'batches'
type Name = '_initialize' | 'allocate' | 'release' | 'bytes' | 'open' | 'close' | Calls
/** What src/kernels/wasm.cpp exports: functions of numbers and of addresses in its memory. */
type Module = Record<Name, (...given: number[]) => number> & { memory: { buffer: ArrayBuffer } }
type Numbers = Uint8Array | Int32Array | Float32Array | Float64Array

/** A session and what it has in the module's memory. */
interface Opened {
  address: number
  pixels: number
  size: number
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
  /** A copy in the module's memory. */
  const give = (numbers: Numbers): number => {
    const address = required(module.allocate(numbers.byteLength))
    new Uint8Array(module.memory.buffer).set(bytesOf(numbers), address)
    return address
  }
  const describe = (description: Float64Array, read: (address: number, count: number) => number): number => {
    const address = give(description)
    const answer = read(address, description.length)
    module.release(address)
    return answer
  }
  const opened = (session: KernelSession): Opened => {
    const own = sessions.get(session)
    if (!own) throw new LabError('bad-value', 'The session is closed, or no session')
    return own
  }
  /** Copies inputs when the call's time has come, and fills outputs when it has ended. */
  const call = (
    session: KernelSession,
    { inputs = [], outputs = [], id = NaN }: { inputs?: Numbers[]; outputs?: Numbers[]; id?: number },
    begin: (own: Opened, ...addresses: number[]) => number
  ): Promise<Done> => {
    const own = opened(session)
    return inOrder(async () => {
      const began = performance.now()
      const addresses = [...inputs, ...outputs].map(give)
      const job = required(begin(own, ...addresses))
      own.running = { id, job }
      if (own.stopped.delete(id)) module.stop(job)
      for (let until = began + SLICE_MILLISECONDS; module.advance(job) !== 0;) {
        if (performance.now() < until) continue
        await new Promise((resolve) => setImmediate(resolve))
        until = performance.now() + SLICE_MILLISECONDS
      }
      own.running = null
      const batches = module.batches(job)
      outputs.forEach((numbers, n) => {
        const from = addresses[inputs.length + n] as number
        bytesOf(numbers).set(new Uint8Array(module.memory.buffer, from, numbers.byteLength))
      })
      for (const address of [job, ...addresses]) module.release(address)
      return { batches, milliseconds: performance.now() - began }
    })
  }

  return {
    instructionSets: () => ['webassembly'],
    isWorking: () => true,
    bytes(description) {
      const bytes = describe(description, module.bytes)
      if (bytes < 0) throw new LabError('bad-value', 'The description of the models is not usable')
      return bytes
    },
    open(_, description, pixels) {
      const size = description[0] as number
      const copy = give(pixels)
      const address = describe(description, (from, count) => module.open(from, count, copy, pixels.length / size))
      if (address === 0) module.release(copy)
      const session = {} as KernelSession
      sessions.set(session, { address: required(address), pixels: copy, size, stopped: new Set(), running: null })
      return session
    },
    steps: (session, order, losses, id) =>
      call(session, { inputs: [order], outputs: [losses], id }, ({ address }, from = 0, to = 0) =>
        module.steps(address, from, order.length, to)
      ),
    stop(session, id) {
      const { running, stopped } = opened(session)
      if (running?.id === id) module.stop(running.job)
      else stopped.add(id)
    },
    forward: (session, pixels, indices, values, answers) =>
      call(session, { inputs: [pixels, indices], outputs: [answers] }, ({ address, size }, from = 0, of = 0, to = 0) =>
        module.forward(address, from, pixels.length / size, of, indices.length, values, to)
      ),
    save: (session, ...outputs) => call(session, { outputs }, ({ address }, ...to) => module.save(address, ...to)),
    load: (session, ...inputs) => call(session, { inputs }, ({ address }, ...from) => module.load(address, ...from)),
    close(session) {
      const { address, pixels } = opened(session)
      sessions.delete(session)
      return inOrder(() => {
        module.close(address)
        module.release(pixels)
        return { batches: 0, milliseconds: 0 }
      })
    }
  }
}

/** Throws LabError `out-of-memory` for a null address. */
function required(address: number): number {
  if (address === 0) throw new LabError('out-of-memory', 'There is not enough memory for these models')
  return address
}
