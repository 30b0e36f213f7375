// Follows a run from its start to its end: progress, Ctrl-C, and what is printed when it has ended.
import { basename, join } from 'node:path'
import type { LabEvents } from '@shared/contract'
import { deviceLine, hasJustMoved } from '@shared/devices'
import { weightsInWords } from '@shared/epoch-weights'
import { exitCode, toLabErrorData, type LabErrorData } from '@shared/errors'
import { epochsOf, type Experiment } from '@shared/experiment'
import { formatDuration } from '@shared/format'
import { plainText } from '@shared/plain-text'
import { areAllTrained, epochsDone, isUnmeasured, type RunFile, type RunSummary } from '@shared/run'
import type { Lab } from '../lab/lab'
import { INTERRUPTED } from './cancellable'
import type { CliHost } from './host'
import { progressReporter, writeJsonLine, type ProgressReporter } from './progress'
import { finishedLine, resultTable } from './run-result'
import { errorLine } from './usage-error'

const FAILED = 1
const START_MILLISECONDS = 5_000 // an interrupted start may come to its end, but not take long

const STOPPING =
  'Stopping at the next batch; complete epochs are kept, and where there are any, measured and reported before the end. ' +
  'Ctrl-C again ends at once'

type EventHandler = (payload: unknown) => void

export interface Task {
  host: CliHost
  lab: Lab
  experiment: Experiment
  json: boolean
  /** Complete epochs before this command; null: a new run, which leaves nothing behind if it fails over bad input before its first epoch. */
  epochsBefore: number | null
  /** Starts the run and answers with its id. */
  start(): Promise<string>
  /** What is said at the first Ctrl-C; absent: that complete epochs are kept. */
  stopping?: string
}

/** Trains until the run has finished, failed or was interrupted. Answers with the exit code; throws LabError if it can't start. */
export async function train(task: Task): Promise<number> {
  const file = await follow(task)
  if (file.status === 'failed' && file.error !== null) return fail(task, file, file.error)
  if (file.error !== null) task.host.stderr.write(`The quality could not be measured. ${errorLine(file.error)}\n`)
  const reportError = await writeMissingReport(task.lab, file)
  printResult(task, file, reportError)
  if (reportError !== null) return FAILED
  return file.status === 'finished' ? 0 : INTERRUPTED
}

/** Shows the training until it has ended; answers with the run then. Throws LabError if it can't start. */
export async function follow(task: Task): Promise<RunFile> {
  const { host, lab, experiment, json, start, stopping = STOPPING } = task
  const reporter = progressReporter(host, experiment, json)
  const noteDevice = deviceNotes(task, reporter)
  const noteEnd = endNote(reporter)
  const own = { id: '' } // the lab has events of other processes' runs too
  const handlers: Partial<LabEvents> = {
    runChanged: (run) => {
      if (run.id !== own.id) return
      noteDevice(run).catch(() => undefined) // its folder has gone: the run's end says so
      noteEnd(run)
    },
    stepProgress: (progress) => progress.id === own.id && reporter.stepProgress(progress),
    epochEnded: (epoch) => epoch.id === own.id && reporter.epochEnded(epoch)
  }
  const unsubscribe = lab.subscribe((event, payload) => (handlers[event] as EventHandler | undefined)?.(payload))
  const started = start().then((id) => (own.id = id))
  const release = stopOnInterrupt({ host, lab, reporter, started, stopping })
  try {
    return await lab.whenEnded(await started)
  } finally {
    release()
    unsubscribe()
    reporter.close()
  }
}

/** Says where a run trains once it does, and when it goes on elsewhere. With `--json` only the latter, as a warning: `finished` has the rest. */
function deviceNotes({ host, lab, json }: Task, reporter: ProgressReporter) {
  let noted = ''
  return async ({ id, state, device }: RunSummary): Promise<void> => {
    if (noted === device) return
    const { file } = await lab.calls.openRun(id)
    const moved = hasJustMoved(file)
    if (file.device === noted || state !== 'running' || areAllTrained(file)) return
    noted = file.device
    const line = plainText(deviceLine(file))
    if (!json) reporter.note(line)
    else if (moved) host.stderr.write(`${line}\n`)
  }
}

