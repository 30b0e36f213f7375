// The lab for the time of one command.
import type { Lab } from '../lab/lab'
import type { CliHost } from './host'

/** Calls `use` with a fresh lab and closes it afterwards, whatever happens. */
export async function withLab<T>(host: CliHost, use: (lab: Lab) => Promise<T>): Promise<T> {
  const lab = host.createLab()
  try {
    return await use(lab)
  } finally {
    await lab.close()
  }
}
