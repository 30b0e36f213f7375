// Work that a command waits for: Ctrl-C gives it up, and on a terminal a line tells how far it is.
import type { CliHost } from './host'

/** The exit code of what was given up: 128 + SIGINT, as shells count. */
export const INTERRUPTED = 130

interface Tools {
  signal: AbortSignal
  onProgress(done: number, total: number): void
}

/** Does the work; answers with null where it was given up. `doing` begins the line: `Packing … 40 %`. */
export async function cancellable<T>(
  { stderr, onInterrupt }: CliHost,
  doing: string,
  work: (tools: Tools) => Promise<T>
): Promise<T | null> {
  const given = new AbortController()
  const stopHearing = onInterrupt(() => given.abort())
  let shown = ''
  const onProgress = (done: number, total: number) => {
    const line = `\r${doing} … ${Math.round((100 * done) / Math.max(1, total))} % `
    if (!stderr.isTTY || line === shown) return
    shown = line
    stderr.write(line)
  }
  try {
    return await work({ signal: given.signal, onProgress })
  } catch (error) {
    if (!given.signal.aborted) throw error
    return null
  } finally {
    stopHearing()
    if (stderr.isTTY) stderr.write('\r\x1b[K')
  }
}
