// How fast a training goes: what the progress line says of an epoch and of the time that is left.

/** Answers of the engine in the order in which they came, each with the seconds of training that had passed by then. */
export interface Pace {
  /** Notes that `images` more were trained; the pace follows the last epoch or two. */
  trained(images: number, seconds: number): void
  /** Notes that an epoch was evaluated and its state saved. */
  evaluated(seconds: number): void
  /** Of the epoch under way. Zero while only the first calls have come, which pay for what later ones find. */
  secondsPerEpoch(): number
  /** To the end of the last epoch, with what is done after it left out; zero as before. */
  secondsLeft(): number
}

/** The first calls also pay for memory that is touched for the first time. */
const WARM_UP_CALLS = 4

/** A pace from `firstEpoch` on; `imagesByEpoch`: how many images each epoch trains, all batch groups' together. */
export function createPace(imagesByEpoch: readonly number[], firstEpoch: number): Pace {
  let epoch = firstEpoch
  let trainedOfEpoch = 0
  let seen = 0
  let spent = 0
  let calls = 0
  let lastSeconds = 0
  let evaluationSeconds = 0
  const imagesOf = (one: number) => imagesByEpoch[one - 1] ?? 0
  const sinceLast = (seconds: number) => {
    const passed = seconds - lastSeconds
    lastSeconds = seconds
    return passed
  }
  const isKnown = () => calls > WARM_UP_CALLS
  return {
    trained(images, seconds) {
      if (trainedOfEpoch >= imagesOf(epoch)) {
        epoch++
        trainedOfEpoch = 0
      }
      trainedOfEpoch += images
      const share = calls++ < WARM_UP_CALLS ? 0 : seen > imagesOf(epoch) ? imagesOf(epoch) / (seen + images) : 1
      seen = seen * share + images
      spent = spent * share + sinceLast(seconds)
    },
    evaluated(seconds) {
      evaluationSeconds = sinceLast(seconds)
    },
    secondsPerEpoch: () => (isKnown() ? (spent / seen) * imagesOf(epoch) + evaluationSeconds : 0),
    secondsLeft() {
      if (!isKnown()) return 0
      const ahead = imagesByEpoch.slice(epoch - 1)
      const images = ahead.reduce((sum, count) => sum + count, 0) - trainedOfEpoch
      return (spent / seen) * images + evaluationSeconds * ahead.length
    }
  }
}
