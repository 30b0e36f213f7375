// The calls of the contract: each handed to the part that knows.
import type { LabCalls, Probes, TestImages } from '@shared/contract'
import { LabError } from '@shared/errors'
import { presets } from '@shared/experiment'
import type { ReportOptions } from '@shared/report-options'
import type { DatasetInfo, RunFile, RunState } from '@shared/run'
import type { LabListener } from '@shared/rpc'
import type { TestSet } from '../data/dataset'
import { nameOf } from '../system/claim-file'
import { programHere } from '../system/installed-program'
import { findLeftovers, removeLeftovers } from '../system/leftovers'
import type { Log } from '../system/log'
import type { AppPaths } from '../system/paths'
import type { ActiveRun } from './active-run'
import type { Analyses } from './analyses'
import { createCancellableWork } from './cancellable-work'
import { changeRun } from './change-run'
import { checkData, dataProblemOf } from './check-data'
import { checkDigitBytes, checkEpochRange, checkExperiment, checkFits, makeRunsFolder } from './checks'
import type { DataCalls } from './data-calls'
import type { DeviceList } from './device-list'
import { writeDiagnostics } from './diagnostics'
import { weightsAt } from './epoch-weights'
import type { Estimator } from './estimate'
import type { Exports } from './exports'
import type { FolderWatch } from './folder-watch'
import type { Interrupted } from './interrupted'
import type { LateMeasuring } from './late-measuring'
import type { Library } from './library'
import { storedState, type StoredRun } from './stored-run'
import { isOwnClaim, ownedElsewhere, settledOwner } from './owner'
import type { ReportForm } from '../report/report'
import type { Reports } from './reports'
import { summaryOf, withName } from './run-file'
import { readDigits } from './digits-file'
import { runFolderFiles } from './run-folder'
import type { SettingsStore } from './settings'
import { measureStorage } from './storage'
import type { Starting } from './starting'
import { notActive, type Trainings } from './trainings'
import type { VerifyReport } from './verify-report'
import { historyFromZero, type UntrainedDigits } from './untrained-digits'

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
  interrupted: Interrupted
  lateMeasuring: LateMeasuring
  devices: DeviceList
  estimator: Estimator
  reports: Reports
  figurePdf: LabCalls['figurePdf']
  analyses: Analyses
  exports: Exports
  verifyReport: VerifyReport
  watch: FolderWatch
  runsFolder(): string
  readTestSet(dataset: string): Promise<TestSet>
  readProbes(dataset: string): Promise<Probes>
  untrainedDigits: UntrainedDigits
  readTestImages(dataset: string): Promise<TestImages>
  /** Throws LabError where there is no data set of that name. */
  infoOf(dataset: string): Promise<DatasetInfo>
  dataCalls: DataCalls
}

