import { existsSync } from 'node:fs'
import { join } from 'node:path'

/** What goes on with the run where there is one, else what begins it. */
export function nextArguments({ args, folder }) {
  return existsSync(join(folder, 'run.json')) ? ['continue', folder] : args
}
