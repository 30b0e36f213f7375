// Charts that wait to be drawn: as many behind a frame as fit into a budget, so that twelve of them never hold up the page.

const BUDGET_MILLISECONDS = 12
const waiting = new Set<() => void>()

/** Draws behind the next frame, or soon after where many wait. Asked again before that, it is drawn once. */
export function drawSoon(draw: () => void): void {
  if (waiting.size === 0) drawBehindFrame()
  waiting.add(draw)
}

export function forgetDrawing(draw: () => void): void {
  waiting.delete(draw)
}

/** Not in the frame: there the page's own layout and paint are due, and with the charts they would be one long task. */
function drawBehindFrame(): void {
  requestAnimationFrame(() => setTimeout(drawWaiting))
}

function drawWaiting(): void {
  const end = performance.now() + BUDGET_MILLISECONDS
  try {
    for (const draw of waiting) {
      waiting.delete(draw)
      draw()
      if (performance.now() >= end) break
    }
  } finally {
    if (waiting.size > 0) drawBehindFrame() // also if one of them throws
  }
}
