// What a child process wrote last on stderr: the last lines explain a crash, the first thousands don't.

const TAIL_CHARACTERS = 4_000

/** Listens to a child's stderr from now on; answers with what can be read of its end so far. */
export function stderrTail(stderr: NodeJS.ReadableStream | null): () => string {
  let tail = ''
  stderr?.on('data', (chunk: Buffer) => {
    tail = (tail + chunk.toString('utf8')).slice(-TAIL_CHARACTERS)
  })
  return () => tail
}
