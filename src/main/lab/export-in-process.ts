// One export in a process of its own: file by file, until all are made or it is given up.
import type { ExportedFile } from '@shared/exports'
import { LabError } from '@shared/errors'
import { checkNotCancelled, type ReadTools } from '../data/readers/read-images'
import type { ExportJob } from '../export/messages'
import { plannedFiles } from '../export/registry'
import type { Log } from '../system/log'
import type { SpawnExport } from './child-process'

/** `onProgress` counts files, before the first too. */
export interface ExportTools extends ReadTools {
  /** The next file is made when this one was taken. */
  take(file: ExportedFile): unknown
}

/**
 * Resolves when all files were taken. Rejects with a LabError, with what `take` throws, and once it was given up: the process is ended and
 * nothing is being taken then.
 */
export async function exportInProcess(
  spawn: SpawnExport | undefined,
  job: ExportJob,
  { take, onProgress, signal }: ExportTools,
  log: Log
): Promise<void> {
  if (!spawn) throw new LabError('not-supported', 'Nothing can be exported here')
  checkNotCancelled(signal)
  const total = plannedFiles(job.file, job.formats, job.models).flatMap(({ names }) => names).length
  let done = 0
  let taking: Promise<unknown> = Promise.resolve()
  const process = spawn()
  const takeNext = async (file: ExportedFile) => {
    await take(file)
    done += 1
    if (signal.aborted) return
    onProgress(done, total)
    process.send({ type: 'next' })
  }
  const work = new Promise<void>((resolve, reject) => {
    const giveUp = () => reject(new LabError('busy', 'The export was cancelled'))
    signal.addEventListener('abort', giveUp)
    process.onEvent((event) => {
      if (event.type === 'done') resolve()
      else if (event.type === 'failed') reject(LabError.from(event.error))
      else {
        taking = takeNext({ name: event.name, content: event.content })
        taking.catch(reject)
      }
    })
    process.onExit(({ stderr, lastWords }) => {
      if (stderr) log.warn(`An export has ended; what it wrote last:\n${stderr}`)
      reject(new LabError('internal', 'The export has ended before it was done', { found: lastWords ?? stderr }))
    })
  })
  onProgress(done, total)
  process.send({ type: 'export', job })
  return work.finally(async () => {
    process.kill()
    await taking.catch(() => undefined)
  })
}
