// Follows a run from its start to its end: progress, Ctrl-C, and what is printed when it has ended.
import { access } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { LabEvents } from '@shared/contract'
import { exitCode, sentence, type LabErrorData } from '@shared/errors'
import type { Experiment } from '@shared/experiment'
import { formatDuration } from '@shared/format'
import { epochsDone, type RunFile } from '@shared/run'
import type { Lab } from '../lab/lab'
import type { CliHost } from './host'
import { progressReporter, writeJsonLine, type ProgressReporter } from './progress'
import { finishedLine, resultTable } from './run-result'

const INTERRUPTED = 130 // 128 + SIGINT, as shells count

type EventHandler = (payload: unknown) => void

export interface Task {
  host: CliHost
  lab: Lab
  experiment: Experiment
  json: boolean
  /** A new run that fails over bad input before its first epoch leaves nothing behind. */
  isNew: boolean
  /** Starts the run and answers with its id. */
  start(): Promise<string>
}

/** Trains until the run has finished, failed or was interrupted. Answers with the exit code; throws LabError if it can't start. */
export async function train(task: Task): Promise<number> {
  const file = await follow(task)
  if (file.status === 'failed' && file.error !== null) return fail(task, file, file.error)
  await printResult(task, file)
  return file.status === 'finished' ? 0 : INTERRUPTED
}

async function follow({ host, lab, experiment, json, start }: Task): Promise<RunFile> {
  const reporter = progressReporter(host, experiment, json)
  // This process trains no other run: every event is about this one.
  const handlers: Partial<LabEvents> = {
    stepProgress: (progress) => reporter.stepProgress(progress),
    epochEnded: (epoch) => reporter.epochEnded(epoch)
  }
  const unsubscribe = lab.subscribe((event, payload) => (handlers[event] as EventHandler | undefined)?.(payload))
  const started = start()
  const release = stopOnInterrupt(host, lab, reporter, started)
  try {
    return await lab.whenEnded(await started)
  } finally {
    release()
    unsubscribe()
    reporter.close()
  }
}

/** The first Ctrl-C stops the run at its next batch, the second ends the process. */
function stopOnInterrupt(host: CliHost, lab: Lab, reporter: ProgressReporter, started: Promise<string>): () => void {
  let interrupts = 0
  return host.onInterrupt(() => {
    interrupts += 1
    if (interrupts > 1) return host.endNow(INTERRUPTED)
    reporter.note('Stopping at the next batch; complete epochs are kept. Ctrl-C again ends at once')
    const stopped = started.then((id) => lab.calls.stopRun(id))
    stopped.catch(() => undefined) // it could not start, or has ended meanwhile: the run's own end tells
  })
}

async function fail({ host, lab, json, isNew }: Task, file: RunFile, error: LabErrorData): Promise<number> {
  const code = exitCode(error.kind)
  const nothingTrained = isNew && epochsDone(file) === 0
  if (code === 2 && nothingTrained) await lab.calls.deleteRun(file.id)
  host.stderr.write(`${sentence(error)}\n`)
  if (!nothingTrained && !json) host.stdout.write(`run folder  ${lab.folderOf(file.id)}\n`)
  if (json) writeJsonLine(host.stdout, { event: 'error', ...error })
  return code
}

async function printResult({ host, lab, json }: Task, file: RunFile): Promise<void> {
  const folder = lab.folderOf(file.id)
  const report = join(folder, 'report.pdf')
  // The lab has written the report of a finished run; that of a stopped one may be older than its last epoch.
  const written = file.status === 'finished' && (await exists(report))
  if (!written && epochsDone(file) > 0) await lab.calls.exportReport(file.id)
  if (json) return writeJsonLine(host.stdout, finishedLine(file, folder))
  const done = `${epochsDone(file)} of ${file.experiment.epochs} epochs`
  host.stdout.write(`\n${resultTable(file)}\n${file.status}: ${done} in ${formatDuration(file.seconds)}\n`)
  host.stdout.write(`run folder  ${folder}\n`)
  if (epochsDone(file) > 0) host.stdout.write(`report      ${report}\n`)
  if (file.status === 'stopped') host.stdout.write(`go on with  lab continue ${nameOf(file, folder)}\n`)
}

/** RUN for the next command: a folder elsewhere is not found by its id. */
const nameOf = (file: RunFile, folder: string) => (basename(folder) === file.id ? file.id : folder)

const exists = (path: string) =>
  access(path).then(
    () => true,
    () => false
  )
