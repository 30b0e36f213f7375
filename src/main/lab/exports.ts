// Exports of runs for other tools: what there is, and the files themselves, made in a process of its own. Changes nothing of the run.
import type { ExportedFile, ExportChoices, ExportRequest } from '@shared/exports'
import { LabError } from '@shared/errors'
import { modelIdsOf } from '@shared/experiment'
import { formatBytes } from '@shared/format'
import { createLimit } from '@shared/limit'
import { epochsDone, type RunFile } from '@shared/run'
import type { ExportJob } from '../export/messages'
import { exportFormats, modelStem, stemOf } from '../export/registry'
import { zipOf } from '../export/zip'
import type { Log } from '../system/log'
import type { SpawnExport } from './child-process'
import { lossesOf } from './run-file'
import { runFolderFiles } from './run-folder'
import type { StoredRun } from './stored-run'

type ExportedRun = Pick<StoredRun, 'folder' | 'file'>
type TakeFile = (file: ExportedFile) => unknown

export interface Exports {
  /** Formats and models, with the files that each makes. */
  choices(file: RunFile): ExportChoices
  /**
   * Makes the files one after another; the next one when `take` has taken the last. Throws LabError `bad-value` for a format or model
   * that there is none of, `not-found` before the first epoch, and what `take` throws.
   */
  make(run: ExportedRun, request: ExportRequest, take: TakeFile): Promise<void>
  /** The same as one file, a ZIP where there are several. Throws `bad-value` too where they are more than a page should hold. */
  makeOne(run: ExportedRun, request: ExportRequest): Promise<ExportedFile>
}

export interface ExportsOptions {
  /** Absent where there is no entry to start. */
  spawn: SpawnExport | undefined
  dataFolder(dataset: string): string
  version: string
  log: Log
}

/** The formats there are, as the command line names them. */
export const exportKeys: readonly string[] = exportFormats.map(({ key }) => key)

const MADE_AT_ONCE = 1
const MOST_BYTES_FOR_A_PAGE = 190_000_000 // a window saves no more at once

export function createExports({ spawn, dataFolder, version, log }: ExportsOptions): Exports {
  const limited = createLimit({ atOnce: MADE_AT_ONCE })

  function jobOf({ folder, file }: ExportedRun, { formats, models }: ExportRequest): ExportJob {
    checkFormats(formats)
    const ids = modelIdsOf(file.experiment)
    const indices = models === null ? ids.map((_, index) => index) : models.map((id) => indexOf(ids, id))
    const isOfModels = exportFormats.some(({ key, of }) => of === 'model' && formats.includes(key))
    if (isOfModels && epochsDone(file) === 0) {
      throw new LabError('not-found', 'The run has no complete epoch yet whose models could be exported')
    }
    const { checkpoint } = runFolderFiles(folder)
    const job = { file, formats, models: indices, checkpoint, recorded: lossesOf(file), version }
    return { ...job, dataFolder: dataFolder(file.experiment.dataset) }
  }

  async function make(run: ExportedRun, request: ExportRequest, take: TakeFile): Promise<void> {
    const job = jobOf(run, request)
    await limited(() => inProcess(spawn, job, take, log))
  }

  return {
    choices: (file) => {
      const ids = modelIdsOf(file.experiment)
      return {
        models: ids,
        formats: exportFormats.map(({ key, label, writes, of, names, loads }) => {
          const stems = of === 'run' ? [stemOf(file)] : ids.map((id) => modelStem(file, id))
          return {
            key,
            label,
            writes,
            of,
            made: stems.map((stem) => ({ files: names(stem, file), loads: loads(stem) }))
          }
        })
      }
    },
    make,
    async makeOne(run, request) {
      const files: ExportedFile[] = []
      let bytes = 0
      await make(run, request, (file) => {
        bytes += file.content.byteLength
        if (bytes > MOST_BYTES_FOR_A_PAGE) throw tooMuch()
        files.push(file)
      })
      const [first] = files
      if (first && files.length === 1) return first
      return { name: `${stemOf(run.file)}-export.zip`, content: zipOf(files) }
    }
  }
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

function inProcess(spawn: SpawnExport | undefined, job: ExportJob, take: TakeFile, log: Log): Promise<void> {
  if (!spawn) throw new LabError('not-supported', 'Nothing can be exported here')
  const process = spawn()
  const work = new Promise<void>((resolve, reject) => {
    process.onEvent((event) => {
      if (event.type === 'done') resolve()
      else if (event.type === 'failed') reject(LabError.from(event.error))
      else {
        const { name, content } = event
        Promise.resolve({ name, content })
          .then(take)
          .then(() => process.send({ type: 'next' }), reject)
      }
    })
    process.onExit(({ stderr, lastWords }) => {
      if (stderr) log.warn(`An export has ended; what it wrote last:\n${stderr}`)
      reject(new LabError('internal', 'The export has ended before it was done', { found: lastWords ?? stderr }))
    })
  })
  process.send({ type: 'export', job })
  return work.finally(() => process.kill())
}

const tooMuch = () =>
  new LabError('bad-value', 'So much can’t be exported at once from here', {
    expected: `at most ${formatBytes(MOST_BYTES_FOR_A_PAGE)}`,
    remedy: 'Choose fewer models or formats, or use the command export'
  })
