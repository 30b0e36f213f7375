// Where codes lie, and what the units of a code do. Codes are [count × units], one after another.
import { isDead } from '@shared/dead-units'
import { planeOf, project, type Plane } from '@shared/code-plane'

/** Of each unit over all codes. */
export interface UnitActivity {
  mean: Float32Array
  sd: Float32Array
  least: Float32Array
  greatest: Float32Array
}

export interface CodeMap {
  plane: Plane
  /** [count × 2]. */
  points: Float32Array
  units: UnitActivity
}

export function codeMap(codes: Float32Array, units: number): CodeMap {
  const plane = planeOf(codes, units)
  return { plane, points: project(codes, plane), units: unitActivity(codes, units) }
}

export function deadUnits({ sd }: UnitActivity): number[] {
  return [...sd.keys()].filter((unit) => isDead((sd[unit] as number) ** 2))
}

function unitActivity(codes: Float32Array, units: number): UnitActivity {
  const count = codes.length / units
  const of = (measure: (values: Float32Array) => number) =>
    Float32Array.from({ length: units }, (_, unit) => {
      const values = new Float32Array(count)
      for (let row = 0; row < count; row++) values[row] = codes[row * units + unit] as number
      return measure(values)
    })
  const meanOf = (values: Float32Array) => values.reduce((sum, value) => sum + value, 0) / count
  return {
    mean: of(meanOf),
    sd: of((values) => {
      const mean = meanOf(values)
      return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / count)
    }),
    least: of((values) => values.reduce((least, value) => Math.min(least, value), Infinity)),
    greatest: of((values) => values.reduce((most, value) => Math.max(most, value), -Infinity))
  }
}
