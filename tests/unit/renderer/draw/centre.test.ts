// Drawings centred as MNIST's digits are: MNIST's own test images are the reference.
import { beforeAll, expect, it } from 'vitest'
import { mnist } from '../../../../src/main/data/mnist'
import { centred, centreOfMass, inkBox, shrink } from '../../../../src/renderer/views/draw/centre'
import { blankInk, FINENESS, inkOf, layStroke, type Ink } from '../../../../src/renderer/views/draw/strokes'

const SIDE = 28
const SIZE = { width: SIDE, height: SIDE }
const COUNT = 200
let images: Float32Array[]

beforeAll(async () => {
  const { test } = await mnist.loadTestSet(mnist.folder())
  images = Array.from({ length: COUNT }, (_, index) =>
    Float32Array.from(test.pixels.subarray(index * test.size, (index + 1) * test.size), (value) => value / 255)
  )
})

/** The ink moved by so many values of its grid; what would leave it is lost. */
function movedInk({ width: side, height, values }: Ink, right: number, down: number): Ink {
  const moved = new Float32Array(values.length)
  values.forEach((value, index) => {
    const [x, y] = [(index % side) + right, Math.floor(index / side) + down]
    if (x >= 0 && y >= 0 && x < side && y < side) moved[y * side + x] = value
  })
  return { width: side, height, values: moved }
}

const meanDifference = (a: Float32Array, b: Float32Array) =>
  a.reduce((sum, value, pixel) => sum + Math.abs(value - (b[pixel] as number)), 0) / a.length

it('does to a drawing what was done to MNIST: its digits fill a box of 20 pixels around their centre of mass, by whole pixels', () => {
  for (const image of images) {
    const ink = { ...SIZE, values: image }
    const mass = centreOfMass(ink)
    const box = inkBox(ink) as NonNullable<ReturnType<typeof inkBox>>
    expect(Math.max(box.width, box.height)).toBe(20)
    expect([Math.floor(mass.x), Math.floor(mass.y)]).toEqual([14, 14])
  }
})

it('finds a digit of MNIST again wherever on the pad it was drawn', () => {
  let away = 0
  for (const image of images) {
    const { left, top } = inkBox({ ...SIZE, values: image }) as NonNullable<ReturnType<typeof inkBox>>
    const ink = movedInk(inkOf(image, SIZE), -left * FINENESS, (8 - top) * FINENESS)
    const back = centred(ink, SIZE)
    expect(meanDifference(back, image)).toBeLessThan(1e-5)
    away += meanDifference(shrink(ink, SIZE), image) / COUNT
  }
  expect(away).toBeGreaterThan(0.05)
})

it('makes of a small drawing in a corner a digit of full size in the middle', () => {
  const ink = blankInk(SIZE)
  layStroke(ink, { points: [{ x: 2, y: 2 }, { x: 2, y: 7 }], thickness: 1 }) // prettier-ignore
  const image = { ...SIZE, values: centred(ink, SIZE) }
  const { height } = inkBox(image) as NonNullable<ReturnType<typeof inkBox>>
  const mass = centreOfMass(image)
  expect(height).toBe(20)
  expect([Math.floor(mass.x), Math.round(100 * mass.y)]).toEqual([14, 1400])
})

it('shrinks by exact means, and leaves an empty pad empty', () => {
  const image = images[0] as Float32Array
  expect(meanDifference(shrink(inkOf(image, SIZE), SIZE), image)).toBeLessThan(1e-6)
  expect(centred(blankInk(SIZE), SIZE).every((value) => value === 0)).toBe(true)
})

it('fills an image that is not square as far as its shorter room allows, and puts the middle of the ink in the middle', () => {
  const size = { width: 20, height: 28 }
  const ink = blankInk(size)
  layStroke(ink, { points: [{ x: 1, y: 3 }, { x: 7, y: 3 }], thickness: 1 }) // prettier-ignore
  const image = { ...size, values: centred(ink, size) }
  const box = inkBox(image) as NonNullable<ReturnType<typeof inkBox>>
  expect(Math.abs(box.width - (20 * 20) / 28)).toBeLessThanOrEqual(1)
  const mass = centreOfMass(image)
  expect([Math.floor(mass.x), Math.floor(mass.y)]).toEqual([10, 14])
})
