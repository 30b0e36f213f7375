// Whether each part of a run is whole: what `lab check` says. Reads, and writes nothing.
import { join, sep } from 'node:path'
import type { ImportedRun } from '@shared/contract'
import { LabError, sentence, toLabErrorData } from '@shared/errors'
import { everyInWords, lostWeights } from '@shared/epoch-weights'
import { epochsOf, modelsOf } from '@shared/experiment'
import { formatCount, formatPlural } from '@shared/format'
import { MOST_REPORT_BYTES } from '@shared/report-check'
import { epochsDone, type KeptWeights, type RunFile } from '@shared/run'
import { checkNotCancelled, quietly, type ReadTools } from '../data/readers/read-images'
import { exists } from '../system/exists'
import { checkFile } from '../report/read-report'
import { isReadFailure, readRegularFile } from '../system/regular-file'
import { checkCheckpoint, checkPrevious } from './check-checkpoints'
import { DIGITS_FILE } from '../trainer/kept-digits'
import { readWeights, WEIGHTS_FILE } from '../trainer/weights-file'
import { readDigits } from './digits-file'
import { readNotes } from './notes-file'
import { readProvedRunFile, runFolderFiles } from './run-folder'

export interface CheckedPart {
  /** The file's name. */
  part: string
  /** Null where it can't be known: without run.json, or where the disk or a right keeps it from being read. */
  whole: boolean | null
  /** In words: what is there, or what is wrong. */
  detail: string
}

/** What of it is not whole, as an import tells it. */
export function problemsOf(parts: readonly CheckedPart[]): ImportedRun['problems'] {
  return parts.filter(({ whole }) => whole !== true).map(({ part, detail }) => ({ part, detail }))
}

/** Checks the files of the run in `folder`, those that are there or should be, one entry each; counts epochs of digits and of weights. */
export async function checkRun(folder: string, tools: ReadTools = quietly): Promise<CheckedPart[]> {
  const files = runFolderFiles(folder)
  const read = await readProvedRunFile(folder).catch((error: unknown) => ({ error }))
  const file = 'file' in read ? read.file : null
  const step = file ? counted(stepsOf(file), tools) : () => undefined
  const known = (check: (file: RunFile) => Promise<string>) => (file ? outcome(() => check(file)) : unknown)
  const parts: [path: string, result: Promise<Outcome> | Outcome][] = [
    [files.run, 'file' in read ? whole(runInWords(read)) : unread(read.error)],
    [files.checkpoint, known((of) => checkCheckpoint(files, of))]
  ]
  if (await exists(files.previousCheckpoint))
    parts.push([files.previousCheckpoint, known((of) => checkPrevious(files.previousCheckpoint, of))])
  parts.push([files.digits, known((of) => checkDigits(folder, of, step))])
  if (file?.weights) parts.push([files.weights, known((of) => checkWeights(files.weights, of, step))])
  if (await exists(files.report)) parts.push([files.report, outcome(() => checkReport(files.report))])
  if (await exists(files.notes)) parts.push([files.notes, outcome(() => checkNotes(folder))])
  const inFolder = (text: string) => text.replaceAll(join(folder, sep), '') // a table has no room for it in each row
  return Promise.all(
    parts.map(async ([path, result]) => {
      const { whole, detail } = await result
      return { part: inFolder(path), whole, detail: inFolder(detail) }
    })
  )
}

/** Epochs whose digits and weights are looked at. */
function stepsOf(file: RunFile): number {
  return epochsDone(file) + (file.weights?.sha256.filter((digest) => digest !== null).length ?? 0)
}

/** Tells one step more at each call, and throws once it was given up. */
function counted(total: number, { signal, onProgress }: ReadTools): () => void {
  let done = 0
  return () => {
    checkNotCancelled(signal)
    onProgress(++done, total)
  }
}

type Outcome = Pick<CheckedPart, 'whole' | 'detail'>

const whole = (detail: string): Outcome => ({ whole: true, detail })
const unknown: Outcome = { whole: null, detail: 'can’t be checked without run.json' }

/** What `check` says of a part that is whole, or why it is not. */
function outcome(check: () => Promise<string>): Promise<Outcome> {
  return check().then(whole, notWhole)
}

/** What the disk or a right kept from being read may be whole. */
function notWhole(error: unknown): Outcome {
  const isUnread = error instanceof LabError && isReadFailure(error)
  return { whole: isUnread ? null : false, detail: sentence(toLabErrorData(error)) }
}

