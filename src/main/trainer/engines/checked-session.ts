// What every session refuses and how it is stopped, whatever its engine: written once, around the engine's own.
import { LabError } from '@shared/errors'
import { optimizers, tensorSizes, type ModelConfig } from '@shared/model'
import type { Engine, EngineSession, Images, ModelState, SessionConfig, TrainedSteps } from './engine'

/** The engine with all its sessions checked. */
export function checkedEngine(engine: Engine): Engine {
  return {
    devices: () => engine.devices(),
    open: async (config) => checkedSession(config, await engine.open(config))
  }
}

/**
 * The session with its arguments checked. Rejects with LabError `bad-value` for an index outside the images, images of another size, or a
 * state that does not fit its model; `internal` for `steps` and `forward` before `load`, and for any call after `close`. Calls of one
 * signal are stopped from the last one on: none begins because the one before it has ended.
 */
function checkedSession({ models, train }: SessionConfig, session: EngineSession): EngineSession {
  const stoppable: { signal: AbortSignal; stop: AbortController }[] = []
  let isLoaded = false
  let isClosed = false

  function checkOpen(): void {
    if (isClosed) throw new LabError('internal', 'The session is closed')
  }
  function checkLoaded(): void {
    checkOpen()
    if (!isLoaded) throw new LabError('internal', 'The models have no weights yet: load must come before')
  }

  async function stoppableSteps(order: Int32Array, signal: AbortSignal): Promise<TrainedSteps> {
    const own = { signal, stop: new AbortController() }
    const stopAll = () => {
      for (const call of [...stoppable].reverse()) if (call.signal === signal) call.stop.abort()
    }
    stoppable.push(own)
    signal.addEventListener('abort', stopAll)
    if (signal.aborted) stopAll()
    try {
      return await session.steps(order, own.stop.signal)
    } finally {
      signal.removeEventListener('abort', stopAll)
      stoppable.splice(stoppable.indexOf(own), 1)
    }
  }

  return {
    async steps(order, signal) {
      checkLoaded()
      checkIndices(order, train)
      return signal ? stoppableSteps(order, signal) : session.steps(order)
    },
    async forward(images, indices, values) {
      checkLoaded()
      if (images.size !== train.size) throw misfit('The images have another size than the training images')
      checkIndices(indices, images)
      return session.forward(images, indices, values)
    },
    async save() {
      checkOpen()
      return session.save()
    },
    async load(states) {
      checkOpen()
      const fit = states.length === models.length && models.every((model, m) => fits(states[m] as ModelState, model))
      if (!fit) throw misfit('A state does not fit its model')
      isLoaded = true
      return session.load(states)
    },
    async close() {
      checkOpen()
      isClosed = true
      return session.close()
    }
  }
}

function checkIndices(indices: Int32Array, { count }: Images): void {
  for (const index of indices) {
    if (index < 0 || index >= count) throw misfit('An index lies outside the images')
  }
}

function fits({ weights, slots }: ModelState, { layers, optimizer }: ModelConfig): boolean {
  const sizes = tensorSizes(layers)
  const kinds = [weights, ...slots]
  const haveSizes = (tensors: readonly Float32Array[]) =>
    tensors.length === sizes.length && tensors.every((tensor, n) => tensor.length === sizes[n])
  return kinds.length === 1 + optimizers[optimizer].slots.length && kinds.every(haveSizes)
}

const misfit = (problem: string) => new LabError('bad-value', problem)
