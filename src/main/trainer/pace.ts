// How fast a training goes: what the progress line says of an epoch and of the time that is left.

export interface Pace {
  /** Tells that `images` were trained in `seconds`; the pace follows the last epoch or two. */
  trained(images: number, seconds: number): void
  /** Tells how long evaluating and saving took at an epoch's end. */
  evaluated(seconds: number): void
  secondsPerEpoch(): number
  /** From `image` images into `epoch` to the end of the last one, with what is done after it left out. */
  secondsLeft(epoch: number, image: number): number
}

/** A pace for epochs of `images` images; zero until something was trained. */
export function createPace(images: number, epochs: number): Pace {
  let seen = 0
  let seconds = 0
  let evaluationSeconds = 0
  const trainingSeconds = () => (seen === 0 ? 0 : (seconds / seen) * images)
  return {
    trained(count, spent) {
      const kept = seen > images ? images / (seen + count) : 1
      seen = seen * kept + count
      seconds = seconds * kept + spent
    },
    evaluated(spent) {
      evaluationSeconds = spent
    },
    secondsPerEpoch: () => trainingSeconds() + evaluationSeconds,
    secondsLeft(epoch, image) {
      const whole = epochs - epoch
      return trainingSeconds() * (whole + 1 - image / images) + evaluationSeconds * (whole + 1)
    }
  }
}
