// Work that a command waits for: Ctrl-C gives it up, and a line on stderr tells how far it is, the same for all commands. On a terminal it
// is written over; elsewhere, in a log say, there is a new one every few seconds, and none for what is done sooner.
import type { DataProgress } from '@shared/contract'
import { plainText } from '@shared/plain-text'
import type { Lab } from '../lab/lab'
import type { CliHost, Output } from './host'

/** The exit code of what was given up: 128 + SIGINT, as shells count. */
export const INTERRUPTED = 130

/** Between two lines that stay. */
const LINE_MILLISECONDS = 2000
const DEFAULT_COLUMNS = 80
/** Empties the terminal's line. */
export const CLEAR_LINE = '\r\x1b[K'

export interface CancellableTools {
  signal: AbortSignal
  /** `what`: that which is worked on now. */
  onProgress(done: number, total: number, what?: string): void
}

/** Does the work; answers with null where it was given up. `doing` begins the line: `Packing … 40 %`. */
export async function cancellable<T>(
  { stderr, onInterrupt }: CliHost,
  doing: string,
  work: (tools: CancellableTools) => Promise<T>
): Promise<T | null> {
  const given = new AbortController()
  const stopHearing = onInterrupt(() => given.abort())
  let isOver = false
  const tell = stderr.isTTY ? overwritten(stderr) : everyFewSeconds(stderr)
  const onProgress: CancellableTools['onProgress'] = (done, total, what = '') => {
    if (isOver) return // what is told late would stay on the terminal
    const percent = Math.round((100 * done) / Math.max(1, total))
    tell(plainText(`${doing} … ${percent} %${what && `: ${what}`}`))
  }
  try {
    return await work({ signal: given.signal, onProgress })
  } catch (error) {
    if (!given.signal.aborted) throw error
    return null
  } finally {
    isOver = true
    stopHearing()
    if (stderr.isTTY) stderr.write(CLEAR_LINE)
  }
}

/** Passes on how far the lab says that it is. */
export function followProgress(
  lab: Pick<Lab, 'follow'>,
  event: 'dataProgress' | 'importProgress',
  onProgress: CancellableTools['onProgress']
): void {
  lab.follow((name, payload) => {
    const { done, total } = payload as DataProgress
    if (name === event) onProgress(done, total)
  })
}

function overwritten(stderr: Output): (line: string) => void {
  let shown = ''
  return (line) => {
    if (line === shown) return
    shown = line
    stderr.write(`${CLEAR_LINE}${line.slice(0, (stderr.columns ?? DEFAULT_COLUMNS) - 1)}`)
  }
}

function everyFewSeconds(stderr: Output): (line: string) => void {
  let said = performance.now()
  return (line) => {
    if (performance.now() - said < LINE_MILLISECONDS) return
    said = performance.now()
    stderr.write(`${line}\n`)
  }
}
