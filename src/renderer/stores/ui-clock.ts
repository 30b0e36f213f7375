// The clock by which the page shows what changes all the time, every other second: beside a training on the CPU, every layout and every paint
// is taken from it, as npm run measure:window shows.
import { defineStore } from 'pinia'

export const TICK_MILLISECONDS = 2000

export const useUiClock = defineStore('ui-clock', () => {
  let ticks = 0
  let waiting = new Set<() => void>()
  let isDue = false

  function tick(): void {
    const due = waiting
    waiting = new Set()
    isDue = false
    ticks++
    for (const run of due) run()
  }

  return {
    /** Ticks so far. */
    count: () => ticks,
    /**
     * Calls `run` at the next tick, two seconds after the first that waits for it: all is drawn in one frame. What waits already is called
     * once. Answers with the function that takes it back.
     */
    onTick(run: () => void): () => void {
      if (!isDue) setTimeout(tick, TICK_MILLISECONDS)
      isDue = true
      waiting.add(run)
      return () => waiting.delete(run)
    }
  }
})
