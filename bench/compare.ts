// Both recipes' steps, quiet and with a core kept busy. All contenders are open at the same time, so that nothing but their work differs.
import { withBusyCore } from './busy-core'
import { recipeOf, type Contender, type Recipe } from './contender'
import { openContenders } from './contenders'
import { openKernels } from './kernels'
import type { Comparison, Entry } from './results'
import { measureRounds, prepareAll, type Prepared } from './rounds'
import type { Setup } from './setup'

/** Who takes part in the rounds with a busy core. */
const busyNames = ['cpu', 'numpy', 'jax']

export async function compareSteps(setup: Setup): Promise<Comparison[]> {
  const contenders = await openContenders(setup)
  try {
    const comparisons: Comparison[] = []
    for (const name of ['keras-blog', 'article'] as const) {
      const usable = contenders.filter((one) => !setup.skipped.some((skipped) => skipped.name === one.name))
      comparisons.push(await compare(recipeOf(name), usable, setup))
    }
    return comparisons
  } finally {
    for (const contender of contenders) await contender.close()
  }
}

/** Our own engine with each instruction set, on one thread and on all. */
export async function compareKernels(setup: Setup): Promise<Entry[]> {
  const contenders = await openKernels(setup)
  try {
    const recipe = recipeOf('keras-blog')
    const prepared = await prepareAll(contenders, recipe, setup)
    return entriesOf(prepared, await rounds(prepared, recipe, 'Instruction sets', setup))
  } finally {
    for (const contender of contenders) await contender.close()
  }
}

async function compare(recipe: Recipe, contenders: readonly Contender[], setup: Setup): Promise<Comparison> {
  setup.say(`${recipe.name}: each contender does a few steps and a round that nobody times …`)
  const prepared = await prepareAll(contenders, recipe, setup)
  const quiet = await rounds(prepared, recipe, recipe.name, setup)
  const inBusy = prepared.filter(({ contender: { name } }) => busyNames.includes(name))
  const busy = setup.options.parts.includes('busy')
    ? await withBusyCore(() => rounds(inBusy, recipe, `${recipe.name} with a core busy`, setup))
    : []
  const entries = entriesOf(prepared, quiet)
  inBusy.forEach((one, index) => {
    const entry = entries[prepared.indexOf(one)]
    if (entry) entry.busyMilliseconds = busy[index] ?? []
  })
  return { recipe, entries }
}

function rounds(prepared: readonly Prepared[], recipe: Recipe, what: string, { options, say }: Setup) {
  return measureRounds(prepared, recipe, options.rounds, (round) => say(`${what}: round ${round} of ${options.rounds}`))
}

function entriesOf(prepared: readonly Prepared[], milliseconds: readonly number[][]): Entry[] {
  return prepared.map(({ contender: { name, title, kind }, firstLoss, validationSeconds }, index) => ({
    name,
    title,
    kind,
    firstLoss: Number.isFinite(firstLoss) ? firstLoss : null,
    milliseconds: milliseconds[index] ?? [],
    busyMilliseconds: [],
    validationSeconds
  }))
}
