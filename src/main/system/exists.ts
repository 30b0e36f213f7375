// Whether something is there.
import { access } from 'node:fs/promises'

/** True for a file or folder that can be reached. */
export async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false
  )
}
