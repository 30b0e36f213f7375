// How fast a training goes: what the progress line says of an epoch and of the time that is left.

/** Answers of the engine in the order in which they came, each with the seconds of training that had passed by then. */
export interface Pace {
  /** Tells that `images` more were trained; the pace follows the last epoch or two. */
  trained(images: number, seconds: number): void
  /** Tells that an epoch was evaluated and its state saved. */
  evaluated(seconds: number): void
  /** Zero while only the first calls have come, which pay for what later ones find. */
  secondsPerEpoch(): number
  /** From `image` images into `epoch` to the end of the last one, with what is done after it left out; zero as before. */
  secondsLeft(epoch: number, image: number): number
}

/** The first calls also pay for memory that is touched for the first time. */
const WARM_UP_CALLS = 4

/** A pace for epochs of `images` images. */
export function createPace(images: number, epochs: number): Pace {
  let seen = 0
  let spent = 0
  let calls = 0
  let lastSeconds = 0
  let evaluationSeconds = 0
  const sinceLast = (seconds: number) => {
    const passed = seconds - lastSeconds
    lastSeconds = seconds
    return passed
  }
  const isKnown = () => calls > WARM_UP_CALLS
  const trainingSeconds = () => (spent / seen) * images
  return {
    trained(count, seconds) {
      const kept = calls++ < WARM_UP_CALLS ? 0 : seen > images ? images / (seen + count) : 1
      seen = seen * kept + count
      spent = spent * kept + sinceLast(seconds)
    },
    evaluated(seconds) {
      evaluationSeconds = sinceLast(seconds)
    },
    secondsPerEpoch: () => (isKnown() ? trainingSeconds() + evaluationSeconds : 0),
    secondsLeft(epoch, image) {
      if (!isKnown()) return 0
      const whole = epochs - epoch
      return trainingSeconds() * (whole + 1 - image / images) + evaluationSeconds * (whole + 1)
    }
  }
}
