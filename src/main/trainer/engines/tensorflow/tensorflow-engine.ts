// The engine that trains with TensorFlow, through @tensorflow/tfjs-node-gpu or what stands in for it.
import { LabError } from '@shared/errors'
import type { Engine } from '../engine'
import { deviceNames, devicesOf } from './tensorflow-devices'
import { findLibrary, packageFolders, tryLibrary, type LibraryState } from './tensorflow-library'
import { createSessionThread } from './session-thread'

export interface TensorflowParts {
  /** The built thread entry, out/main/tensorflow-worker.js. */
  workerPath: string
  /** Where packages may lie, best first; without it the installed ones. */
  folders?: readonly string[]
}

/** An engine whose sessions run in a thread of their own. TensorFlow is neither looked for nor loaded before it is asked for devices. */
export function createTensorflowEngine({ workerPath, folders = packageFolders() }: TensorflowParts): Engine {
  const thread = createSessionThread(workerPath)
  const loadable = new Map<string, LibraryState>()

  /** A library that loads is tried once; one that does not is tried anew, since a setup may have fixed it. */
  async function library(): Promise<LibraryState> {
    const binding = findLibrary(folders)?.binding ?? ''
    const state = loadable.get(binding) ?? (await tryLibrary(folders))
    if (state.loads) loadable.set(binding, state)
    return state
  }

  return {
    devices: async () => devicesOf(await library()),
    async open({ threads, ...job }) {
      checkUsable(await library(), job.device)
      // TensorFlow reads both when it is loaded for the first time, from the process: a thread's own environment is a copy.
      process.env.TF_CPP_MIN_LOG_LEVEL ??= '2' // errors alone, on stderr
      process.env.TF_NUM_INTRAOP_THREADS ??= String(threads)
      return thread.open({ packageFolder: findLibrary(folders)?.packageFolder ?? '' }, job)
    }
  }
}

/** Throws `device-unavailable` unless the device is there and usable. */
function checkUsable(library: LibraryState, name: string): void {
  const device = devicesOf(library).find((one) => one.name === name)
  if (device?.usable) return
  if (device) {
    const { detail, remedy } = device
    throw new LabError('device-unavailable', `${name} can’t be used (${detail})`, { remedy })
  }
  const expected = deviceNames.join(', ')
  throw new LabError('device-unavailable', 'TensorFlow has no such device', { found: name, expected })
}
