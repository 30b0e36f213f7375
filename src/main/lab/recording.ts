// What an active run writes: one thing after another, each only while the claim is held, and nothing after the first that failed.
import type { Claim } from './claim'

export interface Recording {
  /** Writes once all is written that was added before; without `write` it looks only whether the claim is held. */
  add(write?: () => Promise<void>): void
  /** Resolves, and never rejects, when all that was added until now is written or left out. */
  settled(): Promise<void>
  /** What failed first, a full disk or a lost claim; null while nothing has. */
  readonly error: unknown
  /** Leaves out what is added from now on. */
  close(): void
}

/** `onFailure` is called once, with the first write that fails. */
export function createRecording(claim: Pick<Claim, 'check'>, onFailure: () => void): Recording {
  let last = Promise.resolve()
  let failure: unknown = null
  let closed = false
  return {
    add(write) {
      last = last
        .then(async () => {
          if (closed || failure !== null) return
          await claim.check()
          await write?.()
        })
        .catch(async (error: unknown) => {
          // another who has taken the folder also removes what was half-written: that is the reason then
          failure = await claim.check().then(
            () => error,
            (lost: unknown) => lost
          )
          onFailure()
        })
    },
    settled: () => last,
    get error() {
      return failure
    },
    close: () => (closed = true)
  }
}
