// The plane of codes: two units as they are, more by principal components; what a unit does.
import { EigenvalueDecomposition, Matrix } from 'ml-matrix'
import { expect, it } from 'vitest'
import { codeMap, deadUnits } from '../../../../src/renderer/models/code-map'
import { unitVariances } from '../../../../src/main/analysis/spectrum'
import { codesAt, project } from '../../../../src/shared/code-plane'
import { isDead } from '../../../../src/shared/dead-units'
import { randomStream } from '../../../../src/shared/random'

const COUNT = 2000
const UNITS = 5
/** Along known directions: variance 9 along (1, 1, 0, 0, 0) / √2, 4 along unit 3, 0.01 elsewhere, unit 5 always 0.25. */
function knownCodes(): Float32Array {
  const random = randomStream('codes')
  const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
  const codes = new Float32Array(COUNT * UNITS)
  for (let row = 0; row < COUNT; row++) {
    const [along, across] = [3 * normal(), 0.1 * normal()]
    const [a, b] = [(along + across) / Math.SQRT2, (along - across) / Math.SQRT2]
    codes.set([1 + a, b, 2 * normal(), 0.1 * normal(), 0.25], row * UNITS)
  }
  return codes
}

it('a code of two units is its own plane', () => {
  const codes = Float32Array.of(1, 2, -3, 0.5)
  const { plane, points } = codeMap(codes, 2)
  expect([...points]).toEqual([...codes])
  expect(plane.shares).toBeNull()
  expect([...codesAt(plane, Float32Array.of(7, -8))]).toEqual([7, -8])
  expect([...codeMap(Float32Array.of(4, 5), 1).points]).toEqual([4, 0, 5, 0])
})

it('finds the directions and shares of variance that the codes were made with', () => {
  const { plane, points } = codeMap(knownCodes(), UNITS)
  const [first, second] = plane.axes
  for (const [unit, part] of [Math.SQRT1_2, Math.SQRT1_2, 0, 0, 0].entries()) expect(first[unit]).toBeCloseTo(part, 1)
  expect(second[2]).toBeCloseTo(1, 2)
  expect(plane.shares?.[0]).toBeCloseTo(9 / 13.02, 1)
  expect(plane.shares?.[1]).toBeCloseTo(4 / 13.02, 1)
  const variance = (offset: number) =>
    points.reduce((sum, value, index) => sum + (index % 2 === offset ? value * value : 0), 0) / COUNT
  expect(variance(0) / variance(1)).toBeCloseTo((plane.shares?.[0] ?? 0) / (plane.shares?.[1] ?? 1), 3)
})

it('agrees with the decomposition of the covariance by definition', () => {
  const codes = knownCodes()
  const rows = Array.from({ length: COUNT }, (_, row) => [...codes.subarray(row * UNITS, (row + 1) * UNITS)])
  const matrix = new Matrix(rows)
  const centred = matrix.subRowVector(matrix.mean('column'))
  const covariance = centred.transpose().mmul(centred).div(COUNT)
  const values = new EigenvalueDecomposition(covariance).realEigenvalues.sort((a, b) => b - a)
  const total = values.reduce((sum, value) => sum + value, 0)
  expect(codeMap(codes, UNITS).plane.shares?.[0]).toBeCloseTo((values[0] ?? 0) / total, 5)
})

it('a point of the plane and its code are each other’s', () => {
  const { plane, points } = codeMap(knownCodes(), UNITS)
  const back = project(codesAt(plane, points.subarray(0, 20)), plane)
  back.forEach((value, index) => expect(value).toBeCloseTo(points[index] ?? NaN, 4))
})

it('counts a unit that is always the same as dead', () => {
  const { units } = codeMap(knownCodes(), UNITS)
  expect(deadUnits(units)).toEqual([4])
  expect(units.mean[4]).toBe(0.25)
  expect(units.sd[2]).toBeCloseTo(2, 0)
})

it('counts as dead what the analysis does: a unit whose variance is below one in a million', () => {
  const values = [0.9e-3, 1.1e-3].flatMap((half) => [[half, -half]])
  const codes = Float32Array.from({ length: 4 * COUNT }, (_, at) => values[Math.floor(at / (2 * COUNT))]?.[at % 2] ?? 0)
  const dead = [0, 1].map((part) => {
    const one = codes.subarray(2 * COUNT * part, 2 * COUNT * (part + 1))
    return [deadUnits(codeMap(one, 1).units), unitVariances({ values: one, count: 2 * COUNT, size: 1 }).map(isDead)]
  })
  expect(dead).toEqual([
    [[0], [true]],
    [[], [false]]
  ])
})

it('codes that are all the same have a plane nonetheless', () => {
  const { plane, points } = codeMap(new Float32Array(30), 3)
  expect(plane.shares).toEqual([0, 0])
  expect(points.every((value) => value === 0)).toBe(true)
})
