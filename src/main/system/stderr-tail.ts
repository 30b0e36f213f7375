// What a child process wrote last on stderr: the last lines explain a crash, the first thousands don't.

const TAIL_CHARACTERS = 4_000
/** What was written so long before the end was survived: it is not why the process ended. */
const LAST_WORDS_MILLISECONDS = 10_000

export interface StderrTail {
  /** The end of all that was written so far. */
  all(): string
  /** What of it was written within the last ten seconds. */
  lastWords(): string
}

/** Listens to a child's stderr from now on; `now` is a clock in milliseconds that never goes back. */
export function stderrTail(stderr: NodeJS.ReadableStream | null, now = () => performance.now()): StderrTail {
  let tail = ''
  /** The lengths of the last pieces, and when each came. */
  let pieces: { length: number; at: number }[] = []
  stderr?.on('data', (chunk: Buffer) => {
    const text = chunk.toString('utf8')
    tail = (tail + text).slice(-TAIL_CHARACTERS)
    const at = now()
    pieces = [...pieces.filter((piece) => at - piece.at <= LAST_WORDS_MILLISECONDS), { length: text.length, at }]
  })
  return {
    all: () => tail,
    lastWords() {
      const recent = pieces.filter(({ at }) => now() - at <= LAST_WORDS_MILLISECONDS)
      const length = recent.reduce((sum, piece) => sum + piece.length, 0)
      return length === 0 ? '' : tail.slice(-length)
    }
  }
}
