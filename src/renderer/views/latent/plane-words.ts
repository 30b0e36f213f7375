// What the axes of a plane of codes are.
import { formatPercent } from '@shared/format'
import type { CodeMapAt } from './use-code-map'

/** Of the horizontal and the vertical axis; empty where there is none, and of both while a wide code's plane is not known. */
export function axisNames(codeUnits: number, found: CodeMapAt | null): [string, string] {
  if (codeUnits <= 2) return ['unit 1', codeUnits === 2 ? 'unit 2' : '']
  const shares = found?.map.plane.shares
  if (!shares) return ['', '']
  const name = (index: 0 | 1) => `principal component ${index + 1}, ${formatPercent(shares[index])} of the variance`
  return [name(0), name(1)]
}
