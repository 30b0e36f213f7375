// Measures all contenders in turn; all are open at the same time, so that nothing but their work differs.
import { estimateArticles, type ArticleEstimate } from './article'
import { withBusyCore } from './busy-core'
import { openContenders } from './contenders'
import { createOurs } from './ours'
import type { Entry, Results } from './results'
import { measureRounds, prepareAll, type Prepared, type Timing } from './rounds'
import type { Setup } from './setup'

/** Rounds of what needs no more to be judged. */
const FEWER_ROUNDS = 3
const SEEDS = 4
/** Who takes part in the rounds with a busy core, besides the products. */
const busyNames = ['onnxruntime/cpu', 'onnxruntime/one-session', 'jax']

export async function compare(setup: Setup): Promise<Pick<Results, 'entries' | 'manyModels'>> {
  const { options, say } = setup
  const contenders = await openContenders(setup)
  say('Each contender does a few steps and a round that nobody times …')
  const prepared = await prepareAll(contenders, setup)
  try {
    const quiet = await rounds(prepared, options.rounds, 'Round', say)
    const inBusy = prepared.filter(({ contender: { kind, name } }) => kind === 'products' || busyNames.includes(name))
    const busy = options.busy
      ? await withBusyCore(() => rounds(inBusy, FEWER_ROUNDS, 'With a core busy, round', say))
      : []
    const manyModels = options.manyModels ? await compareManyModels(setup, prepared) : null
    const articles = options.estimates || options.article ? await estimates(setup, prepared) : []
    return { entries: quiet.map((timing) => entryOf(timing, busy, articles)), manyModels }
  } finally {
    for (const { contender } of prepared) await contender.close()
  }
}

function rounds(prepared: readonly Prepared[], count: number, what: string, say: Setup['say']): Promise<Timing[]> {
  return measureRounds(prepared, count, (round) => say(`${what} ${round} of ${count}`))
}

/** Four seeds of the six in one training, against the six, on the processor. */
async function compareManyModels(setup: Setup, prepared: readonly Prepared[]): Promise<Results['manyModels']> {
  const six = prepared.find(({ contender }) => contender.name === 'onnxruntime/cpu')
  const engine = setup.engines.find(({ name }) => name === 'onnxruntime')
  const device = (await engine?.devices())?.find(({ name }) => name === 'cpu')
  if (!six || !engine || !device) return null
  const many = createOurs(engine, device, { ...setup, seeds: SEEDS })
  const [twentyFour] = await prepareAll([many], setup)
  if (!twentyFour) return null
  try {
    const [ofSix, ofTwentyFour] = await rounds([six, twentyFour], FEWER_ROUNDS, `With ${SEEDS} seeds, round`, setup.say)
    return { six: ofSix?.milliseconds ?? [], twentyFour: ofTwentyFour?.milliseconds ?? [] }
  } finally {
    await many.close()
  }
}

async function estimates(setup: Setup, prepared: readonly Prepared[]): Promise<ArticleEstimate[]> {
  const trains = prepared.map(({ contender }) => contender).filter(({ kind }) => kind === 'ours' || kind === 'peer')
  return estimateArticles(trains, setup.options.article ? 3 : 1, setup)
}

function entryOf(timing: Timing, busy: readonly Timing[], articles: readonly ArticleEstimate[]): Entry {
  const { contender, firstLoss, stepsPerRound, milliseconds } = timing
  const { name, title, kind } = contender
  const estimate = articles.find((one) => one.contender === contender)
  return {
    name,
    title,
    kind,
    firstLoss: Number.isFinite(firstLoss) ? firstLoss : null,
    stepsPerRound,
    milliseconds,
    busyMilliseconds: busy.find((one) => one.contender === contender)?.milliseconds ?? [],
    article: estimate ? { seconds: estimate.seconds, epochs: estimate.epochs } : null
  }
}
