// The lab: the parts that fulfil the contract, put together; every view hears what happens.
import { presets, type Experiment } from '@shared/experiment'
import { hyperparameterKeys, hyperparameters } from '@shared/hyperparameters'
import { presetOf } from '@shared/preset-of'
import type { LabListener, LabService } from '@shared/rpc'
import { epochsDone, type RunFile } from '@shared/run'
import { version as packageVersion } from '../../../package.json'
import { datasetNamed, type TestSet } from '../data/dataset'
import { drawInThread, type DrawReport } from '../report/draw-in-thread'
import type { Log } from '../system/log'
import type { AppPaths } from '../system/paths'
import type { ActiveRun } from './active-run'
import { createCalls } from './calls'
import { createDeviceHistory } from './device-history'
import { createDeviceList } from './device-list'
import { createDeviceMeasuring } from './device-measuring'
import { createEstimator } from './estimate'
import { createFolderWatch } from './folder-watch'
import { createGuard, guarded } from './guarded-calls'
import { createLibrary } from './library'
import { probesOf } from './probes'
import { createReports } from './reports'
import { createSettingsStore } from './settings'
import { createStarting } from './starting'
import { createSupervisor } from './supervisor'
import type { SpawnTrainer } from './trainer-process'
import { createTrainings } from './trainings'

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
  const settings = createSettingsStore(paths.settings)
  let threads: number | undefined
  let testSet: Promise<TestSet> | null = null

  const emit: LabListener = (event, payload) => {
    watch.note(event, payload)
    for (const listener of listeners) listener(event, payload)
  }
  const runsFolder = () => (paths.runsFromEnvironment ? paths.runs : (settings.current().runsFolder ?? paths.runs))
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
    onChange: (found) => emit('devicesChanged', found),
    log
  })
  const trainings = createTrainings({
    supervisor,
    dataFolder,
    cacheFolder: paths.cache,
    threads: () => threads,
    listeners: { emit, log, devices },
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
    running: () => trainings.atWork()
  })

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

  /** Whether a run is trained, or waits to be, here or by another window or command: what is measured beside it would be wrong. */
  async function isBusy(): Promise<boolean> {
    if (trainings.all().length > 0) return true
    const runs = await library.list().catch(() => [])
    return runs.some(({ owner }) => owner !== null)
  }

  /** Null while a run trains: it needs the processor more. */
  async function computeBaseline({ id, experiment }: RunFile): Promise<number[] | null> {
    if (trainings.atWork()) return null
    const folders = { dataFolder: dataFolder(experiment.dataset), cacheFolder: paths.cache }
    try {
      return (await supervisor.baseline({ experiment, ...folders })).pcaMse
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

  const starting = createStarting({ library, trainings, devices, readTestSet, versions })
  const shared = { version, versions, paths, log, emit, settings, runsFolder, readTestSet, readProbes }
  const calls = createCalls({ ...shared, library, trainings, starting, devices, estimator, reports, watch })
  const guard = createGuard(settings.read, log) // settings decide where runs are, so they are read before anything else
  return {
    calls: guarded(calls, guard),
    subscribe(listener) {
      listeners.add(listener)
      if (listeners.size === 1) void settings.read().then(() => listeners.size > 0 && watch.start())
      return () => {
        listeners.delete(listener)
        if (listeners.size === 0) watch.stop()
      }
    },
    startRunAt: guard('startRunAt', (folder: string, experiment: Experiment, device: string | null) =>
      starting.start(experiment, device, folder)
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

/** Whether a step takes as long as the article's, by which devices are compared: it is the article, however many epochs it trains. */
function isArticle(experiment: Experiment): boolean {
  const { base } = presets.article
  const length = hyperparameterKeys.filter((key) => hyperparameters[key].affects === 'length')
  const ofArticle = Object.fromEntries(length.map((key) => [key, base[key]]))
  return presetOf({ ...experiment, base: { ...experiment.base, ...ofArticle } }) === 'article'
}
