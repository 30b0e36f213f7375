// The engine that trains with TensorFlow, through @tensorflow/tfjs-node-gpu or what stands in for it.
import { LabError } from '@shared/errors'
import type { Engine, Training, TrainingJob } from '../../engine'
import { createCallLength } from '../call-length'
import { openInThread, type ThreadTraining } from '../training-thread'
import { deviceNames, devicesOf } from './devices'
import { findLibrary, packageFolders, tryLibrary, type LibraryState } from './library'
import { openTraining, type TensorflowJob } from './training'

export interface TensorflowParts {
  /** The built thread entry, out/main/tensorflow-worker.js, or `here`, for the thread that asks (tests): it is blocked then. */
  place: { workerPath: string } | 'here'
  /** Where packages may lie, best first; without it the installed ones. */
  folders?: readonly string[]
  /** Trains each model apart, as the article does, instead of all side by side. Default: what BOTTLENECK_LAB_TENSORFLOW_ONE_BY_ONE says. */
  oneByOne?: boolean
}

/** An engine whose trainings run in `place`. TensorFlow is neither looked for nor loaded before it is asked for devices. */
export function createTensorflowEngine(parts: TensorflowParts): Engine {
  const {
    place,
    folders = packageFolders(),
    oneByOne = isSet(process.env.BOTTLENECK_LAB_TENSORFLOW_ONE_BY_ONE)
  } = parts
  const loadable = new Map<string, LibraryState>()

  /** A library that loads is tried once; one that does not is tried anew, since a setup may have mended it. */
  async function library(): Promise<LibraryState> {
    const binding = findLibrary(folders)?.binding ?? ''
    const state = loadable.get(binding) ?? (await tryLibrary(folders))
    if (state.loads) loadable.set(binding, state)
    return state
  }

  async function open(job: TrainingJob): Promise<Training> {
    const state = await library()
    checkUsable(state, job.device)
    const packageFolder = findLibrary(folders)?.packageFolder ?? ''
    process.env.TF_CPP_MIN_LOG_LEVEL ??= '2' // errors alone, on stderr; threads take the variable from their process
    const { models, batchSize, learningRate, train, test, device } = job
    const own: TensorflowJob = { models, batchSize, learningRate, train, test, device, packageFolder, oneByOne }
    const training = await (place === 'here' ? openTraining(own) : openInThread(place.workerPath, own))
    return withCallLength(training, batchSize)
  }

  return { name: 'tensorflow', devices: async () => devicesOf(await library()), open }
}

/** True of `1`, say; `0` and an empty variable count as not set. */
const isSet = (variable = '') => !['', '0'].includes(variable)

/** Throws `device-unavailable` unless the device is there and usable. */
function checkUsable(library: LibraryState, name: string): void {
  const device = devicesOf(library).find((one) => one.name === name)
  if (device?.usable) return
  if (device) {
    const { detail, remedy } = device
    throw new LabError('device-unavailable', `TensorFlow can’t train on ${name} (${detail})`, { remedy })
  }
  const expected = deviceNames.join(', ')
  throw new LabError('device-unavailable', 'TensorFlow has no such device', { found: name, expected })
}

function withCallLength(training: ThreadTraining, batchSize: number): Training {
  const callLength = createCallLength()
  return {
    ...training,
    turns: 1,
    get stepsPerCall() {
      return callLength.stepsPerCall
    },
    async steps(order) {
      const asked = performance.now()
      const losses = await training.steps(order)
      callLength.ended(asked, Math.ceil(order.length / batchSize))
      return losses
    }
  }
}
