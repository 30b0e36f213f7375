// Labels beside the ends of lines: as near to the wanted heights as they can be without touching.

/**
 * Centres of labels of one `height` in [from, to], in the order of `wanted`, at least `height` apart;
 * where they need more room than there is, they share it evenly.
 */
export function spread(wanted: readonly number[], height: number, from: number, to: number): number[] {
  const order = wanted.map((_, index) => index).sort((a, b) => (wanted[a] ?? 0) - (wanted[b] ?? 0) || a - b)
  const gap = wanted.length > 1 ? Math.min(height, (to - from - height) / (wanted.length - 1)) : height
  const groups: { sum: number; members: number[] }[] = []
  for (const index of order) {
    groups.push({ sum: wanted[index] ?? 0, members: [index] })
    mergeTouching(groups, gap, from + height / 2, to - height / 2)
  }
  const centres = [...wanted]
  for (const group of groups) {
    const top = topOf(group, gap, from + height / 2, to - height / 2)
    group.members.forEach((member, i) => (centres[member] = top + i * gap))
  }
  return centres
}

type Group = { sum: number; members: number[] }

/** The first label's centre when the group sits around the mean of its wishes, kept inside [low, high]. */
function topOf({ sum, members }: Group, gap: number, low: number, high: number): number {
  const extent = (members.length - 1) * gap
  return Math.max(low, Math.min(sum / members.length - extent / 2, high - extent))
}

function mergeTouching(groups: Group[], gap: number, low: number, high: number): void {
  for (;;) {
    const last = groups[groups.length - 1]
    const before = groups[groups.length - 2]
    if (!last || !before) return
    const bottom = topOf(before, gap, low, high) + before.members.length * gap
    if (topOf(last, gap, low, high) >= bottom - 1e-9) return
    groups.splice(-2, 2, { sum: before.sum + last.sum, members: [...before.members, ...last.members] })
  }
}