export function createCalls(parts: LabParts): LabCalls {
  const { version, versions, paths, log, emit, settings, library, trainings, starting, devices, estimator } = parts
  const { interrupted, reports, analyses, exports, watch, runsFolder } = parts
  const { readTestSet, readProbes, readTestImages, untrainedDigits, infoOf, dataCalls } = parts
  const { goFirst } = parts.lateMeasuring

  /** A run that nobody trains, here or elsewhere. */
  async function findIdle(id: string): Promise<StoredRun> {
    const run = await library.find(id)
    if (trainings.get(id)) throw new LabError('busy', 'The run is being trained', { remedy: 'Stop it first' })
    if (!run.owner) return run
    const owner = await settledOwner(runFolderFiles(run.folder).owner)
    if (owner) throw ownedElsewhere(owner)
    return library.find(id) // as its last owner has left it
  }

  async function steered(id: string): Promise<ActiveRun> {
    const run = trainings.get(id)
    if (run) return run
    const { owner } = await library.find(id)
    throw owner ? ownedElsewhere(owner) : notActive()
  }

  /** As its files have it. */
  async function idle(id: string): Promise<{ file: RunFile; state: RunState }> {
    const run = await library.find(id)
    return { file: run.file, state: storedState(run) }
  }

  /** A run with the epochs that its checkpoint has at least. */
  async function recorded(id: string): Promise<Pick<StoredRun, 'folder' | 'file'>> {
    const active = trainings.get(id)
    return active ? { folder: active.folder, file: active.recorded } : library.find(id)
  }

  /** Of runs as they stand, whoever trains them. */
  async function report(ids: readonly string[], given: Partial<ReportOptions> = {}, form?: ReportForm) {
    const options = { ...settings.current().report, ...given }
    const standing = ids.map((id) => {
      const active = trainings.get(id)
      return active ? { ...active, file: active.recorded } : id
    })
    if (!standing.some((run) => typeof run === 'string')) return reports.draw(standing, options, form)
    return goFirst(() => reports.draw(standing, options, form)) // which may need the trainer
  }

  async function renameIdle(id: string, name: string): Promise<void> {
    const found = await findIdle(id)
    const renamed = await changeRun(found.folder, storedState(found), (now) => withName({ ...now, id }, name))
    if (renamed) emit('runChanged', summaryOf(renamed, storedState({ file: renamed, owner: null })))
  }

  const importing = createCancellableWork({
    tell: (progress) => emit('importProgress', progress),
    busy: () => new LabError('busy', 'Another run is being imported', { remedy: 'Wait for its end, or cancel it' }),
    cancelled: () => new LabError('busy', 'The import was cancelled')
  })

  const calls: LabCalls = {
    async describe() {
      const [{ info: dataset }, found, leftovers] = await Promise.all([
        readTestSet(presets.article.dataset),
        devices.all(),
        findLeftovers(paths.leftovers)
      ])
      const program = programHere()
      return { version, dataset, devices: found, runsFolder: runsFolder(), leftovers, versions, program }
    },
    lookForDevices: () => devices.lookAgain(),
    async listRuns() {
      const stored = (await library.list()).filter(({ summary }) => !trainings.get(summary.id))
      const summaries = [
        ...trainings.all().map(({ file, state }) => library.withNotes(summaryOf(file, state))),
        ...stored.map(({ summary }) => summary)
      ]
      return summaries.sort((a, b) => (a.createdAt < b.createdAt ? 1 : -1))
    },
    async listUnreadable() {
      const problem = settings.problem()
      return [...(problem ? [{ path: paths.settings, error: problem }] : []), ...(await library.unreadable())]
    },
    async openRun(id) {
      const active = trainings.get(id)
      if (active) return { file: active.file, state: active.state, progress: active.progress, owner: null }
      const run = await library.find(id)
      const { file, owner } = run
      return {
        file,
        state: storedState(run),
        progress: null,
        owner: owner && !isOwnClaim(owner) ? nameOf(owner) : null,
        dataProblem: await dataProblemOf(file, infoOf)
      }
    },
    readProbes,
    async readDigits(id, firstEpoch, lastEpoch) {
      checkEpochRange(firstEpoch, lastEpoch)
      const { folder, file } = trainings.get(id) ?? (await library.find(id))
      checkDigitBytes(file, firstEpoch, lastEpoch)
      const stored = await readDigits(folder, file, Math.max(1, firstEpoch), lastEpoch)
      return firstEpoch === 0 ? historyFromZero(await untrainedDigits(file), stored) : stored
    },
    readTestImages,
    measureDevices: () => goFirst(() => devices.measure()),
    removeLeftovers: () => removeLeftovers(paths.leftovers),
    async estimate(given, name) {
      const dataset = await infoOf(given.dataset)
      const experiment = checkExperiment(given, dataset)
      return goFirst(async () => {
        const { device } = await devices.choose(name)
        checkFits(experiment, device, dataset)
        return estimator.estimate(experiment, device)
      })
    },
    startRun: (experiment, device) => goFirst(() => starting.start(experiment, device)),
    continueRun: (id, device = null) => goFirst(async () => starting.goOn(await findIdle(id), device)),
    continueInterrupted: (ids) => goFirst(() => interrupted.goOn(ids)),
    pauseRun: async (id) => (await steered(id)).pause(),
    resumeRun: async (id) => (await steered(id)).resume(),
    async stopRun(id) {
      await steered(id)
      await trainings.stop(id)
    },
    async renameRun(id, name) {
      if (await trainings.get(id)?.rename(name)) return
      await goFirst(() => renameIdle(id, name))
    },
    async deleteRun(id) {
      await findIdle(id)
      await goFirst(async () => {
        await analyses.release(id) // they, and the trainer, may have files of it open
        await library.putAside(id)
      })
      emit('runRemoved', id)
    },
    async restoreRun(id) {
      await library.bringBack(id)
      const run = await library.find(id)
      emit('runChanged', summaryOf(run.file, storedState(run)))
    },
    exportReport: (ids, options, form) => report(ids, options, form),
    previewReport: async (ids, options) => new TextDecoder().decode(await report(ids, options, 'pages')),
    verifyReport: (path) => goFirst(() => parts.verifyReport(path)), // which may need the trainer
    figurePdf: parts.figurePdf,
    exportChoices: async (id) => exports.choices((await recorded(id)).file),
    exportRun: async (id, request) => exports.makeOne(await recorded(id), request),
    cancelExport: async (id) => exports.cancel(id),
    async noteRun(id, notes) {
      const { file, state } = trainings.get(id) ?? (await idle(id))
      await library.note(id, notes)
      emit('runChanged', summaryOf(file, state))
    },
    async runFolder(id) {
      return (trainings.get(id) ?? (await library.find(id))).folder
    },
    async importRun(path) {
      const imported = await importing.run((tools) => library.take(path, tools))
      const { file, state } = await idle(imported.id)
      emit('runChanged', summaryOf(file, state))
      return imported
    },
    cancelImport: async () => importing.cancel(),
    async measureStorage() {
      const runs = await calls.listRuns()
      return measureStorage(runs.map(({ id }) => ({ id, folder: trainings.get(id)?.folder ?? library.folderOf(id) })))
    },
    readAnalysis: async (id, request) => analyses.stored(await recorded(id), request),
    async analyse(id, request) {
      const run = await recorded(id)
      await checkData(run.file, infoOf)
      return analyses.analyse(run, request)
    },
    cancelAnalysis: async (id, request = null) => analyses.cancel(id, request),
    readSettings: async () => settings.current(),
    async writeSettings(wanted) {
      const isNew = wanted.runsFolder !== settings.current().runsFolder // any other may be on a disk that is away
      if (isNew && wanted.runsFolder !== null) await makeRunsFolder(wanted.runsFolder)
      for (const { file, folder } of trainings.all()) library.noteFolder(file.id, folder) // they stay where they are
      await settings.write(wanted)
      emit('settingsChanged', wanted)
      await watch.look().catch((error: unknown) => log.warn(`The runs folder could not be listed: ${String(error)}`))
    },
    ...dataCalls,
    async diagnostics() {
      const [found, runs] = await Promise.all([devices.all(), calls.listRuns()])
      const facts = { version, versions, paths, runsFolder: runsFolder(), settings: settings.current() }
      return writeDiagnostics({ ...facts, devices: found, runs })
    },
    async readWeights(id, epoch, models = null) {
      const { folder, file } = trainings.get(id) ?? (await library.find(id))
      return weightsAt(folder, file, epoch, models)
    }
  }

  return calls
}
