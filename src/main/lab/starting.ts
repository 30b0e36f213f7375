// How a run begins, and how it goes on another day: what is asked for is checked, a device is chosen, a folder is made.
import { presentDevice } from '@shared/devices'
import type { Experiment } from '@shared/experiment'
import type { DatasetInfo, KeptWeights, RunFile } from '@shared/run'
import type { TestSet } from '../data/dataset'
import { checkData } from './check-data'
import { checkExperiment, checkFits } from './checks'
import type { ChosenDevice, DeviceList } from './device-list'
import type { Library } from './library'
import type { StoredRun } from './stored-run'
import { newRunFile } from './run-file'
import type { Trainings } from './trainings'

export interface Starting {
  /** Starts a run, or queues it; in `folder`, which must not exist yet or be empty, or among the others. Answers with its id. Throws LabError. */
  start(experiment: Experiment, device: string | null, folder?: string): Promise<string>
  /** Goes on with a run that nobody trains; without a device, on the one that it had. Throws LabError. */
  goOn(run: StoredRun, device: string | null): Promise<void>
  /** The run's own device by its present name, or the fastest where that is gone or can't be used. Throws LabError. */
  deviceOf(file: RunFile): Promise<ChosenDevice>
}

export interface StartingParts {
  library: Library
  trainings: Trainings
  devices: DeviceList
  readTestSet(dataset: string): Promise<TestSet>
  /** Throws LabError where there is no data set of that name. */
  infoOf(dataset: string): Promise<DatasetInfo>
  versions: Record<string, string>
  /** Which epochs' weights a run in `folder` keeps; null: none. */
  planWeights(experiment: Experiment, dataset: DatasetInfo, folder: string): Promise<KeptWeights | null>
}

export function createStarting(parts: StartingParts): Starting {
  const { library, trainings, devices, readTestSet, infoOf, versions, planWeights } = parts

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
      const dataset = await infoOf(given.dataset)
      const experiment = checkExperiment(given, dataset)
      await readTestSet(experiment.dataset)
      const device = await devices.choose(name)
      checkFits(experiment, device.device, dataset)
      const { preset } = experiment
      const { id, claim } = await (at === undefined ? library.create(preset) : library.createAt(at, preset))
      const weights = (await planWeights(experiment, dataset, claim.folder)) ?? undefined
      await trainings.start(claim, newRunFile({ id, experiment, device, dataset, versions, weights }))
      return id
    },
    deviceOf,
    async goOn({ folder, file }, name) {
      await checkData(file, infoOf)
      await trainings.continueRun(folder, file, await (name === null ? deviceOf(file) : devices.choose(name)))
    }
  }
}
