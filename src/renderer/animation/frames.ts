// Which epochs an animation shows, and for how long each.
/** Frames of an animation, at most. */
export const MOST_FRAMES = 300
export const RATES = { least: 2, most: 30 } as const
/** Pixels across. */
export const widths = [640, 960, 1280, 1920] as const
export type FrameWidth = (typeof widths)[number]
/** For so long the last frame stays. */
export const HOLD_SECONDS = 2

/** The epochs from `first` to `last` that are shown: the first, every `step`-th, and the last. */
export function frameEpochs(first: number, last: number, step: number): number[] {
  const all = Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => first + index)
  return all.filter((epoch) => epoch === first || epoch === last || epoch % step === 0)
}

/** The least step with which there are no more frames than an animation may have. */
export function leastStep(first: number, last: number): number {
  let step = 1
  while (frameEpochs(first, last, step).length > MOST_FRAMES) step++
  return step
}

/** A GIF measures time in hundredths of a second: so many each frame stays at so many frames a second. */
export const gifHundredths = (rate: number) => Math.round(100 / rate)

/** For how long each frame but the last stays, in seconds. */
export const frameSeconds = (rate: number, format: 'gif' | 'webm') =>
  format === 'gif' ? gifHundredths(rate) / 100 : 1 / rate

/** For how long so many frames stay together, the last one held. */
export const allSeconds = (count: number, rate: number, format: 'gif' | 'webm') =>
  count === 0 ? 0 : (count - 1) * frameSeconds(rate, format) + HOLD_SECONDS
