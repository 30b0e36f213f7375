// The lab: the parts that fulfil the contract, put together; every view hears what happens.
import type { AddedDataset } from '@shared/dataset'
import { presets, type Experiment } from '@shared/experiment'
import type { ExportRequest } from '@shared/exports'
import { hyperparameterKeys, hyperparameters } from '@shared/hyperparameters'
import { presetOf } from '@shared/preset-of'
import type { LabListener, LabService } from '@shared/rpc'
import type { ReportOptions } from '@shared/report-options'
import { epochsDone, type Bounds, type DatasetInfo, type RunFile, type RunSummary } from '@shared/run'
import { version as packageVersion } from '../../../package.json'
import { createDatasets } from '../data/datasets'
import { probesOf, testImagesOf } from '../data/probes'
import type { Log } from '../system/log'
import type { AppPaths } from '../system/paths'
import type { ActiveRun } from './active-run'
import { createAnalyses } from './analyses'
import { createAnalysisCache } from './analysis-cache'
import { createAudience } from './audience'
import { createCalls } from './calls'
import { checkData, dataProblemOf } from './check-data'
import { createDataCalls } from './data-calls'
import { createDeviceHistory } from './device-history'
import { createDeviceList } from './device-list'
import { createDeviceMeasuring } from './device-measuring'
import { planWeights } from './epoch-weights'
import { createEstimator } from './estimate'
import type { ExportTools } from './export-in-process'
import { createExports } from './exports'
import { createFolderWatch } from './folder-watch'
import { createGuard, guarded } from './guarded-calls'
import { createInterrupted } from './interrupted'
import { createLateMeasuring } from './late-measuring'
import { createLibrary } from './library'
import type { DrawFigure, MakeReport } from './report-in-process'
import { createReports, type StandingRun } from './reports'
import { summaryOf } from './run-file'
import { createRunMeasuring, keepQuality } from './run-measuring'
import { createSettingsStore } from './settings'
import { createStarting } from './starting'
import { createSupervisor, type Patience } from './supervisor'
import { createTestSets } from './test-sets'
import type { SpawnAnalysis, SpawnExport, SpawnTrainer } from './child-process'
import { createTrainings } from './trainings'
import { createUntrainedDigits } from './untrained-digits'
import { createFigurePdf } from './figures'
import { createUploads } from './uploads'
import { createReportVerifier, type VerifyReport } from './verify-report'
import { createViewCalls } from './view-calls'

export interface Lab extends LabService {
  /** Like `subscribe`, for the application itself: it counts as no view, and never stops. */
  follow(listener: LabListener): void
  /** Like the call `startRun`, with `folder` as the run folder; it must not exist yet, or be empty. */
  startRunAt(folder: string, experiment: Experiment, device: string | null): Promise<string>
  /** Lets runs that begin from now on have at most so many threads. */
  limitThreads(threads: number): void
  /** Fetches Fashion-MNIST from its publisher and adds it: for a user who has asked for that in so many words. Throws LabError. */
  downloadFashion(): Promise<AddedDataset>
  /** Makes a run folder outside the runs folder known; answers with the run's id. */
  adopt(folder: string): Promise<string>
  /** Writes report.pdf into the run folder and answers with its path. Throws LabError. */
  writeReport(id: string, options?: Partial<ReportOptions>): Promise<string>
  /** Makes the files of an export one after another. Throws as Exports.make. */
  exportTo(id: string, request: ExportRequest, tools: ExportTools): Promise<void>
  /** Whether report.pdf is of the run's last end, and not of one before. */
  isReported(id: string): boolean
  /** The folder of a run that a call has named. */
  folderOf(id: string): string
  /**
   * What nobody need ask for, of an application that stays: what was interrupted goes on, where the settings say so, and while there is a
   * view and nothing trains, the quality of runs that have ended without is measured.
   */
  workUnasked(): void
  /** Whether a run trains, or waits to. */
  hasActiveRun(): boolean
  /** Whether a report is being written now; `close` does not wait for it. */
  isWritingReport(): boolean
  /** Resolves when the run has ended, its report included; at once if nothing trains it. */
  whenEnded(id: string): Promise<RunFile>
  /** Stops training and ends the trainer. Complete epochs are kept. */
  close(): Promise<void>
}

export interface LabOptions {
  spawn: SpawnTrainer
  /** Absent where nothing can be analysed. */
  spawnAnalysis?: SpawnAnalysis
  /** Absent where nothing can be exported. */
  spawnExport?: SpawnExport
  paths: AppPaths
  log: Log
  /** Folder of MNIST's files; default: what comes with the application. */
  dataFolder?: string
  version?: string
  /** What the application runs on, for run.json and diagnostics. */
  versions?: Record<string, string>
  drawReport: MakeReport
  /** Absent where no figure can be drawn. */
  drawFigure?: DrawFigure
  /** When a silent trainer counts as hung. */
  patience?: Patience
  /** Between two looks for runs that are not measured. */
  lookMilliseconds?: number
}

