// The beat to which the page shows what changes all the time: beside a training, every layout and every paint is taken from it.
import { defineStore } from 'pinia'
import { nextTick } from 'vue'

const LEAST_MILLISECONDS = 1000
const MOST_MILLISECONDS = 5000
/** A beat's patch, its frame and the first charts behind it may take so much of the time until the next. */
const SHARE = 1 / 80
/** The next beat comes at least after so much of the time before this one: an epoch's dear frame is not followed by a row of cheap ones. */
const FALL = 1 / 2

export const usePulseStore = defineStore('pulse', () => {
  let milliseconds = LEAST_MILLISECONDS
  let beats = 0
  let waiting = new Set<() => void>()
  let isDue = false

  function beat(): void {
    const began = performance.now()
    const due = waiting
    waiting = new Set()
    isDue = false
    beats++
    for (const run of due) run()
    void nextTick(() => {
      const changed = performance.now() - began
      if (document.hidden) return // no frame comes before somebody looks again
      requestAnimationFrame(() => {
        const frame = performance.now()
        setTimeout(() => adapt(changed + performance.now() - frame))
      })
    })
  }

  function adapt(taken: number): void {
    milliseconds = Math.min(MOST_MILLISECONDS, Math.max(LEAST_MILLISECONDS, taken / SHARE, milliseconds * FALL))
  }

  return {
    /** Beats so far. */
    count: () => beats,
    /**
     * Calls `run` at the next beat, in 1 to 5 seconds, the longer the more the last one had to draw: all that waits for it is drawn in
     * one frame. What waits already is called once. Answers with the function that takes it back.
     */
    onNext(run: () => void): () => void {
      if (!isDue) setTimeout(beat, milliseconds)
      isDue = true
      waiting.add(run)
      return () => waiting.delete(run)
    }
  }
})
