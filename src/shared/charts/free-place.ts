// Where a name can stand beside lines without lying on one.

export interface Place {
  left: number
  right: number
  top: number
  bottom: number
}

/** A line's vertices in order; one that is not a number interrupts it. */
export type Polyline = readonly { x: number; y: number }[]

/** The first place that no line crosses, else the one that the fewest pieces of lines cross; undefined without places. */
export function freePlace<Candidate extends Place>(
  places: readonly Candidate[],
  lines: readonly Polyline[]
): Candidate | undefined {
  let best: Candidate | undefined
  let fewest = Infinity
  for (const place of places) {
    const crossings = lines.reduce((sum, line) => sum + crossingsOf(line, place), 0)
    if (crossings >= fewest) continue
    best = place
    fewest = crossings
    if (crossings === 0) break
  }
  return best
}

function crossingsOf(line: Polyline, place: Place): number {
  let count = 0
  for (let index = 0; index < line.length; index++) {
    const to = line[index]
    const from = line[index - 1] ?? to // a line of one vertex is a dot
    if (from && to && crosses(from, to, place)) count++
  }
  return count
}

/** Whether the straight piece has a point inside the place: its heights where it enters and leaves the place's width decide. */
function crosses(from: { x: number; y: number }, to: { x: number; y: number }, place: Place): boolean {
  const [first, last] = from.x <= to.x ? [from, to] : [to, from]
  if (first.x > place.right || last.x < place.left) return false
  const at = (x: number) =>
    last.x === first.x ? last.y : first.y + ((x - first.x) / (last.x - first.x)) * (last.y - first.y)
  const enters = at(Math.max(first.x, place.left))
  const leaves = at(Math.min(last.x, place.right))
  return Math.min(enters, leaves) <= place.bottom && Math.max(enters, leaves) >= place.top
}
