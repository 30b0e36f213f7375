// The lab: fulfils the contract by handing each call to the part that knows, and tells every view what happens.
import type { LabCalls, Settings } from '@shared/contract'
import { LabError } from '@shared/errors'
import { presets, valuesOf, type Experiment } from '@shared/experiment'
import type { LabListener, LabService } from '@shared/rpc'
import { epochsDone, isPaceKnown, type RunFile } from '@shared/run'
import { version as packageVersion } from '../../../package.json'
import { datasetNamed, type TestSet } from '../data/dataset'
import { drawInThread, type DrawReport } from '../report/draw-in-thread'
import { findLeftovers, removeLeftovers } from '../system/leftovers'
import type { Log } from '../system/log'
import type { AppPaths } from '../system/paths'
import type { ActiveRun } from './active-run'
import { checkEpochRange, checkExperiment, makeRunsFolder } from './checks'
import { createDeviceList, type ChosenDevice } from './device-list'
import { createDeviceMeasuring } from './device-measuring'
import { createDeviceHistory } from './device-history'
import { writeDiagnostics } from './diagnostics'
import { createEstimator } from './estimate'
import { createFolderWatch } from './folder-watch'
import { createGuard, guarded } from './guarded-calls'
import { createLibrary, storedState, type StoredRun } from './library'
import { ownedElsewhere } from './owner'
import { probesOf } from './probes'
import { createReports } from './reports'
import { newRunFile, summaryOf, withName } from './run-file'
import { readDigits, writeRunFile } from './run-folder'
import { defaultSettings, readSettingsFile, writeSettingsFile } from './settings'
import { createSupervisor } from './supervisor'
import type { SpawnTrainer } from './trainer-process'
import { createTrainings, notActive } from './trainings'

export interface Lab extends LabService {
  /** Like the call `startRun`, with `folder` as the run folder; it must not exist yet. */
  startRunAt(folder: string, experiment: Experiment, device: string | null): Promise<string>
  /** Lets runs that begin from now on have at most so many threads. */
  limitThreads(threads: number): void
  /** Makes a run folder outside the runs folder known; answers with the run's id. */
  adopt(folder: string): Promise<string>
  /** The folder of a run that a call has named. */
  folderOf(id: string): string
  hasActiveRun(): boolean
  /** Resolves when the run has ended, its report included; at once if nothing trains it. */
  whenEnded(id: string): Promise<RunFile>
  /** Stops training and ends the trainer. Complete epochs are kept. */
  close(): Promise<void>
}

export interface LabOptions {
  spawn: SpawnTrainer
  paths: AppPaths
  log: Log
  /** Folder of the data set's files; default: what comes with the application. */
  dataFolder?: string
  version?: string
  /** What the application runs on, for run.json and diagnostics. */
  versions?: Record<string, string>
  /** Draws a report, or the path of the built thread entry that does. */
  report: DrawReport | string
  /** Silence of the trainer that counts as a hang. */
  hangSeconds?: number
}

