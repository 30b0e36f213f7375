// RUN on the command line: a run's id, the beginning of one, or its folder.
import { readFile } from 'node:fs/promises'
import { join, resolve, sep } from 'node:path'
import { LabError } from '@shared/errors'
import type { Lab } from '../lab/lab'
import type { CliHost } from './host'
import { RUN_EXPECTED, shownValue } from './usage-error'

/** The id of the run that `text` means. Throws LabError `not-found`, or `bad-value` where several runs begin so. */
export async function findRun({ program }: CliHost, lab: Lab, text: string): Promise<string> {
  if (looksLikePath(text) || (await isRunFolder(text))) return adopt(lab, resolve(text), program)
  const ids = (await lab.calls.listRuns()).map((run) => run.id)
  const matching = ids.includes(text) ? [text] : ids.filter((id) => text !== '' && id.startsWith(text))
  const [only, ...others] = matching
  if (only === undefined) {
    throw new LabError('not-found', 'There is no such run', {
      found: shownValue(text),
      expected: RUN_EXPECTED,
      remedy: `${program} runs lists them`
    })
  }
  if (others.length > 0) {
    throw new LabError('bad-value', `${shownValue(text)} is the beginning of several runs`, {
      found: matching.join(', '),
      expected: 'more of the id'
    })
  }
  return only
}

/** Throws LabError `not-found` or `bad-file`. */
async function adopt(lab: Lab, folder: string, program: string): Promise<string> {
  return lab.adopt(folder).catch((error: unknown) => {
    if (!(error instanceof LabError) || error.kind !== 'not-found') throw error
    const { problem } = error.data
    throw new LabError('not-found', problem, { expected: RUN_EXPECTED, remedy: `${program} runs lists the runs` })
  })
}

const looksLikePath = (text: string) => text.startsWith('.') || text.includes('/') || text.includes(sep)

async function isRunFolder(path: string): Promise<boolean> {
  const content = await readFile(join(path, 'run.json')).catch(() => null)
  return content !== null
}
