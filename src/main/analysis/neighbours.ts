// The nearest neighbours of every point, exactly: one graph a code set, which serves all that is said of neighbourhoods.

/** Points row by row: [count × size]. */
export interface Points {
  values: Float32Array | Float64Array
  count: number
  size: number
}

/** Of each point its `k` nearest others, nearest first: [count × k]. Of equally near ones that of the smaller index comes first. */
export interface NeighbourGraph {
  k: number
  count: number
  indices: Int32Array
  /** Euclidean. */
  distances: Float64Array
}

/** Collects the nearest of each point, whatever the order in which pairs come. */
export interface Nearest {
  /** Squared distances at or above which a pair is of no interest: [count]. */
  worst: Float64Array
  /** Offers `other`, at a squared distance below `worst[point]`. */
  offer(point: number, other: number, squared: number): void
  graph(): NeighbourGraph
}

export function createNearest(count: number, k: number): Nearest {
  const indices = new Int32Array(count * k).fill(-1)
  const squares = new Float64Array(count * k).fill(Infinity)
  const worst = new Float64Array(count).fill(Infinity)
  return {
    worst,
    offer(point, other, squared) {
      const first = point * k
      let at = first + k - 1
      while (at > first && comesBefore(squared, other, squares[at - 1] as number, indices[at - 1] as number)) {
        squares[at] = squares[at - 1] as number
        indices[at] = indices[at - 1] as number
        at -= 1
      }
      squares[at] = squared
      indices[at] = other
      worst[point] = squares[first + k - 1] as number
    },
    graph: () => ({ k, count, indices, distances: squares.map(Math.sqrt) })
  }
}

const comesBefore = (squared: number, other: number, thanSquared: number, thanOther: number) =>
  squared < thanSquared || (squared === thanSquared && other < thanOther)

/** Points of a block, whose products are computed while they lie in the processor's cache. */
const BLOCK = 64

/**
 * The exact graph, by comparing every pair once in float64. `k` is below the number of points. `onPart` hears the share that is done,
 * 0 to 1, again and again.
 */
export function nearestNeighbours({ values, count, size }: Points, k: number, onPart?: (share: number) => void) {
  const points = Float64Array.from(values)
  const nearest = createNearest(count, k)
  for (let first = 0; first < count; first += BLOCK) {
    const end = Math.min(first + BLOCK, count)
    for (let other = first; other < count; other += BLOCK) {
      comparePairs(points, size, [first, end], [other, Math.min(other + BLOCK, count)], nearest)
    }
    onPart?.(1 - ((count - end) / count) ** 2)
  }
  return nearest.graph()
}

type Range = readonly [first: number, end: number]

/** Offers each pair of a row and a later column to both. Four columns at a time: their sums stay in registers. */
function comparePairs(
  points: Float64Array,
  size: number,
  [row, rowEnd]: Range,
  [column, end]: Range,
  nearest: Nearest
) {
  const { worst, offer } = nearest
  for (let i = row; i < rowEnd; i++) {
    const ofRow = i * size
    let j = Math.max(column, i + 1)
    for (; j + 3 < end; j += 4) {
      const ofColumn = j * size
      let [a, b, c, d] = [0, 0, 0, 0]
      for (let at = 0; at < size; at++) {
        const x = points[ofRow + at] as number
        const toA = x - (points[ofColumn + at] as number)
        const toB = x - (points[ofColumn + size + at] as number)
        const toC = x - (points[ofColumn + 2 * size + at] as number)
        const toD = x - (points[ofColumn + 3 * size + at] as number)
        a += toA * toA
        b += toB * toB
        c += toC * toC
        d += toD * toD
      }
      const most = worst[i] as number
      if (a < most) offer(i, j, a)
      if (b < (worst[i] as number)) offer(i, j + 1, b)
      if (c < (worst[i] as number)) offer(i, j + 2, c)
      if (d < (worst[i] as number)) offer(i, j + 3, d)
      if (a < (worst[j] as number)) offer(j, i, a)
      if (b < (worst[j + 1] as number)) offer(j + 1, i, b)
      if (c < (worst[j + 2] as number)) offer(j + 2, i, c)
      if (d < (worst[j + 3] as number)) offer(j + 3, i, d)
    }
    for (; j < end; j++) {
      let sum = 0
      for (let at = 0; at < size; at++) {
        const difference = (points[ofRow + at] as number) - (points[j * size + at] as number)
        sum += difference * difference
      }
      if (sum < (worst[i] as number)) offer(i, j, sum)
      if (sum < (worst[j] as number)) offer(j, i, sum)
    }
  }
}
