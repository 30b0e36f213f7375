// Exports of runs for other tools: what there is, and the files themselves, made in a process of its own. Changes nothing of the run.
import type { ExportedFile, ExportChoices, ExportProgress, ExportRequest } from '@shared/exports'
import { LabError } from '@shared/errors'
import { modelIdsOf } from '@shared/experiment'
import { formatBytes } from '@shared/format'
import { createLimit } from '@shared/limit'
import { epochsDone, type RunFile } from '@shared/run'
import type { ReadTools } from '../data/readers/read-images'
import type { ExportJob } from '../export/messages'
import { exportFormats, modelStem, plannedFiles, stemOf } from '../export/registry'
import { zipOf } from '../system/zip'
import type { Log } from '../system/log'
import { createCancellableWork, type CancellableWork } from './cancellable-work'
import type { SpawnExport } from './child-process'
import { exportInProcess, type ExportTools } from './export-in-process'
import { lossesOf } from './run-file'
import { runFolderFiles } from './run-folder'
import type { StoredRun } from './stored-run'

type ExportedRun = Pick<StoredRun, 'folder' | 'file'>

export interface Exports {
  /** Formats and models, with the files that each makes. */
  choices(file: RunFile): ExportChoices
  /**
   * Makes the files one after another, as ExportTools has it. Throws LabError `bad-value` for a format or model that there is none of,
   * `not-found` before the first epoch, what `take` throws, and an error of any kind once it was given up.
   */
  make(run: ExportedRun, request: ExportRequest, tools: ExportTools): Promise<void>
  /**
   * The same as one file, a ZIP where there are several; `tell` hears how far it is. Throws `bad-value` too where they are more than a page
   * should hold, `busy` while the run is exported already and once it was given up.
   */
  makeOne(run: ExportedRun, request: ExportRequest): Promise<ExportedFile>
  /** Gives up what makeOne makes of the run. */
  cancel(id: string): void
}

export interface ExportsOptions {
  /** Absent where there is no entry to start. */
  spawn: SpawnExport | undefined
  dataFolder(dataset: string): string
  /** At most five times a second for an export. */
  tell(progress: ExportProgress): void
  version: string
  log: Log
}

/** The formats there are, as the command line names them. */
export const exportKeys: readonly string[] = exportFormats.map(({ key }) => key)

const MADE_AT_ONCE = 1
const MOST_BYTES_FOR_A_PAGE = 190_000_000 // a window saves no more at once

export function createExports({ spawn, dataFolder, tell, version, log }: ExportsOptions): Exports {
  const limited = createLimit({ atOnce: MADE_AT_ONCE })
  const underWay = new Map<string, CancellableWork>()

  function jobOf({ folder, file }: ExportedRun, { formats, models }: ExportRequest): ExportJob {
    checkFormats(formats)
    const indices = indicesOf(file, models)
    const isOfModels = exportFormats.some(({ key, of }) => of === 'model' && formats.includes(key))
    if (isOfModels && epochsDone(file) === 0) {
      throw new LabError('not-found', 'The run has no complete epoch yet whose models could be exported')
    }
    const { checkpoint, digits } = runFolderFiles(folder)
    const job = { file, formats, models: indices, checkpoint, digits, recorded: lossesOf(file), version }
    return { ...job, dataFolder: dataFolder(file.experiment.dataset) }
  }

  async function make(run: ExportedRun, request: ExportRequest, tools: ExportTools): Promise<void> {
    const job = jobOf(run, request)
    await limited(() => exportInProcess(spawn, job, tools, log))
  }

  async function asOne(run: ExportedRun, request: ExportRequest, tools: ReadTools): Promise<ExportedFile> {
    const files: ExportedFile[] = []
    let bytes = 0
    const take = (file: ExportedFile) => {
      bytes += file.content.byteLength
      if (bytes > MOST_BYTES_FOR_A_PAGE) throw tooMuch()
      files.push(file)
    }
    await Promise.race([make(run, request, { ...tools, take }), whenGivenUp(tools.signal)]) // also while it waits for its turn
    const [first] = files
    if (first && files.length === 1) return first
    return { name: `${stemOf(run.file)}-export.zip`, content: zipOf(files) }
  }

  return {
    choices: (file) => {
      const ids = modelIdsOf(file.experiment)
      return {
        models: ids,
        formats: exportFormats.map(({ names, loads, ...format }) => {
          const stems = format.of === 'run' ? [stemOf(file)] : ids.map((id) => modelStem(file, id))
          return { ...format, made: stems.map((stem) => ({ files: names(stem, file), loads: loads(stem) })) }
        })
      }
    },
    make,
    async makeOne(run, request) {
      const { file } = run
      checkFormats(request.formats)
      const names = plannedFiles(file, request.formats, indicesOf(file, request.models)).flatMap((one) => one.names)
      if (underWay.has(file.id)) throw busy()
      const work = createCancellableWork({
        tell: ({ done, total }) => tell({ id: file.id, done, total, name: names[done] ?? '' }),
        busy,
        cancelled: () => new LabError('busy', 'The export was cancelled')
      })
      underWay.set(file.id, work)
      return work.run((tools) => asOne(run, request, tools)).finally(() => underWay.delete(file.id))
    },
    cancel: (id) => underWay.get(id)?.cancel()
  }
}

const whenGivenUp = (signal: AbortSignal) =>
  new Promise<never>((_, reject) => signal.addEventListener('abort', () => reject(new Error('given up'))))

/** Where the models stand among the run's; null: all. Throws LabError `bad-value` for an id that no model has. */
function indicesOf({ experiment }: RunFile, models: ExportRequest['models']): number[] {
  const ids = modelIdsOf(experiment)
  return models === null ? ids.map((_, index) => index) : models.map((id) => indexOf(ids, id))
}

/** Throws LabError `bad-value` for a key that no format has. */
function checkFormats(formats: readonly string[]): void {
  const unknown = formats.find((key) => !exportKeys.includes(key))
  if (unknown === undefined) return
  throw new LabError('bad-value', 'There is no such format', {
    found: unknown,
    expected: `some of ${exportKeys.join(', ')}`
  })
}

function indexOf(ids: readonly string[], id: string): number {
  const index = ids.indexOf(id)
  if (index >= 0) return index
  throw new LabError('bad-value', 'The run has no such model', { found: id, expected: `one of ${ids.join(', ')}` })
}

const busy = () =>
  new LabError('busy', 'The run is being exported already', { remedy: 'Wait for its end, or cancel it' })

const tooMuch = () =>
  new LabError('bad-value', 'So much can’t be exported at once from here', {
    expected: `at most ${formatBytes(MOST_BYTES_FOR_A_PAGE)}`,
    remedy: 'Choose fewer models or formats, or use the command export'
  })