/** Makes the lab. Reads and starts nothing before the first call. */
export function createLab(options: LabOptions): Lab {
  const { paths, log, version = packageVersion, drawReport } = options
  const versions = { 'bottleneck-lab': version, ...(options.versions ?? { node: process.versions.node }) }
  const reported = new Set<string>()
  const settings = createSettingsStore(paths.settings, log)
  let threads: number | undefined

  const emit: LabListener = (event, payload) => {
    const told = event === 'runChanged' ? library.withNotes(payload as RunSummary) : payload
    watch.note(event, told)
    audience.tell(event, told)
    if (event === 'runChanged') analyses.giveWay()
  }
  const runsFolder = () => (paths.runsFromEnvironment ? paths.runs : (settings.current().runsFolder ?? paths.runs))
  const datasets = createDatasets({
    home: paths.datasets,
    cache: paths.cache,
    mnistFolder: options.dataFolder,
    onProblem: (error) => log.warn(`A data set can’t be read: ${String(error)}`)
  })
  const { folderOf: dataFolder, infoOf } = datasets
  const supervisor = createSupervisor({
    spawn: options.spawn,
    ...(options.patience && { patience: options.patience }),
    onDeath: (error) => log.error(error.message),
    onLastWords: (stderr) => log.warn(`A trainer has ended; what it wrote last:\n${stderr}`)
  })
  /** In the settings; what the environment names is made, as a script expects. */
  const isRunsFolderChosen = () => !paths.runsFromEnvironment && settings.current().runsFolder !== null
  const library = createLibrary(runsFolder, log, isRunsFolderChosen)
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
    (event, payload) => audience.tell(event, payload)
  )
  const audience = createAudience((areThere) => {
    if (!areThere) watch.stop()
    else void settings.read().then(() => audience.hasViews() && watch.start())
  })
  const plannedWeights = (experiment: Experiment, info: DatasetInfo, folder: string) =>
    planWeights(experiment, info, settings.current(), folder)
  const estimator = createEstimator({
    async measure(experiment, device) {
      const measured = await supervisor.measure({ experiment, device, dataFolder: dataFolder(experiment.dataset) })
      if (isArticle(experiment) && !(await isBusy())) await devices.noteSpeed(device, measured.millisecondsPerStep)
      return measured
    },
    datasetOf: ({ dataset }) => datasets.known(dataset),
    planWeights: (experiment, info) => plannedWeights(experiment, info, runsFolder()),
    running: () => trainings.atWork()
  })

  const readTestSet = createTestSets({ load: datasets.loadTestSet, infoOf })
  const readProbes = async (dataset: string) => probesOf(await readTestSet(dataset))
  /** Of the data that the run was trained on. */
  const readProbesOf = async (run: Pick<RunFile, 'dataset' | 'experiment'>) => {
    await checkData(run, infoOf)
    return readProbes(run.experiment.dataset)
  }
  const readTestImages = async (dataset: string) => testImagesOf(await readTestSet(dataset))
  const reports = createReports({
    version,
    draw: drawReport,
    readProbes: readProbesOf,
    async readClaims(run) {
      const found = await analyses.stored(run, { kind: 'claims', epoch: null })
      return found?.kind === 'claims' ? found : null
    },
    find: (id) => library.find(id),
    computeBaseline: async (file) => (await computeBounds(file))?.pcaMse ?? null
  })
  const verify = createReportVerifier({ infoOf, computeBounds })
  const verifyReport: VerifyReport = (path) =>
    verify(path).catch((error: unknown) => Promise.reject(uploads.inSendersWords(error) as Error))

  /** Whether a run is trained, or waits to be, here or by another window or command: what is measured beside it would be wrong. */
  async function isBusy(): Promise<boolean> {
    if (trainings.all().length > 0) return true
    const runs = await library.list().catch(() => [])
    return runs.some(({ owner }) => owner !== null)
  }

  /** Null while a run trains, which needs the processor more, and where the data is gone. */
  async function computeBounds({ id, experiment, dataset }: RunFile): Promise<Bounds | null> {
    if (trainings.atWork() || (await dataProblemOf({ experiment, dataset }, infoOf))) return null
    const folders = { dataFolder: dataFolder(experiment.dataset), cacheFolder: paths.cache }
    try {
      return (await supervisor.baseline({ experiment, ...folders })).bounds
    } catch (error) {
      log.error(`What PCA reaches could not be computed for run ${id}`, error)
      return null
    }
  }

  async function reportAtEnd(run: ActiveRun): Promise<void> {
    const { file } = run
    estimator.learn(file)
    reported.delete(file.id)
    if (file.status === 'failed' || epochsDone(file) === 0) return
    await drawAndSave(run)
  }

  async function drawAndSave(run: StandingRun): Promise<void> {
    const { file } = run
    const written = reports.draw([run], settings.current().report).then((pdf) => reports.save(run.folder, pdf))
    await written.then(
      () => reported.add(file.id),
      (error: unknown) => log.error(`The report of run ${file.id} failed`, error)
    )
  }

  const starting = createStarting({
    ...{ library, trainings, devices, readTestSet, infoOf, versions },
    planWeights: plannedWeights
  })
  const analyses = createAnalyses({
    spawn: options.spawnAnalysis,
    cache: createAnalysisCache(paths.cache),
    dataFolder,
    emit,
    isTraining: () => trainings.all().length > 0,
    log
  })
  const exports = createExports({
    spawn: options.spawnExport,
    dataFolder,
    tell: (progress) => emit('exportProgress', progress),
    version,
    log
  })
  const interrupted = createInterrupted({ library, isActive: (id) => trainings.get(id) !== undefined, starting, log })
  const lateMeasuring = createLateMeasuring({
    library,
    measure: createRunMeasuring({ starting, supervisor, dataFolder, infoOf, cacheFolder: paths.cache }),
    async keep(run, quality) {
      const file = await keepQuality(run, quality)
      if (!file) return
      log.info(`The quality of run ${file.id} is measured`)
      emit('runChanged', summaryOf(file, file.status))
      void drawAndSave({ folder: run.folder, file, state: file.status })
    },
    isWatched: () => audience.hasViews(),
    isTraining: () => trainings.all().length > 0,
    log,
    lookMilliseconds: options.lookMilliseconds
  })
  const uploads = createUploads(paths.cache)
  const dataCalls = createDataCalls({ datasets, uploads, library, emit })
  const untrainedDigits = createUntrainedDigits(readProbesOf)
  const shared = {
    version,
    versions,
    paths,
    log,
    emit,
    settings,
    runsFolder,
    readTestSet,
    readProbes,
    readTestImages,
    untrainedDigits,
    infoOf,
    dataCalls
  }
  const parts = {
    library,
    trainings,
    starting,
    interrupted,
    lateMeasuring,
    devices,
    estimator,
    reports,
    figurePdf: createFigurePdf(uploads, options.drawFigure),
    analyses,
    exports,
    verifyReport,
    watch
  }
  const calls = createCalls({ ...shared, ...parts })
  const guard = createGuard(settings.read, log) // settings decide where runs are, so they are read before anything else
  const guardedCalls = guarded(calls, guard)
  return {
    calls: guardedCalls,
    openView: () => createViewCalls(guardedCalls),
    subscribe: (listener) => audience.subscribe(listener),
    follow: (listener) => audience.follow(listener),
    startRunAt: guard('startRunAt', (folder: string, experiment: Experiment, device: string | null) =>
      starting.start(experiment, device, folder)
    ),
    downloadFashion: guard('downloadFashion', () =>
      dataCalls.addDataset({ wellKnown: 'fashion-mnist', from: null, download: true })
    ),
    limitThreads: (most) => (threads = most),
    writeReport: guard('writeReport', async (id: string, options?: Partial<ReportOptions>) =>
      reports.save(library.folderOf(id), await calls.exportReport([id], options))
    ),
    exportTo: guard('exportTo', async (id: string, request: ExportRequest, tools: ExportTools) =>
      exports.make(await library.find(id), request, tools)
    ),
    adopt: guard('adopt', (folder: string) => library.adopt(folder)),
    isReported: (id) => reported.has(id),
    folderOf: (id) => library.folderOf(id),
    workUnasked() {
      lateMeasuring.start()
      void uploads.sweep()
      void settings.read().then(async () => {
        if (settings.current().continueInterrupted) await lateMeasuring.goFirst(() => interrupted.goOnByThemselves())
      })
    },
    hasActiveRun: () => trainings.all().length > 0,
    isWritingReport: () => reports.isWriting(),
    whenEnded: guard('whenEnded', async (id: string) => trainings.whenEnded(id) ?? (await library.find(id)).file),
    async close() {
      watch.stop()
      analyses.close()
      await lateMeasuring.close()
      await trainings.close()
      await supervisor.close()
      await library.emptyTrash()
      await uploads.close()
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
