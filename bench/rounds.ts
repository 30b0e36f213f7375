// Measures contenders in turn, round by round, so that whatever slows the machine down for a while hits all alike.
import { passShape, type Contender } from './contender'
import { attempt, recipe, trainLimit, type Setup } from './setup'

/** A round of one contender: an epoch, or as many steps as about so long holds. */
const ROUND_SECONDS = 4
const FIRST_STEPS = 20

/** A contender that has compiled and allocated what it needs, with the size of its rounds. */
export interface Prepared {
  contender: Contender
  images: number
  /** Mean over models and the first 20 steps: it tells whether all train the same thing. NaN where nothing is trained. */
  firstLoss: number
}

/** Times of one contender, one entry a round. */
export interface Timing {
  contender: Contender
  firstLoss: number
  stepsPerRound: number
  milliseconds: number[]
}

/** Lets each do a few steps and one round that nobody times. One that fails is closed and joins `skipped`. */
export async function prepareAll(contenders: readonly Contender[], setup: Pick<Setup, 'skipped'>): Promise<Prepared[]> {
  const ready: Prepared[] = []
  for (const contender of contenders) {
    const prepared = await attempt(setup, contender, () => prepare(contender))
    if (prepared) ready.push(prepared)
    else await contender.close().catch(() => undefined)
  }
  return ready
}

async function prepare(contender: Contender): Promise<Prepared> {
  const few = Math.min(trainLimit, FIRST_STEPS * recipe.batchSize)
  const first = await contender.run({ recipe, images: few, validate: false })
  const { seconds } = await contender.run({ recipe, images: few, validate: false })
  const images = roundImages(seconds / passShape(few, recipe.batchSize).steps, recipe.batchSize, trainLimit)
  if (images > few) await contender.run({ recipe, images, validate: false })
  return { contender, images, firstLoss: mean(first.losses) }
}

/** Images of a round at a pace: all, or whole batches for about ROUND_SECONDS. */
export function roundImages(secondsPerStep: number, batchSize: number, trainLimit: number): number {
  const steps = Math.max(1, Math.round(ROUND_SECONDS / secondsPerStep))
  return Math.min(trainLimit, steps * batchSize)
}

/** Milliseconds a step of each in each round. `after` is told of every completed round. */
export async function measureRounds(
  prepared: readonly Prepared[],
  rounds: number,
  after: (round: number) => void = () => undefined
): Promise<Timing[]> {
  const timings = prepared.map(({ contender, images, firstLoss }): Timing => {
    return { contender, firstLoss, stepsPerRound: passShape(images, recipe.batchSize).steps, milliseconds: [] }
  })
  for (let round = 1; round <= rounds; round++) {
    for (const [index, { contender, images }] of prepared.entries()) {
      const { seconds } = await contender.run({ recipe, images, validate: false })
      const timing = timings[index] as Timing
      timing.milliseconds.push((1000 * seconds) / timing.stepsPerRound)
    }
    after(round)
  }
  return timings
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}
