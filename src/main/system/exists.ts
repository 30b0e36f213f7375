// Whether something is there.
import { access, stat } from 'node:fs/promises'

/** True for a file or folder that can be reached. */
export async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false
  )
}

/** True for what can be reached and is no folder: a file, a pipe, or a link to one. */
export async function isNoFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (entry) => !entry.isDirectory(),
    () => false
  )
}
