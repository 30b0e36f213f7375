// How a run begins, and how it goes on another day: what is asked for is checked, a device is chosen, a folder is made.
import { presentDevice } from '@shared/devices'
import type { Experiment } from '@shared/experiment'
import type { RunFile } from '@shared/run'
import type { TestSet } from '../data/dataset'
import { checkExperiment, checkFits } from './checks'
import type { ChosenDevice, DeviceList } from './device-list'
import type { Library, StoredRun } from './library'
import { newRunFile } from './run-file'
import type { Trainings } from './trainings'

export interface Starting {
  /** Starts a run, or queues it; in `folder`, which must not exist yet, or among the others. Answers with its id. Throws LabError. */
  start(experiment: Experiment, device: string | null, folder?: string): Promise<string>
  /** Goes on with a run that nobody trains; without a device, on the one that it had. Throws LabError. */
  goOn(run: StoredRun, device: string | null): Promise<void>
}

export interface StartingParts {
  library: Library
  trainings: Trainings
  devices: DeviceList
  readTestSet(): Promise<TestSet>
  versions: Record<string, string>
}

export function createStarting({ library, trainings, devices, readTestSet, versions }: StartingParts): Starting {
  /** The run's own device by its present name, or the fastest where that is gone or can't be used. */
  async function deviceOf({ device }: RunFile): Promise<ChosenDevice> {
    const now = presentDevice(device)
    if (now === null) return fastestInPlaceOf(device)
    const why = now === device ? 'where the run trained before' : `in place of ${device}`
    const own = devices.choose(now).then((chosen) => ({ ...chosen, why }))
    return own.catch((error: unknown) =>
      fastestInPlaceOf(device).catch(() => {
        throw error
      })
    )
  }

  async function fastestInPlaceOf(device: string): Promise<ChosenDevice> {
    const best = await devices.choose(null)
    return { ...best, why: `${best.why}; ${device} can’t be used now` }
  }

  return {
    async start(given, name, at) {
      const experiment = checkExperiment(given)
      const { info: dataset } = await readTestSet()
      const device = await devices.choose(name)
      checkFits(experiment, device.device)
      const { preset } = experiment
      const { id, folder } = await (at === undefined ? library.create(preset) : library.createAt(at, preset))
      await trainings.start(folder, newRunFile({ id, experiment, device, dataset, versions }))
      return id
    },
    async goOn({ folder, file }, name) {
      await trainings.continueRun(folder, file, await (name === null ? deviceOf(file) : devices.choose(name)))
    }
  }
}
