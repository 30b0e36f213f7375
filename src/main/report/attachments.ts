// What is attached to a report: each run as its folder has it, its losses as a table, how the report was made, and the digest of each.
import { sha256 } from '../system/sha256'
import type { AttachedFile } from './document'
import type { ReportInput } from './report'

export const OPTIONS_FILE = 'report.json'
export const DIGESTS_FILE = 'digests.json'

/** The names of what is attached of a report's runs, each with its number where they are several. */
export function namesOfRun(index: number, count: number): { run: string; losses: string } {
  const number = count > 1 ? `-${index + 1}` : ''
  const run = `run${number}.json`
  return { run, losses: lossesBeside(run) }
}

/** The number in the name of a run's file, 0 where there is none; null: the name of something else. */
export function runNumberIn(name: string): number | null {
  const found = /^run(?:-(\d{1,4}))?\.json$/.exec(name)
  return found && Number(found[1] ?? 0)
}

/** The name of the losses beside a run's file. */
export const lossesBeside = (run: string) => run.replace(/^run/, 'losses').replace(/\.json$/, '.csv')

/** Puts the files among those that the report is typeset of, and answers with what it says of them. */
export function attach(
  { runs, options, version }: Pick<ReportInput, 'runs' | 'options' | 'version'>,
  files: Map<string, string | Uint8Array>
): AttachedFile[] {
  const digests: Record<string, string> = {}
  const put = (name: string, text: string) => {
    files.set(name, text)
    digests[name] = sha256(text)
  }
  const ofRuns = runs.flatMap(({ attached }, index): AttachedFile[] => {
    const { run, losses } = namesOfRun(index, runs.length)
    put(run, attached.runJson)
    put(losses, attached.lossesCsv)
    return [
      {
        name: run,
        type: 'application/json',
        description: 'The run: experiment, losses of every epoch, metrics',
        relationship: 'source'
      },
      { name: losses, type: 'text/csv', description: 'The losses of every epoch', relationship: 'data' }
    ]
  })
  put(OPTIONS_FILE, asText({ 'bottleneck-lab': version, options }))
  files.set(DIGESTS_FILE, asText({ algorithm: 'SHA-256', files: digests }))
  const json = { type: 'application/json', relationship: 'supplement' } as const
  return [
    ...ofRuns,
    { ...json, name: OPTIONS_FILE, description: 'How the report was made: its options and the program’s version' },
    { ...json, name: DIGESTS_FILE, description: 'SHA-256 of each of the other attachments' }
  ]
}

const asText = (content: object) => `${JSON.stringify(content, null, 2)}\n`
