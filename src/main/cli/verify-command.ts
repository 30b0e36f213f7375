// `lab verify FILE.pdf`: whether a report is as it was written, and what it reports. Writes nothing that stays.
import { rmSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { epochsOf } from '@shared/experiment'
import { formatCount, formatPlural } from '@shared/format'
import { plainText } from '@shared/plain-text'
import { NO_SIGNATURE, stateWords, type CheckedRun, type ReportCheck, type ReportPartCheck } from '@shared/report-check'
import { epochsDone } from '@shared/run'
import { repetitionInWords } from '../lab/compare-runs'
import type { Lab } from '../lab/lab'
import { INTERRUPTED } from './cancellable'
import type { DeviceChoice } from './chosen-device'
import type { CliHost } from './host'
import { writeJsonLine } from './progress'
import { retrain } from './retrain'
import { resultTable } from './run-result'
import { formatTable, type Column } from './table'
import { unusable } from './usage-error'
import { withLab } from './with-lab'

export interface VerifyOptions extends DeviceChoice {
  retrain?: true
  json?: true
}

const DIFFERS = 1

/** Answers with the exit code: 0 if all agrees, 1 if anything differs (between devices and versions: by more than rounding explains), 130 if the training was given up. Throws LabError where the file is no report. */
export async function verify(host: CliHost, path: string, options: VerifyOptions): Promise<number> {
  if (options.device !== undefined && !options.retrain)
    throw unusable('--device', options.device, 'it beside --retrain')
  return withLab(host, async (lab) => {
    const check = await lab.calls.verifyReport(resolve(path))
    if (options.json) writeJsonLine(host.stdout, asJson(check))
    else write(host, check)
    const code = check.verdict === 'unchanged' ? 0 : DIFFERS
    return options.retrain ? (await retrainAll(host, lab, check, options)) || code : code
  })
}

/** Trains one run after another; answers with the exit code. */
async function retrainAll(host: CliHost, lab: Lab, check: ReportCheck, choice: VerifyOptions): Promise<number> {
  const json = choice.json === true
  let code = 0
  for (const run of check.runs) {
    const folder = await mkdtemp(join(tmpdir(), 'bottleneck-lab-verify-'))
    const removeNow = () => rmSync(folder, { recursive: true, force: true })
    process.once('exit', removeNow) // at a second Ctrl-C
    try {
      const found = await retrain(run, { host, lab, folder, choice, json })
      if (found === null) return INTERRUPTED
      const { name } = run.file.experiment
      if (json) writeJsonLine(host.stdout, { event: 'retrained', id: run.file.id, name, ...found })
      else host.stdout.write(`\n${plainText(name)}\n${plainText(repetitionInWords(found, found.device))}\n`)
      if (!found.agrees) code = DIFFERS
    } finally {
      process.removeListener('exit', removeNow)
      await rm(folder, { recursive: true, force: true })
    }
  }
  return code
}

const columns: Column<ReportPartCheck>[] = [
  { title: 'part', align: 'left', text: ({ part }) => part },
  { title: 'state', align: 'left', text: ({ state }) => stateWords[state] },
  { title: 'detail', align: 'left', text: ({ detail }) => detail }
]

function write({ stdout }: CliHost, { sentence, runs, parts, recomputed }: ReportCheck): void {
  for (const run of runs) stdout.write(`${inWords(run).map(plainText).join('\n')}\n\n${resultTable(run.file)}\n`)
  stdout.write(formatTable(columns, [...parts, ...recomputed]))
  stdout.write(`\n${plainText(sentence)}\n${NO_SIGNATURE}\n`)
}

function inWords({ file, experiment }: CheckedRun): string[] {
  const epochs = `${formatCount(epochsDone(file))} of ${formatPlural(epochsOf(file.experiment), 'epoch')}`
  const stands = `${file.status}: ${epochs} on ${file.device}, begun ${file.createdAt}, run ${file.id}`
  return [file.experiment.name, experiment, stands]
}

function asJson({ runs, ...check }: ReportCheck): object {
  const shown = runs.map(({ file, experiment, dataProblem }) => {
    const { id, createdAt, status, device, dataset } = file
    const models = file.models.map(({ history: _, ...model }) => model)
    const epochs = epochsOf(file.experiment)
    const facts = { id, name: file.experiment.name, experiment, createdAt, status, device, dataset: dataset.name }
    return { ...facts, epochsDone: epochsDone(file), epochs, models, dataProblem }
  })
  return { event: 'verified', ...check, runs: shown }
}
