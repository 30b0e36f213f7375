// Work that several ask for at the same moment and that need be done only once.

/** `work`, done once for all who ask in the same turn of the event loop. It begins after they have asked, so no answer is older than its question. */
export function oneForAll<T>(work: () => Promise<T>): () => Promise<T> {
  let beginning: Promise<T> | null = null
  return () =>
    (beginning ??= new Promise((resolve) => setImmediate(resolve)).then(() => {
      beginning = null
      return work()
    }))
}
