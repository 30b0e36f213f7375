// Where a name can stand beside lines without lying on one.

export interface Box {
  left: number
  right: number
  top: number
  bottom: number
}

/** A line's vertices in order; one that is not a number interrupts it. */
export type Polyline = readonly { x: number; y: number }[]

/** The first box that no line crosses, else the one that the fewest pieces of lines cross; undefined without boxes. */
export function freeBox<Candidate extends Box>(
  boxes: readonly Candidate[],
  lines: readonly Polyline[]
): Candidate | undefined {
  let best: Candidate | undefined
  let fewest = Infinity
  for (const box of boxes) {
    const crossings = lines.reduce((sum, line) => sum + crossingsOf(line, box), 0)
    if (crossings >= fewest) continue
    best = box
    fewest = crossings
    if (crossings === 0) break
  }
  return best
}

/** Whether no line has a point inside the box. */
export function isFree(box: Box, lines: readonly Polyline[]): boolean {
  return !lines.some((line) => line.some((to, index) => crosses(line[index - 1] ?? to, to, box)))
}

/** Whether two boxes have no point in common. */
export function areApart(one: Box, other: Box): boolean {
  return one.right < other.left || other.right < one.left || one.bottom < other.top || other.bottom < one.top
}

function crossingsOf(line: Polyline, box: Box): number {
  return line.reduce((count, to, index) => count + Number(crosses(line[index - 1] ?? to, to, box)), 0)
}

/** Whether the straight piece, of one vertex a dot, has a point inside the box: its heights where it enters and leaves the box's width decide. */
function crosses(from: { x: number; y: number }, to: { x: number; y: number }, box: Box): boolean {
  const [first, last] = from.x <= to.x ? [from, to] : [to, from]
  if (first.x > box.right || last.x < box.left) return false
  const at = (x: number) =>
    last.x === first.x ? last.y : first.y + ((x - first.x) / (last.x - first.x)) * (last.y - first.y)
  const enters = at(Math.max(first.x, box.left))
  const leaves = at(Math.min(last.x, box.right))
  return Math.min(enters, leaves) <= box.bottom && Math.max(enters, leaves) >= box.top
}
