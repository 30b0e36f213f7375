// `--out FOLDER`: checked before anything starts, so that a run does not fail over its folder after it has trained.
import { access, constants, lstat, stat } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { LabError } from '@shared/errors'
import { canBeTaken } from '../lab/new-folder'

/** The absolute path of a folder that can be made, or taken where a start was cut off. Throws LabError `not-writable`; makes nothing. */
export async function checkOutFolder(out: string): Promise<string> {
  const folder = resolve(out)
  const parent = dirname(folder)
  const refuse = (found: string, expected: string) =>
    new LabError('not-writable', '--out is not usable', { found, expected })
  const isThere = await there(lstat(folder))
  if (isThere && !(await canBeTaken(folder))) {
    throw refuse(`${folder}, which exists`, 'a folder that does not exist yet or is empty')
  }
  const isFolder = await stat(parent).then(
    (entry) => entry.isDirectory(),
    () => false
  )
  if (!isFolder) throw refuse(`no folder ${parent}`, 'a new name in a folder that exists')
  const place = isThere ? folder : parent
  if (!(await there(access(place, constants.W_OK)))) {
    throw refuse(`${place}, which is read-only`, 'a folder in which you may create files')
  }
  return folder
}

/** The error of something that could not be written at `path`, the value of `--out`, with the option's name; any other error as it is. */
export function outError(error: unknown, path: string): unknown {
  if (!(error instanceof LabError) || error.kind !== 'not-writable') return error
  const { found, expected, remedy } = error.data
  return new LabError('not-writable', '--out is not usable', {
    found: [path, found].filter(Boolean).join(', '),
    expected: expected || (remedy ? '' : 'a folder in which you may create files'),
    remedy
  })
}

function there(attempt: Promise<unknown>): Promise<boolean> {
  return attempt.then(
    () => true,
    () => false
  )
}
