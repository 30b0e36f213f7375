// Who hears what happens: views, for whose sake more is done while one is there, and what the application itself follows.
import type { LabListener } from '@shared/rpc'

export interface Audience {
  tell: LabListener
  /** For a view; answers with the function that stops listening. */
  subscribe(listener: LabListener): () => void
  /** For the application, until it ends. */
  follow(listener: LabListener): void
  hasViews(): boolean
}

/** `onViews` hears when the first view comes and when the last has gone. */
export function createAudience(onViews: (areThere: boolean) => void): Audience {
  const views = new Set<LabListener>()
  const followers: LabListener[] = []
  return {
    tell(event, payload) {
      for (const listener of [...followers, ...views]) listener(event, payload)
    },
    subscribe(listener) {
      views.add(listener)
      if (views.size === 1) onViews(true)
      return () => {
        if (views.delete(listener) && views.size === 0) onViews(false)
      }
    },
    follow: (listener) => void followers.push(listener),
    hasViews: () => views.size > 0
  }
}
