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

/** Groups of nearly equal cost, none empty: each model, dearest first, joins the cheapest group; then moves and swaps while they help. */
function partition(dims: readonly number[], count: number): number[][] {
  const costs = dims.map(cost)
  const sum = (group: readonly number[]) => group.reduce((total, model) => total + (costs[model] as number), 0)
  const groups: number[][] = Array.from({ length: count }, () => [])
  const dearestFirst = costs.map((_, model) => model).sort((a, b) => (costs[b] as number) - (costs[a] as number))
  for (const model of dearestFirst) {
    groups.reduce((a, b) => (sum(b) < sum(a) ? b : a)).push(model)
  }
  while (improve(groups, sum));
  return groups.map((group) => group.sort((a, b) => a - b))
}

/** Makes one move or swap between two groups that lowers the cost of the dearer one; false where none does. */
function improve(groups: number[][], sum: (group: readonly number[]) => number): boolean {
  for (const from of groups) {
    for (const to of groups) {
      if (from === to || sum(from) <= sum(to)) continue
      for (const moved of from) {
        for (const back of [null, ...to]) {
          const newFrom = [...from.filter((model) => model !== moved), ...(back === null ? [] : [back])]
          const newTo = [...to.filter((model) => model !== back), moved]
          if (newFrom.length === 0 || Math.max(sum(newFrom), sum(newTo)) >= sum(from)) continue
          from.splice(0, from.length, ...newFrom)
          to.splice(0, to.length, ...newTo)
          return true
        }
      }
    }
  }
  return false
}
