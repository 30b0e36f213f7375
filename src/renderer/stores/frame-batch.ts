// Collects what arrives and hands it over at most once an animation frame, so that a fast trainer cannot outrun the screen.

/** Longest wait in milliseconds: a hidden window draws no frames, yet its numbers must not pile up. */
const LONGEST_WAIT = 500

/** Calls `run` at the next animation frame, or after 500 ms where no frame comes. */
function onNextFrame(run: () => void): void {
  const call = () => {
    cancelAnimationFrame(frame)
    clearTimeout(timer)
    run()
  }
  const frame = requestAnimationFrame(call)
  const timer = setTimeout(call, LONGEST_WAIT)
}

/** Answers a function that takes items; `apply` gets them together, in order, at the next frame. */
export function batchByFrame<Item>(apply: (items: Item[]) => void, schedule = onNextFrame): (item: Item) => void {
  let waiting: Item[] = []
  return (item) => {
    waiting.push(item)
    if (waiting.length > 1) return
    schedule(() => {
      const items = waiting
      waiting = []
      apply(items)
    })
  }
}
