// One batch group at work: cuts an epoch into calls of its session, and adds up what they answer.
import { LabError } from '@shared/errors'
import { shuffle } from '@shared/random'
import type { Control } from './control'
import { stepsOf, type BatchGroup } from './batch-groups'
import type { EngineSession, TrainedSteps } from './engines/engine'
import { createRunningMean } from './running-mean'

/** Length of a call to aim at: long beside what a call costs, short beside what a window waits for its first point. */
const CALL_MILLISECONDS = 250
/** A call is at most so many times as long as the one before: the first ones also warm caches up. */
const GROWTH = 4
/** Calls that the session has at once, so that it need not wait for this thread between two. */
const MAX_IN_FLIGHT = 2

/** What an answered call of a group has trained. */
export interface TrainedCall {
  images: number
  milliseconds: number
}

export interface GroupTraining {
  readonly group: BatchGroup
  readonly session: EngineSession
  /** Begins an epoch, counted from 1. */
  begin(epoch: number): void
  isDone(): boolean
  /** Batches of the epoch that are trained. */
  steps(): number
  /** Mean training loss of each model over the epoch until now; NaN before the first batch. */
  trainLoss(): number[]
  /** Trains until the epoch is done, it is interrupted, or `onCall`, which hears of each call, answers with true. */
  train(control: Control, onCall: (call: TrainedCall) => boolean): Promise<void>
}

/** A group on a session that has loaded its models' states. `trainCount`: images of an epoch. */
export function createGroupTraining(group: BatchGroup, session: EngineSession, trainCount: number): GroupTraining {
  const { batchSize, seed, models } = group
  let order: Int32Array = new Int32Array(0)
  let mean = createRunningMean(models.length, batchSize)
  let images = 0
  let stepsPerCall = 1

  /** Adds up an answer to a call of `size` images; answers with the images that were trained. */
  function note({ losses, milliseconds }: TrainedSteps, size: number): number {
    const batches = losses.length / models.length
    const done = Math.min(batches * batchSize, size)
    mean.add(losses, done)
    images += done
    if (batches > 0) {
      const wanted = Math.round((CALL_MILLISECONDS * batches) / Math.max(milliseconds, 1e-3))
      stepsPerCall = Math.max(1, Math.min(wanted, GROWTH * stepsPerCall))
    }
    return done
  }

  return {
    group,
    session,
    begin(epoch) {
      order = shuffle(seed, epoch, trainCount)
      mean = createRunningMean(models.length, batchSize)
      images = 0
    },
    isDone: () => images >= order.length,
    steps: () => stepsOf(group, images),
    trainLoss: () => mean.values(),
    async train(control, onCall) {
      const signal = control.interruption
      const inFlight: { size: number; answer: Promise<TrainedSteps> }[] = []
      let asked = images
      let isOver = false
      let interrupted = false
      const ask = () => {
        if (asked >= order.length || isOver || signal.aborted) return
        const part = order.subarray(asked, asked + stepsPerCall * batchSize)
        asked += part.length
        inFlight.push({ size: part.length, answer: session.steps(part, signal) })
      }
      try {
        for (let call = 0; call < MAX_IN_FLIGHT; call++) ask()
        for (let [call] = inFlight; call; [call] = inFlight) {
          const answer = await call.answer
          inFlight.shift()
          const done = note(answer, call.size)
          if (interrupted && done > 0) throw outOfOrder()
          interrupted ||= done < call.size
          if (done > 0) isOver = onCall({ images: done, milliseconds: answer.milliseconds }) || isOver
          ask()
        }
      } finally {
        await Promise.allSettled(inFlight.map(({ answer }) => answer))
      }
    }
  }
}

const outOfOrder = () => new LabError('internal', 'The engine went on with the next batches after an interruption')
