// Measures contenders in turns, round by round, so that whatever slows the machine down for a while hits all alike.
import { stepsOf, type Contender, type Recipe } from './contender'
import { attempt, type Setup } from './setup'

/** A round of one contender: an epoch, or as many steps as about so long holds. */
const ROUND_SECONDS = 4
const FIRST_STEPS = 20

/** A contender that has compiled and allocated what it needs for a recipe, with the size of its rounds. */
export interface Prepared {
  contender: Contender
  images: number
  /** Mean over models and the first 20 steps: it shows whether all train the same thing. NaN where nothing is trained. */
  firstLoss: number
  validationSeconds: number | null
}

/** Lets each do a few steps twice and one round that nobody times. One that fails is closed and joins `skipped`. */
export async function prepareAll(
  contenders: readonly Contender[],
  recipe: Recipe,
  setup: Pick<Setup, 'skipped'>
): Promise<Prepared[]> {
  const ready: Prepared[] = []
  for (const contender of contenders) {
    const prepared = await attempt(setup, contender, () => prepare(contender, recipe))
    if (prepared) ready.push(prepared)
    else await contender.close().catch(() => undefined)
  }
  return ready
}

async function prepare(contender: Contender, recipe: Recipe): Promise<Prepared> {
  const few = Math.min(recipe.images, FIRST_STEPS * recipe.batchSize)
  const first = await contender.run({ recipe, images: few, validate: true })
  const { seconds, validationSeconds } = await contender.run({ recipe, images: few, validate: true })
  const images = roundImages(seconds / stepsOf(few, recipe), recipe)
  if (images > few) await contender.run({ recipe, images, validate: false })
  return { contender, images, firstLoss: mean(first.losses), validationSeconds }
}

/** Images of a round at a pace: all, or whole batches for about ROUND_SECONDS. */
export function roundImages(secondsPerStep: number, { batchSize, images }: Recipe): number {
  const steps = Math.max(1, Math.round(ROUND_SECONDS / secondsPerStep))
  return Math.min(images, steps * batchSize)
}

/** Milliseconds a step: one row a contender, one entry a round. `say` hears of every round. */
export async function measureRounds(
  prepared: readonly Pick<Prepared, 'contender' | 'images'>[],
  recipe: Recipe,
  rounds: number,
  say: (round: number) => void = () => undefined
): Promise<number[][]> {
  const milliseconds: number[][] = prepared.map(() => [])
  for (let round = 1; round <= rounds; round++) {
    say(round)
    for (const [index, { contender, images }] of prepared.entries()) {
      const { seconds } = await contender.run({ recipe, images, validate: false })
      milliseconds[index]?.push((1000 * seconds) / stepsOf(images, recipe))
    }
  }
  return milliseconds
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}
