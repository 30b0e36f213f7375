// A session whose every call is watched: one that never answers silences the heartbeat, and the lab ends the process.
import { parameterCount } from '@shared/model'
import type { Engine, EngineSession, SessionConfig } from './engines/engine'
import type { Heartbeat } from './heartbeat'

const SLOWEST_OPERATIONS_PER_SECOND = 1e9 // no machine that runs Electron 45 multiplies more slowly
const LAB_PATIENCE_SECONDS = 30 // silence that the lab itself bears
/** Multiplications and additions a weight and image: a product forward, two back. */
const OPERATIONS_FORWARD = 2
const OPERATIONS_TRAINED = 6

/** Opens a session under watch. Ordinary calls may take 30 s; larger ones what the slowest machine would need. */
export async function openWatched(engine: Engine, config: SessionConfig, heartbeat: Heartbeat): Promise<EngineSession> {
  const session = await heartbeat.during(0, () => engine.open(config))
  const weights = config.models.reduce((sum, { layers }) => sum + parameterCount(layers), 0)
  let secondsUnderWay = 0 // calls wait for those before them
  const watch = async <Answer>(operations: number, call: () => Promise<Answer>) => {
    const seconds = operations / SLOWEST_OPERATIONS_PER_SECOND
    secondsUnderWay += seconds
    try {
      return await heartbeat.during(Math.max(0, secondsUnderWay - LAB_PATIENCE_SECONDS), call)
    } finally {
      secondsUnderWay -= seconds
    }
  }
  return {
    steps: (order, signal) => watch(OPERATIONS_TRAINED * weights * order.length, () => session.steps(order, signal)),
    forward: (images, indices, values) =>
      watch(OPERATIONS_FORWARD * weights * indices.length, () => session.forward(images, indices, values)),
    save: () => watch(0, () => session.save()),
    load: (states) => watch(0, () => session.load(states)),
    close: () => watch(0, () => session.close())
  }
}
