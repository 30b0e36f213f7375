// UMAP (McInnes, Healy and Melville 2018) of points whose exact neighbours are known, with the defaults of umap-learn 0.5.
import { randomStream } from '@shared/random'
import type { NeighbourGraph } from './neighbours'

/** How far apart points that belong together may lie at least, in units of the layout's spread of 1. */
export const MIN_DISTANCE = 0.1
/** The least squares fit of 1 / (1 + a d^2b) to what MIN_DISTANCE asks for: 1 up to it, exp(MIN_DISTANCE − d) beyond. */
export const CURVE = { a: 1.5769, b: 0.8951 }
const NEGATIVE_SAMPLES = 5
const STEEPEST = 4
/** Half the width in which the layout begins, and the noise that parts equal points. */
const BEGINNING = 10
const BEGINNING_NOISE = 1e-4

export interface UmapOptions {
  epochs: number
  seed: number
}

/** Pairs that attract each other, each in both directions. */
interface Edges {
  heads: Int32Array
  tails: Int32Array
  /** After how many epochs each is met again: 1 for the strongest. */
  periods: Float64Array
}

/**
 * Places [count × 2] of points that lie near each other where the graph says so. `beginning` [count × 2] is scaled and moved from; a
 * layout that begins with principal components keeps what they show of the whole (Kobak and Linderman 2021). The same arguments give the
 * same bytes. `onPart` hears the share that is done, 0 to 1, after every epoch.
 */
export function umap(
  graph: NeighbourGraph,
  beginning: ArrayLike<number>,
  { epochs, seed }: UmapOptions,
  onPart?: (share: number) => void
): Float32Array {
  const random = randomStream(seed, 'umap')
  const places = scaled(beginning, random)
  const edges = edgesOf(graph, epochs)
  const state = { edges, next: edges.periods.slice(), fled: new Float64Array(edges.periods.length), places, random }
  for (let epoch = 0; epoch < epochs; epoch++) {
    moveOnce(state, epoch, 1 - epoch / epochs)
    onPart?.((epoch + 1) / epochs)
  }
  return Float32Array.from(places)
}

function scaled(beginning: ArrayLike<number>, random: () => number): Float64Array {
  const values = Float64Array.from(beginning)
  const most = values.reduce((max, value) => Math.max(max, Math.abs(value)), 0)
  return values.map((value) => (most > 0 ? (BEGINNING * value) / most : 0) + BEGINNING_NOISE * (random() - 0.5))
}

/** How strongly each point belongs to its neighbours' sets, [count × k]: 1 for the nearest, falling so that the sum is log2(k + 1). */
export function memberships({ distances, count, k }: NeighbourGraph): Float64Array {
  const strengths = new Float64Array(count * k)
  const target = Math.log2(k + 1)
  for (let point = 0; point < count; point++) {
    const own = distances.subarray(point * k, (point + 1) * k)
    const nearest = own.find((distance) => distance > 0) ?? 0
    const least = 1e-3 * (own.reduce((sum, distance) => sum + distance, 0) / (k + 1))
    const width = Math.max(least, widthFor(own, nearest, target))
    own.forEach((distance, at) => {
      const beyond = distance - nearest
      strengths[point * k + at] = beyond <= 0 || width === 0 ? 1 : Math.exp(-beyond / width)
    })
  }
  return strengths
}

/** By bisection. */
function widthFor(distances: Float64Array, nearest: number, target: number): number {
  let [low, width, high] = [0, 1, Infinity]
  for (let turn = 0; turn < 64; turn++) {
    let sum = 0
    for (const distance of distances) sum += distance > nearest ? Math.exp(-(distance - nearest) / width) : 1
    if (Math.abs(sum - target) < 1e-5) break
    if (sum > target) high = width
    else low = width
    width = high === Infinity ? 2 * width : (low + high) / 2
  }
  return width
}

/** Two points belong together as far as either says so, a + b − a b; without those too weak to be met once in so many epochs. */
function edgesOf(graph: NeighbourGraph, epochs: number): Edges {
  const { indices, count, k } = graph
  const strengths = memberships(graph)
  const [heads, tails, weights]: [number[], number[], number[]] = [[], [], []]
  for (let point = 0; point < count; point++) {
    for (let at = point * k; at < (point + 1) * k; at++) {
      const other = indices[at] as number
      const back = indices.subarray(other * k, (other + 1) * k).indexOf(point)
      if (back >= 0 && other < point) continue // met from the other side
      const [a, b] = [strengths[at] as number, back < 0 ? 0 : (strengths[other * k + back] as number)]
      heads.push(point, other)
      tails.push(other, point)
      weights.push(a + b - a * b, a + b - a * b)
    }
  }
  const most = weights.reduce((max, weight) => Math.max(max, weight), 0)
  const isMet = (_: unknown, edge: number) => (weights[edge] as number) >= most / epochs
  return {
    heads: Int32Array.from(heads.filter(isMet)),
    tails: Int32Array.from(tails.filter(isMet)),
    periods: Float64Array.from(weights.filter(isMet), (weight) => most / weight)
  }
}

interface Layout {
  edges: Edges
  /** Of each edge the epoch in which it is met next, and how many points its head has fled. */
  next: Float64Array
  fled: Float64Array
  places: Float64Array
  random: () => number
}

/** One epoch: ends of each edge that is met attract each other, and its head flees some points chosen by chance. */
function moveOnce({ edges, next, fled, places, random }: Layout, epoch: number, rate: number): void {
  const { heads, tails, periods } = edges
  const count = places.length / 2
  for (let edge = 0; edge < heads.length; edge++) {
    if ((next[edge] as number) > epoch) continue
    const period = periods[edge] as number
    next[edge] = (next[edge] as number) + period
    const [head, tail] = [2 * (heads[edge] as number), 2 * (tails[edge] as number)]
    attract(places, head, tail, rate)
    const all = Math.floor((NEGATIVE_SAMPLES * epoch) / period)
    for (let flight = fled[edge] as number; flight < all; flight++) {
      repel(places, head, 2 * Math.floor(random() * count), rate)
    }
    fled[edge] = all
  }
}

function attract(places: Float64Array, head: number, tail: number, rate: number): void {
  const dx = (places[head] as number) - (places[tail] as number)
  const dy = (places[head + 1] as number) - (places[tail + 1] as number)
  const square = dx * dx + dy * dy
  if (square === 0) return
  const power = CURVE.a * square ** CURVE.b
  const force = (-2 * CURVE.b * power) / (square * (1 + power))
  const [x, y] = [rate * clipped(force * dx), rate * clipped(force * dy)]
  places[head] = (places[head] as number) + x
  places[head + 1] = (places[head + 1] as number) + y
  places[tail] = (places[tail] as number) - x
  places[tail + 1] = (places[tail + 1] as number) - y
}

function repel(places: Float64Array, head: number, other: number, rate: number): void {
  if (head === other) return
  const dx = (places[head] as number) - (places[other] as number)
  const dy = (places[head + 1] as number) - (places[other + 1] as number)
  const square = dx * dx + dy * dy
  const force = (2 * CURVE.b) / ((0.001 + square) * (1 + CURVE.a * square ** CURVE.b))
  places[head] = (places[head] as number) + rate * (square > 0 ? clipped(force * dx) : STEEPEST)
  places[head + 1] = (places[head + 1] as number) + rate * (square > 0 ? clipped(force * dy) : STEEPEST)
}

const clipped = (value: number) => Math.max(-STEEPEST, Math.min(STEEPEST, value))
