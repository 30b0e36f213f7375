// How an installed application is started from a command line. In a clone it is npm that starts it, by the script `lab`.
import { basename } from 'node:path'
import { CLONE_PROGRAM } from '@shared/command-line'

type ThisProcess = Pick<NodeJS.Process, 'versions' | 'execPath'> & { defaultApp?: boolean }

/** `bottleneck-lab`, in quotes where a shell would split it; null in a clone. */
export function installedProgram({ versions, execPath, defaultApp }: ThisProcess = process): string | null {
  if (versions.electron === undefined || defaultApp === true) return null
  const name = basename(execPath)
  return /^[\w.-]+$/.test(name) ? name : `"${name}"`
}

/** How a command is started here, for what lasts longer than this process: a report, a form. */
export const programHere = () => installedProgram() ?? CLONE_PROGRAM
