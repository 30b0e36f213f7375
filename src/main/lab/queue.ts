// One task at a time, in the order of arrival; a waiting one can be taken out.

export interface Queue {
  /** Runs `task` when all before it have ended, however they ended. A task must not reject. */
  add(id: string, task: () => Promise<void>): void
  /** Takes a waiting task out; false if it has begun or is not here. */
  remove(id: string): boolean
  /** Ids in the order of arrival, the one at work included. */
  ids(): string[]
}

export function createQueue(): Queue {
  const entries: { id: string; task: () => Promise<void> }[] = []
  let atWork: string | null = null

  async function work(): Promise<void> {
    if (atWork !== null) return
    for (let next = entries.shift(); next; next = entries.shift()) {
      atWork = next.id
      await next.task()
    }
    atWork = null
  }

  return {
    add(id, task) {
      entries.push({ id, task })
      void work()
    },
    remove(id) {
      const index = entries.findIndex((entry) => entry.id === id)
      if (index >= 0) entries.splice(index, 1)
      return index >= 0
    },
    ids: () => [...(atWork === null ? [] : [atWork]), ...entries.map((entry) => entry.id)]
  }
}
