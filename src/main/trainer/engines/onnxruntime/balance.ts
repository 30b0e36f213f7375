// Splits the models among sessions that run side by side, so that the slowest is done as early as can be.
import type { ModelSpec } from '../../engine'

/** Models that train in one session, as indices into the job's models, and the threads of that session. */
export interface Share {
  models: number[]
  threads: number
}

/** What a model costs besides its products (loss, sigmoid, biases), in units of one latent dimension's products: see `npm run bench`. */
const CONSTANT_COST = 27

/** What each thread beyond the first adds to a session's speed: all its threads wait for each other after every node. */
const FURTHER_THREAD = 0.6

/** Time of a step, in units of one latent dimension's products. */
export function cost(latentDim: number): number {
  return latentDim + CONSTANT_COST
}

/** Time of a step of a session: its models' cost over the speed of its threads. */
function time(latentDims: readonly number[], threads: number): number {
  const total = latentDims.reduce((sum, latentDim) => sum + cost(latentDim), 0)
  return total / (1 + FURTHER_THREAD * (threads - 1))
}

/** One session a thread, or fewer with more threads for the widest where that ends earlier; never more threads than `threads`. */
export function balance(models: Pick<ModelSpec, 'latentDim'>[], threads: number): Share[] {
  const dims = models.map((model) => model.latentDim)
  const timeOf = (share: Share) =>
    time(
      share.models.map((model) => dims[model] as number),
      share.threads
    )
  const slowest = (shares: Share[]) => Math.max(...shares.map(timeOf))

  const most = Math.max(1, Math.min(models.length, threads))
  const plans = Array.from({ length: most }, (_, index) => {
    const shares = partition(dims, index + 1).map((group) => ({ models: group, threads: 1 }))
    for (let spare = threads - shares.length; spare > 0; spare--) {
      const widest = shares.reduce((a, b) => (timeOf(b) > timeOf(a) ? b : a))
      widest.threads++
    }
    return shares
  })
  return plans.reduce((best, plan) => (slowest(plan) < slowest(best) ? plan : best))
}

/** The split into `count` groups, none empty, whose dearest group is cheapest: every split is tried that could still win. */
function partition(dims: readonly number[], count: number): number[][] {
  const costs = dims.map(cost)
  const costOf = (model: number) => costs[model] as number
  const dearestFirst = costs.map((_, model) => model).sort((a, b) => costOf(b) - costOf(a))
  const groups: number[][] = Array.from({ length: count }, () => [])
  const sums = groups.map(() => 0)
  const least = Math.max(...costs, costs.reduce((sum, one) => sum + one, 0) / count)
  let best = groups
  let bestCost = Infinity

  const place = (rank: number) => {
    const model = dearestFirst[rank]
    if (model === undefined) {
      best = groups.map((group) => [...group].sort((a, b) => a - b))
      bestCost = Math.max(...sums)
      return
    }
    const empty = groups.filter((group) => group.length === 0).length
    const cheapestFirst = groups.map((_, group) => group).sort((a, b) => (sums[a] as number) - (sums[b] as number))
    // Empty groups are alike: one is tried. As many models as there are empty groups must go into them.
    const tried = cheapestFirst.filter((group, place) => place === 0 || groups[group]?.length !== 0)
    const allowed = empty === dearestFirst.length - rank ? tried.slice(0, 1) : tried
    for (const group of allowed) {
      const before = sums[group] as number
      if (before + costOf(model) >= bestCost || bestCost <= least) continue
      sums[group] = before + costOf(model)
      groups[group]?.push(model)
      place(rank + 1)
      groups[group]?.pop()
      sums[group] = before
    }
  }
  place(0)
  return best
}
