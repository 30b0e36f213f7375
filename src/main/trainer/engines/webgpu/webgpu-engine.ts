// The engine that trains by WebGPU: on Chromium's in Electron's utility process, on Dawn's in plain Node.
import type { Engine } from '../engine'
import { createNodeEngine } from './node'
import { createPageEngine, type Port } from './page/page-engine'
import { GPU_MESSAGE } from './page/page-messages'

/** What Electron puts on `process` in a utility process. */
interface UtilityPort {
  on(event: 'message', listener: (message: { data: unknown; ports: Port[] }) => void): void
}

/** To be called before the first turn of the event loop has ended: Electron keeps messages until somebody listens, no longer. */
export function createWebgpuEngine(): Engine {
  const { parentPort } = process as NodeJS.Process & { parentPort?: UtilityPort }
  if (!parentPort) return createNodeEngine()
  const port = new Promise<Port | null>((resolve) =>
    parentPort.on('message', ({ data, ports }) => data === GPU_MESSAGE && resolve(ports[0] ?? null))
  )
  return createPageEngine(port)
}