/** Says once what is still to come when all epochs are trained. */
function endNote(reporter: ProgressReporter) {
  let noted = false
  return ({ state }: RunSummary): void => {
    if (state !== 'finishing' || noted) return
    noted = true
    reporter.note('All epochs are trained. Measuring PSNR and SSIM, and PCA to compare with, then writing the report …')
  }
}

interface Stoppable {
  host: CliHost
  lab: Lab
  reporter: ProgressReporter
  started: Promise<string>
  stopping: string
}

/** The first Ctrl-C stops the run at its next batch, the second ends the process; so does the first where the run does not start. */
function stopOnInterrupt({ host, lab, reporter, started, stopping }: Stoppable): () => void {
  let interrupts = 0
  const endAtOnce = () => {
    reporter.note('Ended without waiting')
    reporter.close() // else the shell goes on in the line of the bar
    host.endNow(INTERRUPTED)
  }
  return host.onInterrupt(() => {
    interrupts += 1
    if (interrupts > 1) return endAtOnce()
    reporter.note(stopping)
    const tooLate = setTimeout(endAtOnce, START_MILLISECONDS)
    const stopped = started.finally(() => clearTimeout(tooLate)).then((id) => lab.calls.stopRun(id))
    stopped.catch(() => undefined) // it could not start, or has ended meanwhile: the run's own end says so
  })
}

async function fail({ host, lab, json, epochsBefore }: Task, file: RunFile, error: LabErrorData): Promise<number> {
  const hasTrained = epochsDone(file) > (epochsBefore ?? 0)
  const code = hasTrained ? FAILED : exitCode(error.kind)
  const folder = lab.folderOf(file.id)
  const isKept = epochsBefore !== null || code === FAILED
  host.stderr.write(`${errorLine(error)}\n`)
  if (!isKept) await lab.calls.deleteRun(file.id).catch(() => undefined) // it may have gone, and be why the run failed
  if (isKept && json) writeJsonLine(host.stdout, finishedLine(file, folder, error))
  if (isKept && !json) host.stdout.write(`run folder  ${plainText(folder)}\n`)
  return code
}

/** The lab writes a report when a run ends, and only logs a failure to. Answers with why it can't be written, or null. */
async function writeMissingReport(lab: Lab, file: RunFile): Promise<LabErrorData | null> {
  if (epochsDone(file) === 0 || lab.isReported(file.id)) return null
  return lab.writeReport(file.id).then(
    () => null,
    (error: unknown) => toLabErrorData(error)
  )
}

function printResult({ host, lab, json }: Task, file: RunFile, reportError: LabErrorData | null): void {
  const folder = lab.folderOf(file.id)
  if (reportError !== null) host.stderr.write(`${errorLine(reportError)}\n`)
  if (json) return writeJsonLine(host.stdout, finishedLine(file, folder, reportError ?? file.error))
  const done = `${epochsDone(file)} of ${epochsOf(file.experiment)} epochs`
  host.stdout.write(`\n${resultTable(file)}\n${file.status}: ${done} in ${formatDuration(file.seconds)}\n`)
  const weights = weightsInWords(file)
  if (weights !== '') host.stdout.write(`weights     ${weights}\n`)
  host.stdout.write(`run folder  ${plainText(folder)}\n`)
  if (reportError === null && epochsDone(file) > 0) host.stdout.write(`report      ${plainText(reportIn(folder))}\n`)
  const next = file.status === 'stopped' ? 'go on with ' : isUnmeasured(file) ? 'measure with' : null
  if (next !== null) host.stdout.write(`${next} ${host.program} continue ${plainText(nameOf(file, folder))}\n`)
}

const reportIn = (folder: string) => join(folder, 'report.pdf')

/** RUN for the next command: a folder elsewhere is not found by its id. */
const nameOf = (file: RunFile, folder: string) => (basename(folder) === file.id ? file.id : folder)