function unread(error: unknown): Outcome {
  const isMissing = error instanceof LabError && error.kind === 'not-found'
  return isMissing ? { whole: false, detail: 'missing' } : notWhole(error)
}

function runInWords({ file, isProved }: { file: RunFile; isProved: boolean }): string {
  const epochs = `${formatCount(epochsDone(file))} of ${formatPlural(epochsOf(file.experiment), 'epoch')}`
  return isProved ? epochs : `${epochs}; an older version wrote it, without a digest that proves it`
}

/** Throws LabError where the digits of an epoch are missing, or are not what the run wrote. */
async function checkDigits(folder: string, file: RunFile, step: () => void): Promise<string> {
  const done = epochsDone(file)
  for (let epoch = 1; epoch <= done; epoch++) {
    step()
    if ((await readDigits(folder, file, epoch, epoch)).epochs > 0) continue
    throw await missingDigits(runFolderFiles(folder).digits, epoch - 1, done)
  }
  const proved = file.digitsSha256?.slice(0, done).filter((digest) => digest !== null).length ?? 0
  const epochs = formatPlural(done, 'epoch')
  return proved === done ? epochs : `${epochs}, ${formatCount(done - proved)} of them without a digest that proves them`
}

/** Throws LabError where the weights of a kept epoch are missing, or are not what the run wrote. */
async function checkWeights(folder: string, file: RunFile, step: () => void): Promise<string> {
  const { every, sha256, problem } = file.weights as KeptWeights
  const models = modelsOf(file.experiment, file.dataset.rows * file.dataset.columns)
  const kept = sha256
    .slice(0, epochsDone(file))
    .flatMap((digest, index) => (digest ? [{ digest, epoch: index + 1 }] : []))
  const lost = lostWeights(file)
  const damaged: { epoch: number; error: unknown }[] = []
  for (const { digest, epoch } of kept) {
    step()
    await readWeights({ folder, epoch }, models, digest).catch((error: unknown) => damaged.push({ epoch, error }))
  }
  if (damaged.length > 0) throw damagedWeights(damaged)
  const count = `${formatPlural(kept.length, 'epoch')}, float16, of ${everyInWords(every, epochsOf(file.experiment))}`
  return lost === 0
    ? count
    : `${count}; those of ${formatCount(lost)} more could not be written. ${problem ?? ''}`.trim()
}

/** The first error; where there are more, with which epochs it costs. */
function damagedWeights(damaged: readonly { epoch: number; error: unknown }[]): unknown {
  const first = damaged[0]?.error
  if (damaged.length === 1 || !(first instanceof LabError) || isReadFailure(first)) return first
  const epochs = damaged.slice(0, MOST_NAMED).map(({ epoch }) => formatCount(epoch))
  const more = damaged.length > MOST_NAMED ? ` and ${formatCount(damaged.length - MOST_NAMED)} more` : ''
  const remedy = `${WEIGHTS_FILE.remedy}. So it is with epochs ${epochs.join(', ')}${more}`
  return LabError.from({ ...first.data, remedy })
}

const MOST_NAMED = 10

async function missingDigits(path: string, epochs: number, done: number): Promise<LabError> {
  const { what, remedy = '' } = DIGITS_FILE
  if (!(await exists(path))) return new LabError('bad-file', `${what} ${path} is missing`, { remedy })
  const facts = { found: formatPlural(epochs, 'epoch'), expected: formatCount(done) }
  return new LabError('bad-file', `${what} ${path} is too short`, { ...facts, remedy })
}

async function checkNotes(folder: string): Promise<string> {
  const { tags, note } = await readNotes(folder)
  return `${formatPlural(tags.length, 'tag')}${note ? ' and a note' : ''}; it has no digest`
}

/** By its digest. Throws LabError where it was changed, or is no PDF; one of an older version bears no digest. */
async function checkReport(path: string): Promise<string> {
  const file = await readRegularFile(path, MOST_REPORT_BYTES, { what: 'The report' })
  const report = checkFile(file)
  if (report === 'agrees') return 'as it was written'
  if (report === 'no-digests') return 'begins and ends as a PDF does; it has no digest'
  const problem = report === 'changed' ? 'was changed since it was written' : 'is cut or no PDF'
  throw new LabError('bad-file', `The report ${path} ${problem}`, { remedy: 'Write it again' })
}
