// When digits are drawn in the midst of the first epoch, for a window that has nothing else to show: a few times, sooner in the beginning.

/** Shares of the epoch's steps. */
const SHARES = [1 / 32, 1 / 16, 1 / 8, 1 / 4, 1 / 2, 3 / 4]
const LEAST_MILLISECONDS = 250

export interface FreshDigits {
  /** Notes that so many of the epoch's steps are trained, and draws where a further share of them is. */
  trained(step: number): void
  /** Resolves, and never rejects, when nothing is being drawn. */
  settled(): Promise<void>
}

/** `draw` is called for one drawing after another; where it fails, so does the training, which says why. */
export function createFreshDigits(
  steps: number,
  draw: () => Promise<void>,
  now: () => number = () => performance.now()
): FreshDigits {
  let drawn = 0
  let last = -Infinity
  let drawing: Promise<void> | null = null
  return {
    trained(step) {
      const reached = SHARES.filter((share) => step >= share * steps).length
      if (reached <= drawn || drawing || now() - last < LEAST_MILLISECONDS) return
      drawn = reached
      last = now()
      drawing = draw()
        .catch(() => undefined)
        .finally(() => (drawing = null))
    },
    settled: async () => void (await drawing)
  }
}
