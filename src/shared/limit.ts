// At most so many tasks at once; the others wait in the order of their arrival.

export interface LimitOptions {
  /** Tasks under way, at least 1. */
  atOnce: number
  /** Tasks that may wait; default: any number. */
  waiting?: number
  /** The error for a task that finds no place to wait. */
  refusal?: () => Error
}

/** Answers with a function that runs a task as soon as its turn comes, and settles as the task does; it rejects with `refusal` where none may wait any more. */
export function createLimit({ atOnce, waiting = Infinity, refusal }: LimitOptions) {
  const queue: (() => void)[] = []
  let underWay = 0
  return async <T>(task: () => Promise<T>): Promise<T> => {
    if (underWay < atOnce) underWay += 1
    else if (queue.length < waiting) await new Promise<void>((takeTurn) => queue.push(takeTurn))
    else throw refusal?.() ?? new Error('Too many tasks wait')
    try {
      return await task()
    } finally {
      const next = queue.shift() // it takes this one's place
      if (next) next()
      else underWay -= 1
    }
  }
}
