// The calls of the contract: each handed to the part that knows.
import type { LabCalls, Probes } from '@shared/contract'
import { LabError } from '@shared/errors'
import type { LabListener } from '@shared/rpc'
import type { TestSet } from '../data/dataset'
import { programHere } from '../system/installed-program'
import { findLeftovers, removeLeftovers } from '../system/leftovers'
import type { Log } from '../system/log'
import type { AppPaths } from '../system/paths'
import type { ActiveRun } from './active-run'
import { checkEpochRange, checkExperiment, checkFits, makeRunsFolder } from './checks'
import type { DeviceList } from './device-list'
import { writeDiagnostics } from './diagnostics'
import type { Estimator } from './estimate'
import type { FolderWatch } from './folder-watch'
import { storedState, type Library, type StoredRun } from './library'
import { ownedElsewhere } from './owner'
import type { Reports } from './reports'
import { summaryOf, withName } from './run-file'
import { readDigits, writeRunFile } from './run-folder'
import type { SettingsStore } from './settings'
import type { Starting } from './starting'
import { notActive, type Trainings } from './trainings'

/** What the calls are made of. */
export interface LabParts {
  version: string
  versions: Record<string, string>
  paths: AppPaths
  log: Log
  emit: LabListener
  settings: SettingsStore
  library: Library
  trainings: Trainings
  starting: Starting
  devices: DeviceList
  estimator: Estimator
  reports: Reports
  watch: FolderWatch
  runsFolder(): string
  readTestSet(): Promise<TestSet>
  readProbes(): Promise<Probes>
}

export function createCalls(parts: LabParts): LabCalls {
  const { version, versions, paths, log, emit, settings, library, trainings, starting, devices, estimator } = parts
  const { reports, watch, runsFolder, readTestSet, readProbes } = parts

  /** A run that nobody trains, here or elsewhere. */
  async function findIdle(id: string): Promise<StoredRun> {
    const run = await library.find(id)
    if (trainings.get(id)) throw new LabError('busy', 'The run is being trained', { remedy: 'Stop it first' })
    if (run.owner) throw ownedElsewhere(run.owner)
    return run
  }

  async function steered(id: string): Promise<ActiveRun> {
    const run = trainings.get(id)
    if (run) return run
    const { owner } = await library.find(id)
    throw owner ? ownedElsewhere(owner) : notActive()
  }

  const calls: LabCalls = {
    async describe() {
      const [{ info: dataset }, found, leftovers] = await Promise.all([
        readTestSet(),
        devices.all(),
        findLeftovers(paths.leftovers)
      ])
      const program = programHere()
      return { version, dataset, devices: found, runsFolder: runsFolder(), leftovers, versions, program }
    },
    lookForDevices: () => devices.lookAgain(),
    async listRuns() {
      const stored = (await library.list()).filter(({ file }) => !trainings.get(file.id))
      const summaries = [
        ...trainings.all().map(({ file, state }) => summaryOf(file, state)),
        ...stored.map((run) => summaryOf(run.file, storedState(run)))
      ]
      return summaries.sort((a, b) => (a.createdAt < b.createdAt ? 1 : -1))
    },
    async openRun(id) {
      const active = trainings.get(id)
      if (active) return { file: active.file, state: active.state, progress: active.progress }
      const run = await library.find(id)
      return { file: run.file, state: storedState(run), progress: null }
    },
    readProbes,
    async readDigits(id, firstEpoch, lastEpoch) {
      checkEpochRange(firstEpoch, lastEpoch)
      const { folder, file } = trainings.get(id) ?? (await library.find(id))
      return readDigits(folder, file, firstEpoch, lastEpoch)
    },
    measureDevices: () => devices.measure(),
    removeLeftovers: () => removeLeftovers(paths.leftovers),
    async estimate(given, name) {
      const experiment = checkExperiment(given)
      const { device } = await devices.choose(name)
      checkFits(experiment, device)
      return estimator.estimate(experiment, device)
    },
    startRun: (experiment, device) => starting.start(experiment, device),
    continueRun: async (id, device = null) => starting.goOn(await findIdle(id), device),
    pauseRun: async (id) => (await steered(id)).pause(),
    resumeRun: async (id) => (await steered(id)).resume(),
    async stopRun(id) {
      await steered(id)
      await trainings.stop(id)
    },
    async renameRun(id, name) {
      if (await trainings.get(id)?.rename(name)) return
      const { folder, file } = await findIdle(id)
      const renamed = withName(file, name)
      await writeRunFile(folder, renamed)
      emit('runChanged', summaryOf(renamed, storedState({ folder, file: renamed, owner: null })))
    },
    async deleteRun(id) {
      await findIdle(id)
      await library.putAside(id)
      emit('runRemoved', id)
    },
    async restoreRun(id) {
      await library.bringBack(id)
      const run = await library.find(id)
      emit('runChanged', summaryOf(run.file, storedState(run)))
    },
    async exportReport(id) {
      const active = trainings.get(id)
      return active ? reports.write(active) : reports.writeCompleted(id)
    },
    readSettings: async () => settings.current(),
    async writeSettings(wanted) {
      if (wanted.runsFolder !== null) await makeRunsFolder(wanted.runsFolder)
      for (const { file, folder } of trainings.all()) library.noteFolder(file.id, folder) // they stay where they are
      await settings.write(wanted)
      emit('settingsChanged', wanted)
      await watch.look().catch((error: unknown) => log.warn(`The runs folder could not be listed: ${String(error)}`))
    },
    async diagnostics() {
      const [found, runs] = await Promise.all([devices.all(), calls.listRuns()])
      const facts = { version, versions, paths, runsFolder: runsFolder(), settings: settings.current() }
      return writeDiagnostics({ ...facts, devices: found, runs })
    }
  }

  return calls
}
