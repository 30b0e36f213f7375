// A group's calls run one after another in the order in which they are made, as Training promises.
import type { Group } from './group'

/** The same group, each call begun when those before it have ended. */
export function inTurn(group: Group): Group {
  let last: Promise<unknown> = Promise.resolve()
  const queued =
    <Arguments extends unknown[], Answer>(call: (...given: Arguments) => Promise<Answer>) =>
    (...given: Arguments): Promise<Answer> => {
      const answer = last.then(() => call(...given))
      last = answer.catch(() => undefined)
      return answer
    }
  return {
    steps: queued(group.steps),
    evaluate: queued(group.evaluate),
    measureQuality: queued(group.measureQuality),
    reconstruct: queued(group.reconstruct),
    save: queued(group.save),
    load: queued(group.load),
    close: queued(group.close)
  }
}
