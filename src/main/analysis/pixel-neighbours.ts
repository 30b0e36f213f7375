// Neighbours among the images themselves, by the matrix products of the CPU engine: a layer whose weights are images.
import type { ModelConfig } from '@shared/model'
import { checkedEngine } from '../trainer/engines/checked-session'
import { createCpuEngine } from '../trainer/engines/cpu/cpu-engine'
import type { Images } from '../trainer/engines/engine'
import { createNearest, type NeighbourGraph } from './neighbours'

/** Images that are compared with at once, and asked about at once. */
const BLOCK = 1000
const ASKED = 500

export interface PixelNeighbours {
  graph: NeighbourGraph
  /** For each of the given lists [count × k]: the place of each neighbour among the image's neighbours by pixels, from 1. */
  ranks: Int32Array[]
}

/**
 * The k nearest others of each image by its pixels, and where given neighbours stand among all others. They are found by float32 products,
 * squared distances within about 1e-4: a rank may be off by the few images that lie so close. The distances of the graph are exact.
 */
export async function pixelNeighbours(
  images: Images,
  k: number,
  given: readonly Int32Array[],
  threads: number,
  onPart: (share: number) => void
): Promise<PixelNeighbours> {
  const { count } = images
  const norms = squaredNorms(images)
  const thresholds = given.map((neighbours) => squaredDistances(images, neighbours))
  const ranks = given.map((neighbours) => new Int32Array(neighbours.length).fill(1))
  const nearest = createNearest(count, k)
  for (let first = 0; first < count; first += BLOCK) {
    const block = Math.min(BLOCK, count - first)
    const session = await openLayer(images, first, block, norms, threads)
    try {
      for (let asked = 0; asked < count; asked += ASKED) {
        const indices = Int32Array.from({ length: Math.min(ASKED, count - asked) }, (_, index) => asked + index)
        const [products = new Float32Array()] = (await session.forward(images, indices, ['code'])).code
        for (let row = 0; row < indices.length; row++) {
          const squares = products.subarray(row * block, (row + 1) * block)
          takeRow(asked + row, norms[asked + row] as number, first, squares)
        }
      }
    } finally {
      await session.close()
    }
    onPart((first + block) / count)
  }
  return { graph: exact(images, nearest.graph()), ranks }

  function takeRow(image: number, norm: number, first: number, squares: Float32Array): void {
    for (let i = 0; i < squares.length; i++) squares[i] = Math.max(0, norm - 2 * (squares[i] as number))
    if (image >= first && image < first + squares.length) squares[image - first] = Infinity
    for (let i = 0; i < squares.length; i++) {
      if ((squares[i] as number) < (nearest.worst[image] as number))
        nearest.offer(image, first + i, squares[i] as number)
    }
    if (given.length === 0) return
    const sorted = squares.sort()
    thresholds.forEach((of, list) => {
      const width = of.length / count
      const own = ranks[list] as Int32Array
      for (let at = image * width; at < (image + 1) * width; at++) {
        own[at] = (own[at] as number) + below(sorted, (of[at] as number) - TOLERANCE)
      }
    })
  }
}

/** The graph with its distances as the pixels, whole numbers, give them, and in their order. */
function exact(images: Images, { count, k, indices }: NeighbourGraph): NeighbourGraph {
  const squares = squaredDistances(images, indices)
  const sorted = createNearest(count, k)
  indices.forEach((other, at) => sorted.offer(Math.floor(at / k), other, squares[at] as number))
  return sorted.graph()
}

/** That a neighbour does not come before itself, its distance being rounded differently. */
const TOLERANCE = 2e-4

/** How many of the sorted values are below a limit. */
function below(sorted: Float32Array, limit: number): number {
  let [low, high] = [0, sorted.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((sorted[middle] as number) < limit) low = middle + 1
    else high = middle
  }
  return low
}

/** A session whose code of an image x is x·y − ½|y|² for each image y of the block. */
async function openLayer(images: Images, first: number, block: number, norms: Float64Array, threads: number) {
  const { pixels, size } = images
  const weights = new Float32Array(size * block)
  for (let y = 0; y < block; y++) {
    for (let i = 0; i < size; i++) weights[i * block + y] = (pixels[(first + y) * size + i] as number) / 255
  }
  const bias = Float32Array.from({ length: block }, (_, y) => -0.5 * (norms[first + y] as number))
  const model: ModelConfig = {
    id: 'images',
    label: 'images',
    rank: 0,
    value: block,
    layers: [
      { units: block, activation: 'linear' },
      { units: size, activation: 'sigmoid' }
    ],
    optimizer: 'adam',
    learningRate: 1,
    loss: 'mse',
    batchSize: 1,
    epochs: 1,
    seed: 0,
    initKey: 'images'
  }
  const tensors = [weights, bias, new Float32Array(block * size), new Float32Array(size)]
  const zeros = () => tensors.map((tensor) => new Float32Array(tensor.length))
  const session = await checkedEngine(createCpuEngine()).open({
    models: [model],
    train: images,
    device: 'cpu',
    threads
  })
  await session.load([{ id: model.id, weights: tensors, slots: [zeros(), zeros()], step: 0 }])
  return session
}

function squaredNorms({ pixels, count, size }: Images): Float64Array {
  return Float64Array.from({ length: count }, (_, image) => {
    let sum = 0
    for (let i = image * size; i < (image + 1) * size; i++) sum += (pixels[i] as number) ** 2
    return sum / (255 * 255)
  })
}

/** Of each image to each of its given neighbours, exact: the pixels are whole numbers. */
function squaredDistances({ pixels, count, size }: Images, neighbours: Int32Array): Float64Array {
  const k = neighbours.length / count
  return Float64Array.from(neighbours, (other, at) => {
    const image = Math.floor(at / k) * size
    let sum = 0
    for (let i = 0; i < size; i++) sum += ((pixels[image + i] as number) - (pixels[other * size + i] as number)) ** 2
    return sum / (255 * 255)
  })
}