/** Makes the lab. Reads and starts nothing before the first call. */
export function createLab(options: LabOptions): Lab {
  const { paths, log, version = packageVersion, report } = options
  const versions = { 'bottleneck-lab': version, ...(options.versions ?? { node: process.versions.node }) }
  const listeners = new Set<LabListener>()
  let settings: Settings = defaultSettings
  let threads: number | undefined
  let testSet: Promise<TestSet> | null = null
  let reading: Promise<unknown> | null = null

  const tell: LabListener = (event, payload) => {
    watch.note(event, payload)
    for (const listener of listeners) listener(event, payload)
  }
  const runsFolder = () => (paths.runsFromEnvironment ? paths.runs : (settings.runsFolder ?? paths.runs))
  const dataFolder = (dataset: string) => options.dataFolder ?? datasetNamed(dataset).folder()
  const supervisor = createSupervisor({
    spawn: options.spawn,
    ...(options.hangSeconds === undefined ? {} : { hangSeconds: options.hangSeconds }),
    onDeath: (error) => log.error(error.message),
    onLastWords: (stderr) => log.warn(`A trainer has ended; what it wrote last:\n${stderr}`)
  })
  const library = createLibrary(runsFolder, log)
  const history = createDeviceHistory(paths.devices, version, log)
  const devices = createDeviceList({
    supervisor,
    history,
    measuring: createDeviceMeasuring({ supervisor, history, dataFolder: dataFolder(presets.article.dataset), log }),
    isBusy,
    onChange: (found) => tell('devicesChanged', found),
    log
  })
  const trainings = createTrainings({
    supervisor,
    dataFolder,
    cacheFolder: paths.cache,
    threads: () => threads,
    listeners: { tell, log, devices },
    afterEnd: reportAtEnd
  })
  const watch = createFolderWatch(
    library,
    (id) => trainings.get(id) !== undefined,
    (event, payload) => {
      for (const listener of listeners) listener(event, payload)
    }
  )
  const estimator = createEstimator({
    async measure(experiment, device) {
      const measured = await supervisor.measure({ experiment, device, dataFolder: dataFolder(experiment.dataset) })
      if (isArticle(experiment) && !(await isBusy())) await devices.noteSpeed(device, measured.millisecondsPerStep)
      return measured
    },
    datasetOf: ({ dataset }) => datasetNamed(dataset).info,
    running: () => {
      const run = trainings.atWork()
      return run ? { experiment: run.file.experiment, millisecondsPerStep: paceOf(run) } : null
    }
  })

  /** Settings decide where runs are, so they are read before anything else. */
  const ready = () =>
    (reading ??= readSettingsFile(paths.settings).then((read) => {
      settings = read
    }))

  const readTestSet = () => {
    const { dataset } = presets.article // the only one there is
    testSet ??= datasetNamed(dataset).loadTestSet(dataFolder(dataset))
    testSet.catch(() => (testSet = null))
    return testSet
  }

  const readProbes = async () => probesOf(await readTestSet())
  const reports = createReports({
    draw: typeof report === 'string' ? drawInThread(report) : report,
    readProbes,
    find: (id) => library.find(id),
    computeBaseline
  })

  async function start(given: Experiment, name: string | null, at?: string): Promise<string> {
    const experiment = checkExperiment(given)
    const { info: dataset } = await readTestSet()
    const device = await devices.choose(name)
    const { preset } = experiment
    const { id, folder } = await (at === undefined ? library.create(preset) : library.createAt(at, preset))
    await trainings.start(folder, newRunFile({ id, experiment, device, dataset, versions }))
    return id
  }

  /** Where a run goes on unless a caller says: on its own device, or on the best one where that can't be used. */
  async function deviceOf({ device }: RunFile): Promise<ChosenDevice> {
    const own = devices.choose(presentName(device)).then((chosen) => ({ ...chosen, why: 'where the run trained before' }))
    return own.catch(async (error: unknown) => {
      const best = await devices.choose(null).catch(() => null)
      if (!best) throw error
      return { ...best, why: `${best.why}; ${device} can’t be used now` }
    })
  }

  /** Whether a run is trained, or waits to be, here or by another window or command: what is measured beside it would be wrong. */
  async function isBusy(): Promise<boolean> {
    if (trainings.all().length > 0) return true
    const runs = await library.list().catch(() => [])
    return runs.some(({ owner }) => owner !== null)
  }

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

  /** Null while a run trains: it needs the processor more. */
  async function computeBaseline({ id, experiment }: RunFile): Promise<number[] | null> {
    if (trainings.atWork()) return null
    try {
      return (
        await supervisor.baseline({ experiment, dataFolder: dataFolder(experiment.dataset), cacheFolder: paths.cache })
      ).pcaMse
    } catch (error) {
      log.error(`What PCA reaches could not be computed for run ${id}`, error)
      return null
    }
  }

  async function reportAtEnd(run: ActiveRun): Promise<void> {
    const { file } = run
    if (file.status === 'failed' || epochsDone(file) === 0) return
    await reports.write(run).catch((error: unknown) => log.error(`The report of run ${file.id} failed`, error))
  }

  const calls: LabCalls = {
    async describe() {
      const [{ info: dataset }, found, leftovers] = await Promise.all([
        readTestSet(),
        devices.all(),
        findLeftovers(paths.leftovers)
      ])
      return { version, dataset, devices: found, runsFolder: runsFolder(), leftovers, versions }
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
      return estimator.estimate(experiment, device)
    },
    startRun: (experiment, device) => start(experiment, device),
    async continueRun(id, device = null) {
      const { folder, file } = await findIdle(id)
      await trainings.continueRun(folder, file, await (device === null ? deviceOf(file) : devices.choose(device)))
    },
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
      tell('runChanged', summaryOf(renamed, storedState({ folder, file: renamed, owner: null })))
    },
    async deleteRun(id) {
      await findIdle(id)
      await library.putAside(id)
      tell('runRemoved', id)
    },
    async restoreRun(id) {
      await library.bringBack(id)
      const run = await library.find(id)
      tell('runChanged', summaryOf(run.file, storedState(run)))
    },
    async exportReport(id) {
      const active = trainings.get(id)
      return active ? reports.write(active) : reports.writeCompleted(id)
    },
    readSettings: async () => settings,
    async writeSettings(wanted) {
      if (wanted.runsFolder !== null) await makeRunsFolder(wanted.runsFolder)
      await writeSettingsFile(paths.settings, wanted)
      for (const { file, folder } of trainings.all()) library.place(file.id, folder) // they stay where they are
      settings = wanted
      tell('settingsChanged', settings)
      await watch.look().catch((error: unknown) => log.warn(`The runs folder could not be listed: ${String(error)}`))
    },
    async diagnostics() {
      const [found, runs] = await Promise.all([devices.all(), calls.listRuns()])
      return writeDiagnostics({ version, versions, paths, runsFolder: runsFolder(), settings, devices: found, runs })
    }
  }

  const guard = createGuard(ready, log)
  return {
    calls: guarded(calls, guard),
    subscribe(listener) {
      listeners.add(listener)
      if (listeners.size === 1) void ready().then(() => listeners.size > 0 && watch.start())
      return () => {
        listeners.delete(listener)
        if (listeners.size === 0) watch.stop()
      }
    },
    startRunAt: guard('startRunAt', (folder: string, experiment: Experiment, device: string | null) =>
      start(experiment, device, folder)
    ),
    limitThreads: (most) => (threads = most),
    adopt: guard('adopt', (folder: string) => library.adopt(folder)),
    folderOf: (id) => library.folderOf(id),
    hasActiveRun: () => trainings.all().length > 0,
    whenEnded: guard('whenEnded', async (id: string) => trainings.whenEnded(id) ?? (await library.find(id)).file),
    async close() {
      watch.stop()
      await trainings.close()
      await supervisor.close()
      await library.emptyTrash()
    }
  }
}

/** Whether a step takes as long as the article's, by which devices are compared. */
function isArticle({ base, varied, seeds }: Experiment): boolean {
  const { article } = presets
  const ofStep = ({ hidden, activation, optimizer, loss, batchSize }: Experiment['base']) =>
    JSON.stringify([hidden, activation, optimizer, loss, batchSize])
  const isSameStep = ofStep(base) === ofStep(article.base) && seeds.length === 1
  return isSameStep && JSON.stringify({ ...varied, values: valuesOf({ varied }) }) === JSON.stringify(article.varied)
}

/** What a device of a run in format 1 is called now. */
function presentName(device: string): string {
  const now: Readonly<Record<string, string>> = {
    'onnxruntime cpu': 'cpu',
    'onnxruntime webgpu': 'webgpu',
    'tensorflow cpu': 'tensorflow-cpu',
    'tensorflow cuda': 'tensorflow-cuda'
  }
  return now[device] ?? device
}

function paceOf({ progress }: ActiveRun): number | null {
  if (!progress || !isPaceKnown(progress)) return null
  return (progress.secondsPerEpoch * 1000) / progress.stepsPerEpoch
}
