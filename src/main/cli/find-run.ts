// RUN on the command line: a run's id, the beginning of one, or its folder.
import { basename, join, resolve, sep } from 'node:path'
import type { Unreadable } from '@shared/contract'
import { LabError } from '@shared/errors'
import type { Lab } from '../lab/lab'
import { missingRun } from '../lab/odd-folders'
import { exists } from '../system/exists'
import type { CliHost } from './host'
import { RUN_EXPECTED, shownValue } from './usage-error'

/** The id of the run that `text` means. Throws LabError `not-found`, or `bad-value` where several runs begin so. */
export async function findRun({ program }: CliHost, lab: Lab, text: string): Promise<string> {
  if (looksLikePath(text) || (await isRunFolder(text))) return adopt(lab, resolve(text), program)
  const ids = (await lab.calls.listRuns()).map((run) => run.id)
  const named = ids.filter((id) => id === text || basename(lab.folderOf(id)) === text)
  const matching = named.length > 0 ? named : ids.filter((id) => text !== '' && id.startsWith(text))
  const [only, ...others] = matching
  if (only === undefined) {
    const broken = await unreadableRun(lab, text)
    if (broken) throw LabError.from(broken.error)
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

/** The folder of the run that `text` means, also of one whose run.json is missing or can't be read. Throws as findRun. */
export async function findRunFolder(host: CliHost, lab: Lab, text: string): Promise<string> {
  try {
    return lab.folderOf(await findRun(host, lab, text))
  } catch (error) {
    if (!(error instanceof LabError) || error.kind !== 'bad-file') throw error
    if (looksLikePath(text) || (await isRunFolder(text))) return resolve(text)
    const broken = await unreadableRun(lab, text)
    if (broken === undefined) throw error
    return broken.path
  }
}

async function unreadableRun(lab: Lab, text: string): Promise<Unreadable | undefined> {
  return (await lab.calls.listUnreadable()).find(({ path }) => text && basename(path).startsWith(text))
}

/** Throws LabError `not-found`, or `bad-file` also where all of a run but its run.json is there. */
async function adopt(lab: Lab, folder: string, program: string): Promise<string> {
  return lab.adopt(folder).catch(async (error: unknown) => {
    if (!(error instanceof LabError) || error.kind !== 'not-found') throw error
    const broken = await missingRun(folder)
    if (broken) throw LabError.from(broken.error)
    const { problem } = error.data
    throw new LabError('not-found', problem, { expected: RUN_EXPECTED, remedy: `${program} runs lists the runs` })
  })
}

const looksLikePath = (text: string) => text.startsWith('.') || text.includes('/') || text.includes(sep)

function isRunFolder(path: string): Promise<boolean> {
  return exists(join(path, 'run.json'))
}
